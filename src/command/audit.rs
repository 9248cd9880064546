//! `szz-kiosk audit`: what operators did at this booth, and whether the log of it is whole.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use super::exit::Exit;
use super::queue_list;
use crate::config;
use crate::office::Office;

/// Show or verify the log of what operators did.
#[derive(Debug, Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// The newest entries, newest first
    Show(ShowArgs),
    /// Whether every entry is signed by this booth and none is missing
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// How many
    #[arg(long, default_value_t = 50)]
    count: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct VerifyArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// The outcome as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &AuditArgs) -> Result<ExitCode> {
    match &args.command {
        AuditCommand::Show(args) => show(args),
        AuditCommand::Verify(args) => verify(args),
    }
}

fn show(args: &ShowArgs) -> Result<ExitCode> {
    let entries = queue_list::open(&config::load(&args.config)?)?.audit_entries(None, args.count)?;
    if entries.is_empty() && !args.json {
        println!("none");
    }
    for entry in entries {
        if args.json {
            println!("{}", serde_json::to_string(&entry)?);
        } else {
            println!(
                "{:>6}  {}  {:<12}  {:<14}  {}",
                entry.sequence, entry.at, entry.actor, entry.action, entry.subject
            );
        }
    }
    Ok(Exit::Done.into())
}

/// Exit code 1 when the log is not sound.
fn verify(args: &VerifyArgs) -> Result<ExitCode> {
    // What guards the end of the log is not there for those who only look.
    let office = Office::open_existing(&config::load(&args.config)?)?.context(queue_list::NO_QUEUE)?;
    let outcome = office.store.verify_audit_log(office.key.public())?;
    if args.json {
        let problem = outcome.as_ref().err().map(ToString::to_string);
        println!("{}", serde_json::json!({ "entries": outcome.as_ref().ok(), "problem": problem }));
    } else {
        match &outcome {
            Ok(entries) => println!("all sound; entries: {entries}"),
            Err(error) => println!("{error}"),
        }
    }
    Ok(Exit::done_if(outcome.is_ok()).into())
}
