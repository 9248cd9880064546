//! `szz-kiosk photo`: picture files in, portraits by the standard out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use image::RgbImage;
use serde::Serialize;

use super::exit::Exit;
use super::{ModelArgs, named_after};
use crate::config;
use crate::photo::decode::open_picture;
use crate::photo::develop::{Developed, Developer, Timings};
use crate::photo::standard::PhotoProfile;
use crate::photo::{self, Check, Finding, Geometry, Severity};
use crate::ui::strings::sentences;
use crate::visit::Language;

/// Make portraits by the standard out of picture files.
#[derive(Debug, Args)]
pub struct PhotoArgs {
    /// Pictures, each with one person
    #[arg(required = true)]
    images: Vec<PathBuf>,
    /// Photo profile: a name from kiosk-config/profiles, or a file
    #[arg(long, default_value = "national")]
    profile: String,
    /// Picture of the empty booth, taken with the same camera in the same mode
    #[arg(long)]
    plate: Option<PathBuf>,
    /// Folder for the portraits
    #[arg(long)]
    out: PathBuf,
    /// One JSON object per picture instead of a line of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    models: ModelArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Pass,
    Warn,
    Retake,
    Error,
}

impl From<photo::Verdict> for Verdict {
    fn from(verdict: photo::Verdict) -> Self {
        match verdict {
            photo::Verdict::Pass => Self::Pass,
            photo::Verdict::Warn => Self::Warn,
            photo::Verdict::Retake => Self::Retake,
        }
    }
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    file: &'a Path,
    verdict: Verdict,
    /// Every check, in the same order for every picture.
    checks: Vec<CheckReport>,
    /// The failed ones, those that block first.
    reasons: Vec<CheckReport>,
    output: Option<Output>,
    geometry: Option<Geometry>,
    /// Why the background plate was not used, in words.
    plate_misfit: Option<String>,
    timings_ms: Timings,
}

#[derive(Clone, Debug, Serialize)]
struct CheckReport {
    /// `None` when the picture could not be judged at all.
    check: Option<Check>,
    /// `None` when there was nothing to measure.
    measured: Option<f32>,
    /// Lowest and highest; `None` where there is no such limit.
    allowed: Option<[Option<f32>; 2]>,
    severity: Option<Severity>,
    /// `None` when the picture did not get as far as this check.
    passed: Option<bool>,
    message: String,
    message_zh: String,
}

#[derive(Debug, Serialize)]
struct Output {
    path: PathBuf,
    bytes: usize,
    width: u32,
    height: u32,
    quality: u8,
}

pub fn run(args: &PhotoArgs) -> Result<ExitCode> {
    let profile = config::find_profile(&args.profile)?;
    fs::create_dir_all(&args.out).with_context(|| format!("cannot make the folder {}", args.out.display()))?;
    let plate = args.plate.as_deref().map(open_picture).transpose().context("the background plate")?;
    let mut developer = Developer::load(&args.models.loader()?)?;
    let mut all_judged = true;
    for file in &args.images {
        let report = judge(file, &args.out, &mut developer, plate.as_ref(), &profile)?;
        all_judged &= report.verdict != Verdict::Error;
        if args.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            print_line(&report);
            if let Some(misfit) = &report.plate_misfit {
                eprintln!("{}: done without the plate: {misfit}", file.display());
            }
        }
    }
    Ok(Exit::done_if(all_judged).into())
}

fn judge<'a>(
    file: &'a Path,
    out: &Path,
    developer: &mut Developer,
    plate: Option<&RgbImage>,
    profile: &PhotoProfile,
) -> Result<Report<'a>> {
    let started = Instant::now();
    let still = match open_picture(file) {
        Ok(still) => still,
        Err(error) => {
            let reason = CheckReport::unreadable(error.to_string());
            let timings_ms = Timings { total: ms_since(started), ..Timings::default() };
            return Ok(Report {
                file,
                verdict: Verdict::Error,
                checks: Vec::new(),
                reasons: vec![reason],
                output: None,
                geometry: None,
                plate_misfit: None,
                timings_ms,
            });
        }
    };
    let decode = ms_since(started);
    let developed = developer.develop(&still, plate, profile)?;
    let timings_ms = Timings { decode, total: ms_since(started), ..developed.timings };
    let checks = Check::ALL.map(|check| CheckReport::of(check, &developed, profile)).to_vec();
    let warnings = developed.findings.iter().filter(|finding| finding.warns());
    let reasons = developed.failed().chain(warnings).map(CheckReport::from).collect();
    let output = write_portrait(&developed, file, out)?;
    let verdict = developed.verdict().into();
    let plate_misfit = developed.misfit.map(|misfit| misfit.to_string());
    Ok(Report { file, verdict, checks, reasons, output, geometry: developed.geometry, plate_misfit, timings_ms })
}

/// A picture that failed a check is written too, to be looked at, under a name that says so.
fn write_portrait(developed: &Developed, file: &Path, out: &Path) -> Result<Option<Output>> {
    let Some(portrait) = &developed.portrait else { return Ok(None) };
    let path = named_after(file, out, if developed.passed() { "jpg" } else { "retake.jpg" });
    fs::write(&path, portrait.jpeg.as_slice()).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Some(Output {
        path,
        bytes: portrait.jpeg.len(),
        width: portrait.pixels.width(),
        height: portrait.pixels.height(),
        quality: portrait.quality,
    }))
}

impl CheckReport {
    fn unreadable(message: String) -> Self {
        Self {
            check: None,
            measured: None,
            allowed: None,
            severity: None,
            passed: None,
            message_zh: message.clone(),
            message,
        }
    }

    /// Also when the picture did not get as far as this check.
    fn of(check: Check, developed: &Developed, profile: &PhotoProfile) -> Self {
        match developed.findings.iter().find(|finding| finding.check == check) {
            Some(finding) => finding.into(),
            None => Self { passed: None, ..Self::from(&profile.finding(check, f32::NAN)) },
        }
    }
}

impl From<&Finding> for CheckReport {
    fn from(finding: &Finding) -> Self {
        let number = |value: f32| value.is_finite().then_some(value);
        let message = |language| match finding.passed() {
            true => sentences::passed(language, finding),
            false => sentences::retake(language, finding),
        };
        Self {
            check: Some(finding.check),
            measured: number(finding.measured),
            allowed: Some([number(finding.allowed.0), number(finding.allowed.1)]),
            severity: Some(finding.severity),
            passed: Some(finding.passed()),
            message: message(Language::English),
            message_zh: message(Language::Chinese),
        }
    }
}

fn print_line(report: &Report) {
    let file = report.file.display();
    let reasons: Vec<_> = report.reasons.iter().map(|reason| reason.message.as_str()).collect();
    match (&report.output, report.verdict) {
        (Some(output), Verdict::Pass | Verdict::Warn) => println!(
            "{file}: {} ({} bytes, quality {}, {:.0} ms){}",
            output.path.display(),
            output.bytes,
            output.quality,
            report.timings_ms.total,
            reasons.iter().map(|reason| format!("\n  {reason}")).collect::<String>()
        ),
        _ => println!("{file}: {}", reasons.join(" ")),
    }
}

fn ms_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}
