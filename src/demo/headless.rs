//! `demo --headless`: scripted students go through the booth without a window. The same visit,
//! workers, models, store and upload as in the booth; only the touches come from a script.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::Serialize;

use super::{Demo, Director, PHONE, Pace, Phones, SMS_CODE, STUDENT_NUMBER};
use crate::booth::Booth;
use crate::camera::OpenCamera;
use crate::config::Config;
use crate::gauge::{ms, percentile};
use crate::office::Office;
use crate::visit::{Event, Key, Language, Lookup, Patience, Sms, State};
use crate::{camera, log, process};

/// What a run has shown.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub visits: u64,
    /// Visits that ended with a stored submission.
    pub saved: u64,
    /// Submissions the server gave a receipt for.
    pub acknowledged: u64,
    /// Saved but neither acknowledged nor still in the queue.
    pub lost: u64,
    pub shutter_to_review_ms: Percentiles,
    pub program_ms_per_visit: Median,
    /// The same over the first and the last hundred visits.
    pub program_ms_first_hundred: Median,
    pub program_ms_last_hundred: Median,
    /// After the first visit, when everything has its size, and after the last.
    pub used_first: Used,
    pub used_settled: Used,
    pub used_last: Used,
}

/// What the process holds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Used {
    pub rss_mb: f64,
    pub threads: usize,
    /// Open files, sockets and pipes.
    pub handles: usize,
}

impl Used {
    fn now() -> Self {
        Self { rss_mb: process::resident_mb(), threads: process::threads(), handles: process::handles() }
    }
}

/// After so many visits nothing may grow any more.
const SETTLED: u64 = 200;
const HUNDRED: usize = 100;

#[derive(Debug, Serialize)]
pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
}

#[derive(Debug, Serialize)]
pub struct Median {
    pub p50: f64,
}

/// No step of the program may take longer.
const STEP: Duration = Duration::from_secs(30);
/// Under emulation.
const UNHURRIED_STEP: Duration = Duration::from_secs(600);

/// Scripted students do not dawdle: these waits are the script's, not the program's.
const STEADY: Duration = Duration::from_millis(100);
const COUNTDOWN: Duration = Duration::from_millis(100);

/// How the script is played.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub visits: u64,
    /// A real camera instead of the simulated one: somebody else stands before it.
    pub camera: Option<String>,
    /// Let every step take minutes, for an emulated machine.
    pub unhurried: bool,
    /// Where data, keys and log stay afterwards.
    pub keep: Option<PathBuf>,
}

pub fn run(script: &Script, mut report: impl FnMut(u64)) -> Result<Summary> {
    let visits = script.visits;
    let mut demo = Demo::set_up_in(script.keep.as_deref(), visits)?;
    log::write_into(&demo.config.data, demo.config.log);
    demo.server.keep_no_pictures();
    let mut student = Student::enter(&mut demo, script)?;

    let mut develop_times = Vec::new();
    let mut program_times = Vec::new();
    let (mut first, mut settled, mut last) = <(Used, Used, Used)>::default();
    let mut saved = 0;
    for visit in 1..=visits {
        develop_times.push(ms(student.visit()?));
        program_times.push(ms(student.program));
        saved += 1;
        last = Used::now();
        if visit == 1 {
            first = last;
        }
        if visit <= SETTLED {
            settled = last;
        }
        report(visit);
    }

    // A receipt that does not come is a finding, not an error: the summary shows it.
    let _ = student.wait_until("the receipts", |booth| booth.acknowledged() >= saved);
    drop(student);
    let counts = Office::open(&demo.config)?.store.counts()?;
    Ok(Summary {
        visits,
        saved,
        acknowledged: counts.acknowledged,
        lost: saved.saturating_sub(counts.acknowledged + counts.pending + counts.rejected + counts.conflict),
        shutter_to_review_ms: Percentiles { p50: percentile(&develop_times, 50), p95: percentile(&develop_times, 95) },
        program_ms_per_visit: median(&program_times),
        program_ms_first_hundred: median(&program_times[..program_times.len().min(HUNDRED)]),
        program_ms_last_hundred: median(&program_times[program_times.len().saturating_sub(HUNDRED)..]),
        used_first: first,
        used_settled: settled,
        used_last: last,
    })
}

/// One pair of hands at the booth.
struct Student {
    booth: Booth,
    director: Director,
    /// Time of this visit that the program, not the person, took.
    program: Duration,
    /// No step may take longer.
    step: Duration,
}

impl Student {
    /// Opens the demo's booth, with the script's patience.
    fn enter(demo: &mut Demo, script: &Script) -> Result<Self> {
        let mut config = demo.config.as_ref().clone();
        config.patience = Patience { steady: STEADY, countdown: COUNTDOWN, ..Patience::default() };
        let step = if script.unhurried { UNHURRIED_STEP } else { STEP };
        if script.unhurried {
            config.patience = Patience { idle: step, developing: step, saving: step, ..config.patience };
        }
        let open_camera = match &script.camera {
            Some(device) => {
                config.camera.device.clone_from(device);
                camera::open_webcam(config.camera.clone())
            }
            None => demo.open_camera(),
        };
        demo.config = Arc::new(config);
        demo.server.phones(Phones::After(1));
        Self::at(demo.config.clone(), open_camera, demo.director(Pace::HURRIED), step)
    }

    /// At the booth with these settings, when its camera runs.
    fn at(config: Arc<Config>, open_camera: OpenCamera, director: Director, step: Duration) -> Result<Self> {
        let booth = Booth::open(config, open_camera, true, Arc::new(|| ()), Instant::now())?;
        let mut student = Self { booth, director, program: Duration::ZERO, step };
        student.wait_until("the camera gives pictures", |booth| booth.frames().newest().is_some())?;
        Ok(student)
    }

    /// From the welcome screen to Done. Returns the time from the shutter to the review screen.
    fn visit(&mut self) -> Result<Duration> {
        let developing = self.sit()?;
        self.submit()?;
        self.pay_and_leave()?;
        Ok(developing)
    }

    /// From the welcome screen to the review.
    fn sit(&mut self) -> Result<Duration> {
        self.program = Duration::ZERO;
        self.arrive()?;
        self.agree()?;
        self.touch(Event::Ready);
        // A machine that stands still for a moment passes these two unseen.
        let shoots =
            |state: &State| matches!(state, State::Countdown { .. } | State::Developing { .. } | State::Review { .. });
        self.program("Countdown", shoots)?;
        // Standing still is the sitter's part.
        self.program = self.program.saturating_sub(STEADY);
        let develops = |state: &State| matches!(state, State::Developing { .. } | State::Review { .. });
        self.pause("Developing", develops)?;
        self.program("Review", |state| matches!(state, State::Review { .. }))
    }

    /// Shows the code and proves who it is.
    fn arrive(&mut self) -> Result<()> {
        self.touch(Event::Start);
        self.program("Confirm", |state| matches!(state, State::Confirm { .. }))?;
        self.program("the lookup", |state| matches!(state, State::Confirm { lookup: Lookup::Done(_), .. }))?;
        self.touch(Event::ConfirmStudent);
        self.type_in(STUDENT_NUMBER);
        Ok(())
    }

    /// From the phone number to the tips.
    fn agree(&mut self) -> Result<()> {
        self.type_in(PHONE);
        self.touch(Event::Key(Key::Enter));
        self.program("the SMS", |state| matches!(state, State::SmsCode { sms: Sms::Sent, .. }))?;
        self.type_in(SMS_CODE);
        self.program("Agreement", |state| matches!(state, State::Agreement { .. }))?;
        self.touch(Event::TickAgreement(true));
        self.touch(Event::TickPhotoConsent(true));
        self.touch(Event::Agree(Language::Chinese));
        // Whose phone has scanned the claim at once is in the tips already.
        let has_claim = |state: &State| matches!(state, State::WeChat { claim: Some(_), .. } | State::Tips { .. });
        self.program("the claim", has_claim)?;
        self.touch(Event::Skip);
        Ok(())
    }

    /// From the review to the order number.
    fn submit(&mut self) -> Result<()> {
        self.touch(Event::Accept);
        self.touch(Event::Submit);
        // Or paid at once.
        self.program("Payment", |state| matches!(state, State::Payment { .. } | State::Done { .. }))?;
        Ok(())
    }

    /// From there to the welcome screen.
    fn pay_and_leave(&mut self) -> Result<()> {
        // Paying is the student's part.
        self.pause("Done", |state| matches!(state, State::Done { .. }))?;
        self.leave()
    }

    fn leave(&mut self) -> Result<()> {
        self.touch(Event::Start);
        // At once, unless something has broken meanwhile.
        self.wait_until("Welcome", |booth| matches!(booth.state(), State::Welcome))
    }

    fn type_in(&mut self, text: &str) {
        for key in text.chars() {
            self.touch(Event::Key(Key::Character(key)));
        }
    }

    fn touch(&mut self, event: Event) {
        let started = Instant::now();
        self.booth.send(event, started);
        self.program += started.elapsed();
        self.director.follow(self.booth.state(), Instant::now());
    }

    /// Waits for the program and counts the time as its own.
    fn program(&mut self, name: &'static str, reached: impl Fn(&State) -> bool) -> Result<Duration> {
        let taken = self.pause(name, reached)?;
        self.program += taken;
        Ok(taken)
    }

    fn pause(&mut self, name: &'static str, reached: impl Fn(&State) -> bool) -> Result<Duration> {
        let started = Instant::now();
        self.wait_until(name, |booth| reached(booth.state()))?;
        Ok(started.elapsed())
    }

    fn wait_until(&mut self, name: &'static str, reached: impl Fn(&Booth) -> bool) -> Result<()> {
        let started = Instant::now();
        while !reached(&self.booth) {
            if started.elapsed() > self.step {
                bail!("waited {} s for: {name}; the booth is in {:?}", self.step.as_secs(), self.booth.state());
            }
            self.booth.wait(Instant::now(), Duration::from_millis(20));
            self.director.follow(self.booth.state(), Instant::now());
        }
        tracing::debug!("reached {name}");
        Ok(())
    }
}

fn median(values: &[f64]) -> Median {
    Median { p50: percentile(values, 50) }
}

#[cfg(test)]
mod kills;
#[cfg(test)]
mod tests;
