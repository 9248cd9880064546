//! `szz-kiosk photo`: picture files in, portraits by the standard out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::{ModelArgs, named_after};
use crate::config;
use crate::photo::decode::open_picture;
use crate::photo::develop::{Developed, Developer, Timings};
use crate::photo::standard::PhotoProfile;
use crate::photo::{Check, Finding, Geometry};
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
    Retake,
    Error,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    file: &'a Path,
    verdict: Verdict,
    reasons: Vec<Reason>,
    output: Option<Output>,
    geometry: Option<Geometry>,
    timings_ms: Timings,
}

#[derive(Debug, Serialize)]
struct Reason {
    /// `None` when the picture could not be judged at all.
    check: Option<Check>,
    measured: Option<f32>,
    /// Lowest and highest; `None` where there is no such limit.
    allowed: Option<[Option<f32>; 2]>,
    message: String,
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
    let mut developer = Developer::load(&args.models.loader()?)?;
    let mut all_judged = true;
    for file in &args.images {
        let report = judge(file, &args.out, &mut developer, &profile)?;
        all_judged &= report.verdict != Verdict::Error;
        if args.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            print_line(&report);
        }
    }
    Ok(if all_judged { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn judge<'a>(file: &'a Path, out: &Path, developer: &mut Developer, profile: &PhotoProfile) -> Result<Report<'a>> {
    let started = Instant::now();
    let still = match open_picture(file) {
        Ok(still) => still,
        Err(error) => {
            let reason = Reason { check: None, measured: None, allowed: None, message: error.to_string() };
            let timings_ms = Timings { total: ms_since(started), ..Timings::default() };
            return Ok(Report {
                file,
                verdict: Verdict::Error,
                reasons: vec![reason],
                output: None,
                geometry: None,
                timings_ms,
            });
        }
    };
    let decode = ms_since(started);
    let developed = developer.develop(&still, profile)?;
    let timings_ms = Timings { decode, total: ms_since(started), ..developed.timings };
    let reasons = developed.failed().map(Reason::from).collect();
    let output = write_portrait(&developed, file, out)?;
    let verdict = if developed.passed() { Verdict::Pass } else { Verdict::Retake };
    Ok(Report { file, verdict, reasons, output, geometry: developed.geometry, timings_ms })
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

impl From<&Finding> for Reason {
    fn from(finding: &Finding) -> Self {
        let limit = |value: f32| value.is_finite().then_some(value);
        Self {
            check: Some(finding.check),
            measured: Some(finding.measured),
            allowed: Some([limit(finding.allowed.0), limit(finding.allowed.1)]),
            message: sentences::retake(Language::English, finding),
        }
    }
}

fn print_line(report: &Report) {
    let file = report.file.display();
    let reasons: Vec<_> = report.reasons.iter().map(|reason| reason.message.as_str()).collect();
    match (&report.output, report.verdict) {
        (Some(output), Verdict::Pass) => println!(
            "{file}: {} ({} bytes, quality {}, {:.0} ms)",
            output.path.display(),
            output.bytes,
            output.quality,
            report.timings_ms.total
        ),
        _ => println!("{file}: {}", reasons.join(" ")),
    }
}

fn ms_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}
