//! The demonstration: the whole booth with a simulated camera, a synthetic roster and a central
//! server in this process. Every screen and every submission says that it is simulated.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::camera::simulated::{Scene, SimulatedCamera, Simulation, Stage};
use crate::camera::{Camera as _, OpenCamera};
use crate::code::NumberHash;
use crate::code::mint::{self, Minted};
use crate::code::payload::Adapter;
use crate::config::{self, Config, Help, ServerAccess, ServerConfig};
use crate::office::Office;
use crate::operator::{Pins, Role};
use crate::photo::Check;
use crate::photo::runtime::places_around_the_program;
use crate::secret_file;
use crate::store::Parked;
use crate::submission::{CheckRecord, DeviceKey, Draft, PaymentTerms, ServerKey};
use crate::update::Exchange;
use crate::upload::policy::Answer;
use crate::upload::wire::Body;
use crate::upload::{HttpUploader, import_answer, items};
use crate::visit::{Imports, NumberForm, Payment, PaymentMode, PhoneStep, State, Steps, Typed};

pub use desk::Reviewer;
pub use draft::draft;
pub use live::{Phones, SMS_CODE};
pub use server::{DemoServer, Fault};

mod desk;
mod draft;
pub mod headless;
mod ledger;
mod live;
pub mod preview;
mod registry;
pub mod server;
pub mod stick;
pub mod tour;

/// Everything a demonstration needs, in a folder that is deleted with it unless it is to be kept.
pub struct Demo {
    pub config: Arc<Config>,
    pub server: DemoServer,
    pub stage: Stage,
    /// Whether the next student is the one before.
    pub stays: Stays,
    students: Vec<Minted>,
    _folder: Option<TempDir>,
}

/// Enough to try the booth with.
pub const STUDENTS: u64 = 24;

impl Demo {
    /// With a roster of this many students.
    pub fn set_up(students: u64) -> Result<Self> {
        Self::set_up_in(None, students)
    }

    /// In a folder whose data, keys and log are kept, or in one of its own.
    pub fn set_up_in(keep: Option<&Path>, students: u64) -> Result<Self> {
        let own = match keep {
            None => Some(tempfile::Builder::new().prefix("szz-kiosk-demo-").tempdir()?),
            Some(_) => None,
        };
        let folder = own.as_ref().map(TempDir::path).or(keep).context("a demonstration has a folder")?;
        if folder.join("data").exists() {
            bail!("{} already holds a booth's data: name an empty folder", folder.display());
        }
        let mut config = Self::settings(folder)?;
        let students = enrol(students);
        let office = Office::open(&config)?;
        let roster: Vec<_> =
            students.iter().map(|minted| (minted.payload.digest(), minted.enrolment.clone())).collect();
        office.store.replace_roster(&roster)?;

        let pins = Pins::in_folder(&config.secrets);
        pins.set(Role::Staff, STAFF_PIN)?;
        pins.set(Role::Supervisor, SUPERVISOR_PIN)?;

        let server_key = DeviceKey::create(&folder.join("server.key"), config.signature)?;
        let token_file = token_file(&config);
        secret_file::create_key(&token_file)?;
        let server = DemoServer::start(server_key, &secret_file::load_text(&token_file)?)?;
        server.register(&config.kiosk_id, office.key.public());
        config.server = Some(ServerConfig {
            bundle_key: Some(server.bundle_key()),
            ..way_to(server.base_url(), server.public_key(), &config)
        });
        Ok(Self {
            config: Arc::new(config),
            server,
            stage: Stage::default(),
            stays: Stays::default(),
            students,
            _folder: own,
        })
    }

    /// Those of a booth in this folder, without a server.
    fn settings(folder: &Path) -> Result<Config> {
        let example = places_around_the_program()
            .into_iter()
            .map(|place| place.join("kiosk-config/kiosk.toml"))
            .find(|path| path.is_file())
            .context("kiosk-config/kiosk.toml is not beside the program: reinstall it")?;
        let mut config = config::load(&example)?;
        config.kiosk_id = "demo".to_owned();
        config.data = folder.join("data");
        config.secrets = folder.join("secrets");
        config.code = Adapter::Opaque;
        config.link_url = Some(LINK_URL.to_owned());
        config.steps = every_step();
        let media = folder.join("media");
        stick::write(&media.join("DEMO-STICK"))?;
        config.usb_folders = vec![media];
        config.update = Some(Exchange::in_folder(folder.join("update")));
        config.phone_page = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        config.help = Help {
            phone: Some("400-000-0000".to_owned()),
            hours: Some("8:30–17:30".to_owned()),
            wechat: Some("https://demo.invalid/service".to_owned()),
            mini_program: Some("https://demo.invalid/mini-program".to_owned()),
            notice: Some("今日采集时间 8:30–17:30，请提前打开采集码".to_owned()),
            notice_en: Some("Open today 8:30–17:30. Have your code ready.".to_owned()),
        };
        Ok(config)
    }

    pub fn open_camera(&self) -> OpenCamera {
        Arc::new(Simulation { stage: self.stage.clone(), fps: self.config.camera.fps })
    }

    /// Takes a background plate of the simulated booth, so that staff can take another one.
    pub fn take_plate(&mut self) -> Result<()> {
        let path = self.config.data.join("plate.png");
        let mut picture = image::RgbImage::default();
        SimulatedCamera::open(Stage::default(), self.config.camera.fps)?.next_picture(&mut picture)?;
        picture.save(&path)?;
        self.config = Arc::new(Config { plate: Some(path), ..self.config.as_ref().clone() });
        Ok(())
    }

    /// A queue with a past: records that were received, refused, or whose fee is due.
    pub fn fill_queue(&self, records: u64) -> Result<()> {
        let office = Office::open(&self.config)?;
        let portrait = stick::portrait()?;
        let started = Timestamp::now() - SignedDuration::from_mins(7 * records as i64 + 60);
        for number in 0..records {
            let now = started + SignedDuration::from_mins(7 * number as i64);
            let fee = PaymentTerms { fee_fen: 3000, mode: PaymentMode::Staff };
            let draft = Draft {
                kiosk_id: self.config.kiosk_id.clone(),
                payment: (number % 4 == 1).then_some(fee),
                checks: self.measured(),
                number_tail: Some(number_tail(number)),
                // Nobody who will come to this demonstration.
                ..draft(STUDENTS + number, portrait.clone(), now)
            };
            let id = office.store.append(&draft, &office.key, now)?.submission_id;
            if number % 9 == 2 {
                office.store.park(id, Parked::Rejected, "picture_mismatch")?;
            }
        }
        Ok(())
    }

    /// Photos that the server has had for long: they may be erased when this much time has passed.
    pub fn add_expiring(&self, photos: u64, time: Duration) -> Result<()> {
        let (Some(server), Some(days)) = (&self.config.server, self.config.retention_days) else { return Ok(()) };
        let received = Timestamp::now() - SignedDuration::from_hours(24 * i64::from(days)) + time;
        let office = Office::open(&self.config)?;
        let portrait = stick::portrait()?;
        for number in 0..photos {
            let draft = Draft {
                kiosk_id: self.config.kiosk_id.clone(),
                ..draft(EXPIRING + number, portrait.clone(), received)
            };
            office.store.append(&draft, &office.key, received)?;
        }
        let uploader = HttpUploader::of(server, office.key.public(), PATIENCE, PATIENCE)?;
        let waiting = office.store.next_batch(photos as usize, usize::MAX)?;
        let Answer::Http { body: Body::Results(answer), .. } =
            uploader.submit(uploader.pack(items(&office.store, waiting)?))
        else {
            bail!("the demonstration's server gives no receipts");
        };
        import_answer(&office.store, &answer, &server.public_key, received, |_| ())?;
        Ok(())
    }

    /// What might have been measured on a photo: all within the limits but one that a student may accept.
    fn measured(&self) -> Vec<CheckRecord> {
        let profile = &self.config.profile;
        let record = |check| {
            let (low, high) = profile.finding(check, 0.0).allowed;
            let measured = match (low.is_finite(), high.is_finite()) {
                (true, true) => (low + high) / 2.0,
                (true, false) => low * 1.25,
                (false, true) => high / 2.0,
                (false, false) => 0.0,
            };
            let is_over = check == Check::UnevenLight && high.is_finite();
            CheckRecord::from(&profile.finding(check, if is_over { high * 1.5 } else { measured }))
        };
        Check::ALL.into_iter().map(record).collect()
    }

    pub fn director(&self, pace: Pace) -> Director {
        Director {
            stage: self.stage.clone(),
            stays: self.stays.clone(),
            students: self.students.clone(),
            visits: 0,
            pace,
            shown: Cue::Nobody,
            cued_at: None,
        }
    }
}

fn token_file(config: &Config) -> PathBuf {
    config.secrets.join("server.token")
}

/// How a demonstration's booth reaches its server.
fn way_to(url: String, public_key: ServerKey, config: &Config) -> ServerConfig {
    ServerConfig {
        url,
        public_key,
        interval: Duration::from_secs(2),
        heartbeat: Some(Duration::from_secs(10)),
        access: ServerAccess { token_file: token_file(config), ..ServerAccess::default() },
        bundle_key: None,
    }
}

/// What opens operator mode; its keypad says so.
pub const STAFF_PIN: &str = "135790";
pub const SUPERVISOR_PIN: &str = "246801";
/// Every student of the demonstration has this 学号; the ribbon says so.
pub const STUDENT_NUMBER: &str = "19219639005";
/// What the scripted students type.
pub const PHONE: &str = "13800138000";
/// Leads nowhere: nobody is linked by the demonstration.
const LINK_URL: &str = "https://demo.invalid/link?c=";

fn enrol(students: u64) -> Vec<Minted> {
    // The hash is slow on purpose, so it is made once.
    let number = NumberHash::of(STUDENT_NUMBER, *b"demo, not secret");
    let student = |seed| {
        let mut minted = mint::mint(seed);
        minted.enrolment.student_number = Some(number.clone());
        minted
    };
    (0..students).map(student).collect()
}

/// The whole visit, so that every screen can be seen.
fn every_step() -> Steps {
    Steps {
        usb_stick: true,
        student_number: Some(NumberForm { shortest: 11, longest: 11, letters: false }),
        phone: PhoneStep::Sms,
        wechat: true,
        tips: true,
        backgrounds: vec![[255, 255, 255], [100, 197, 255], [240, 240, 240]],
        imports: Imports { stick: true, phone: true },
        payment: Payment { mode: PaymentMode::Online, fee_fen: 3000 },
    }
}

/// The last four digits of the 学号 of a student in a queue with a past; some have the same.
fn number_tail(number: u64) -> Typed {
    let mut tail = Typed::default();
    format!("{}", 9000 + number % 12).chars().for_each(|digit| tail.push(digit, 4));
    tail
}

/// Seed of the first student whose photo may be erased soon.
const EXPIRING: u64 = 1 << 32;

/// For a server in this process.
const PATIENCE: Duration = Duration::from_secs(10);

/// A code as large in the picture as a phone held at 15 cm shows it.
const MODULE_PX: u32 = 6;

/// How quick the simulated student is.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub finds_phone: Duration,
    pub raises_phone: Duration,
    pub takes_place: Duration,
}

impl Pace {
    pub const PERSON: Self = Self {
        finds_phone: Duration::from_millis(2000),
        raises_phone: Duration::from_millis(2500),
        takes_place: Duration::from_millis(3000),
    };
    pub const HURRIED: Self =
        Self { finds_phone: Duration::ZERO, raises_phone: Duration::ZERO, takes_place: Duration::ZERO };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cue {
    Nobody,
    Phone,
    Sitter,
}

/// Set when the student who was just here comes back.
#[derive(Clone, Default)]
pub struct Stays(Arc<AtomicBool>);

impl Stays {
    pub fn set(&self, stays: bool) {
        self.0.store(stays, Ordering::Relaxed);
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Puts before the simulated camera what a student would: a phone while the booth scans, themselves
/// while it frames.
pub struct Director {
    stage: Stage,
    stays: Stays,
    students: Vec<Minted>,
    visits: usize,
    pace: Pace,
    shown: Cue,
    cued_at: Option<Instant>,
}

impl Director {
    pub fn follow(&mut self, state: &State, now: Instant) {
        let cue = match state {
            State::Scan { .. } => Cue::Phone,
            State::Framing { .. } | State::Countdown { .. } | State::Developing { .. } => Cue::Sitter,
            _ => Cue::Nobody,
        };
        let cued_at = *self.cued_at.get_or_insert(now);
        if cue == self.shown {
            self.cued_at = None;
            return;
        }
        let pause = if cue == Cue::Phone { self.pace.finds_phone } else { Duration::ZERO };
        if now.saturating_duration_since(cued_at) < pause {
            return;
        }
        self.shown = cue;
        self.cued_at = None;
        self.stage.show(match cue {
            Cue::Nobody => Scene::Empty,
            Cue::Phone => {
                if !self.stays.take() {
                    self.visits += 1;
                }
                let student = &self.students[(self.visits - 1) % self.students.len()];
                let code = Arc::new(student.draw(MODULE_PX));
                Scene::Phone { code, since: now, moves_for: self.pace.raises_phone }
            }
            Cue::Sitter => Scene::Sitter { since: now, moves_for: self.pace.takes_place },
        });
    }
}
