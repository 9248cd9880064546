//! `szz-kiosk report`: what the booth did on one day.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use super::exit::Exit;
use super::queue_list;
use crate::config;
use crate::report::lines::{sections, yuan};
use crate::report::{self, DayReport};
use crate::visit::Language;

/// Say what the booth did on one day, in numbers and without names.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// Such as 2026-11-25 [default: today]
    #[arg(long)]
    day: Option<Date>,
    /// For a spreadsheet
    #[arg(long, conflicts_with_all = ["html", "json"])]
    csv: bool,
    /// A page to print
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// Of the words [default: the booth's]
    #[arg(long, value_enum)]
    language: Option<LanguageArg>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageArg {
    Zh,
    En,
}

pub fn run(args: &ReportArgs) -> Result<ExitCode> {
    let config = config::load(&args.config)?;
    let language = match args.language {
        None => config.language,
        Some(LanguageArg::Zh) => Language::Chinese,
        Some(LanguageArg::En) => Language::English,
    };
    let day = args.day.unwrap_or_else(|| report::today(Timestamp::now()));
    let hours = report::hours(day).with_context(|| format!("{day} is beyond the calendar"))?;
    let report = queue_list::open(&config)?.day_report(day, hours)?;
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else if args.csv {
        print!("{}", report::csv::write(&report, &config.kiosk_id, language));
    } else if args.html {
        print!("{}", report::html::write(&report, &config.kiosk_id, language));
    } else {
        print!("{}", plain(&report, language));
    }
    Ok(Exit::Done.into())
}

/// For a terminal: numbers first, since labels have no common width in Chinese.
fn plain(report: &DayReport, language: Language) -> String {
    let mut text = format!("{}\n", report.day);
    for section in sections(report, language) {
        text += &format!("\n{}\n", section.title);
        for line in section.lines {
            let amount = line.fen.map(|fen| format!("  ¥{}", yuan(fen))).unwrap_or_default();
            text += &format!("{:>8}  {}{amount}\n", line.number, line.label);
        }
    }
    text
}
