//! `szz-kiosk scan`: what the code in a picture file says.
//!
//! The only place that shows a payload, because that is what it was asked for; it goes to stdout
//! and nowhere else. With a booth's settings it also says what that booth makes of the code.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::exit::Exit;
use crate::code::Payload;
use crate::code::payload::{Adapter, Rejected};
use crate::code::reader::{Budget, Decoder, Reader, Reading};
use crate::config;
use crate::photo::decode::{PictureError, open_picture};

/// Read the QR code in picture files.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Pictures, each with one code
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// A booth's settings: say what it would make of the code, the roster left aside
    #[arg(long)]
    config: Option<PathBuf>,
    /// One JSON object per picture instead of a line of text
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    text: Option<&'a str>,
    decoder: Option<Decoder>,
    /// First digits of the code's SHA-256, as in a booth's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    several: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    ms: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Reads every picture; exit code 1 unless each of them shows one code that can be read.
pub fn run(args: &ScanArgs) -> Result<ExitCode> {
    let config = args.config.as_deref().map(config::load).transpose()?;
    let adapter = config.map(|config| config.code);
    let mut reader = Reader::new();
    let mut all_read = true;
    for file in &args.images {
        let started = Instant::now();
        let reading = read_file(file, &mut reader);
        let ms = (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
        all_read &= matches!(reading, Ok(Reading::One { .. }));
        let report = Report::new(file, &reading, adapter.as_ref(), ms);
        if args.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            println!("{}", report.line());
        }
    }
    Ok(Exit::done_if(all_read).into())
}

fn read_file(file: &Path, reader: &mut Reader) -> Result<Reading, PictureError> {
    let picture = image::DynamicImage::ImageRgb8(open_picture(file)?).into_luma8();
    Ok(reader.read(&picture, Budget::file(Instant::now())))
}

/// What a booth makes of a code before it asks the roster.
fn verdict(adapter: &Adapter, payload: &Payload) -> String {
    match adapter.decode(payload, Timestamp::now()) {
        Err(rejected) => format!("rejected: {rejected}"),
        Ok(decoded) => match decoded.whose(None) {
            Ok(_) => "accepted".to_owned(),
            Err(rejected) if adapter.asks_server(rejected) => "accepted if the roster or the server has it".to_owned(),
            Err(Rejected::NotInRoster) => "accepted if the roster has it".to_owned(),
            Err(rejected) => format!("rejected unless the roster has it: {rejected}"),
        },
    }
}

impl<'a> Report<'a> {
    fn new(file: &'a Path, reading: &'a Result<Reading, PictureError>, adapter: Option<&Adapter>, ms: f64) -> Self {
        let mut report =
            Self { file, text: None, decoder: None, digest: None, verdict: None, several: false, error: None, ms };
        match reading {
            Ok(Reading::Nothing) => {}
            Ok(Reading::One { payload, decoder }) => {
                report.text = Some(payload.expose());
                report.decoder = Some(*decoder);
                report.digest = Some(payload.digest().short());
                report.verdict = adapter.map(|adapter| verdict(adapter, payload));
            }
            Ok(Reading::Several) => report.several = true,
            Err(problem) => report.error = Some(problem.to_string()),
        }
        report
    }

    fn line(&self) -> String {
        let file = self.file.display();
        match (self.text, self.decoder, &self.error) {
            (Some(text), Some(decoder), _) => {
                // Control characters would let a code write over the terminal.
                let shown: String = text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
                let verdict = self.verdict.as_ref().map(|verdict| format!("\n  {verdict}")).unwrap_or_default();
                format!("{file}: {shown} ({}, {:.0} ms){verdict}", decoder.name(), self.ms)
            }
            (_, _, Some(error)) => format!("{file}: {error}"),
            _ if self.several => format!("{file}: more than one code; show one at a time"),
            _ => format!("{file}: no readable code ({:.0} ms)", self.ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(reading: Result<Reading, PictureError>) -> serde_json::Value {
        serde_json::to_value(Report::new(Path::new("a.png"), &reading, None, 1.5)).unwrap()
    }

    #[test]
    fn one_object_per_picture_says_what_happened() {
        let one = Reading::One { payload: Payload::new("hello\n".into()), decoder: Decoder::RxingInverted };
        assert_eq!(
            json(Ok(one)),
            serde_json::json!({
                "file": "a.png", "text": "hello\n", "decoder": "rxing_inverted", "digest": "5891b5b5", "ms": 1.5
            })
        );
        assert_eq!(
            json(Ok(Reading::Nothing)),
            serde_json::json!({"file": "a.png", "text": null, "decoder": null, "ms": 1.5})
        );
        assert_eq!(json(Ok(Reading::Several))["several"], true);
        assert!(json(Err(PictureError::Empty))["error"].is_string());
    }

    #[test]
    fn a_code_cannot_write_over_the_terminal() {
        let reading = Ok(Reading::One { payload: Payload::new("\u{1b}[2J\r".into()), decoder: Decoder::Rxing });
        assert!(!Report::new(Path::new("a.png"), &reading, None, 1.0).line().contains(['\u{1b}', '\r']));
    }
}
