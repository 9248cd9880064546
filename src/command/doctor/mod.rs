//! `szz-kiosk doctor`: what IT looks at first. Looks only, takes no lock and changes nothing that is kept, so
//! that it may run beside the booth.

mod devices;
mod machine;
mod preview;
mod server;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::exit::Exit;
use super::progress::Progress;
use crate::config;

/// Check camera, models, live preview, disk, clock, server, certificates, database, keys, screen and sound.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// Measure the live preview in a full window, too: not while students are served
    #[arg(long)]
    window: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Mark {
    /// Not set up, or nothing to judge.
    Off,
    Well,
    /// Students can be served; somebody should look at it.
    Warning,
    /// Students cannot be served, or photos or data are in danger.
    Wrong,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Check {
    subject: &'static str,
    mark: Mark,
    found: String,
    /// What to do, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

impl Check {
    fn well(subject: &'static str, found: impl Into<String>) -> Self {
        Self { subject, mark: Mark::Well, found: found.into(), advice: None }
    }

    fn off(subject: &'static str, found: impl Into<String>) -> Self {
        Self { mark: Mark::Off, ..Self::well(subject, found) }
    }

    fn warning(subject: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { mark: Mark::Warning, advice: Some(advice.into()), ..Self::well(subject, found) }
    }

    fn wrong(subject: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { mark: Mark::Wrong, ..Self::warning(subject, found, advice) }
    }

    fn line(&self) -> String {
        let sign = match self.mark {
            Mark::Off => '–',
            Mark::Well => '✓',
            Mark::Warning => '!',
            Mark::Wrong => '✗',
        };
        let advice = self.advice.as_ref().map_or_else(String::new, |advice| format!("\n               → {advice}"));
        format!("{sign} {:<12} {}{advice}", self.subject, self.found)
    }
}

pub fn run(args: &DoctorArgs) -> Result<ExitCode> {
    let config = config::load(&args.config)?;
    let mut progress = Progress::new("checking");
    let figures = RefCell::new(None);
    let (camera_works, models_work) = (Cell::new(false), Cell::new(false));
    let steps: [&dyn Fn() -> Vec<Check>; 10] = [
        &|| {
            let (checks, can_be_used) = devices::camera(&config);
            camera_works.set(can_be_used);
            checks
        },
        &|| {
            let check = devices::models(&config);
            models_work.set(check.mark != Mark::Wrong);
            vec![check]
        },
        &|| {
            if !models_work.get() {
                return vec![Check::off("preview", "not measured: it needs the models")];
            }
            let measured = preview::measure(&config, camera_works.get(), args.window);
            let checks = preview::checks(&measured);
            *figures.borrow_mut() = measured.ok();
            checks
        },
        &|| machine::disk(&config),
        &|| machine::keys(&config),
        &|| machine::database(&config),
        &|| vec![machine::backups(&config), machine::sticks(&config)],
        &|| server::checks(&config),
        &|| vec![devices::screen(&config)],
        &|| vec![devices::sound(&config)],
    ];
    let mut checks = Vec::new();
    for (step, done) in steps.iter().zip(0..) {
        progress.at(done, Some(steps.len() as u64));
        checks.extend(step());
    }
    drop(progress);
    let is_well = checks.iter().all(|check| check.mark != Mark::Wrong);
    if args.json {
        println!(
            "{}",
            json!({
                "well": is_well,
                "version": crate::VERSION,
                "checks": checks,
                "preview": figures.into_inner(),
            })
        );
    } else {
        checks.iter().for_each(|check| println!("{}", check.line()));
    }
    Ok(Exit::done_if(is_well).into())
}
