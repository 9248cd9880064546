//! `szz-kiosk roster`: tells a booth whose codes it may serve. Replaces the roster as a whole, or, when
//! any file is wrong, changes nothing.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::exit::Exit;
use crate::code::RosterEntry;
use crate::config;
use crate::office::Office;

/// Replace the booth's roster with the entries of some files.
#[derive(Debug, Args)]
pub struct RosterArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// JSON: one entry (as mint-code writes it) or a list of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub fn run(args: &RosterArgs) -> Result<ExitCode> {
    let config = config::load(&args.config)?;
    let mut roster = HashMap::new();
    for file in &args.files {
        for entry in read(file)? {
            let known = roster.entry(entry.code_digest).or_insert_with(|| entry.enrolment.clone());
            if *known != entry.enrolment {
                bail!(
                    "{}: two entries have the same code but different enrolments: nothing was changed",
                    file.display()
                );
            }
        }
    }
    let roster: Vec<_> = roster.into_iter().collect();
    Office::open(&config)?.store.replace_roster(&roster)?;
    println!("{} students", roster.len());
    Ok(Exit::Done.into())
}

fn read(file: &Path) -> Result<Vec<RosterEntry>> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let entries = if text.trim_start().starts_with('[') {
        serde_json::from_str(&text)
    } else {
        serde_json::from_str(&text).map(|entry| vec![entry])
    };
    // The parser's own words may quote a student's data: only the place is named.
    entries.map_err(|error| {
        anyhow::anyhow!("{}: line {} is not a roster entry: nothing was changed", file.display(), error.line())
    })
}
