//! `szz-kiosk operator`: the PINs of operator mode. Whoever may read the booth's secrets may set them, so the
//! first PIN, and one that nobody remembers, is set here.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::exit::Exit;
use super::secret_line;
use crate::config;
use crate::office::Office;
use crate::operator::{Action, Pins, Role};

/// Set the PINs that staff open operator mode with.
#[derive(Debug, Args)]
pub struct OperatorArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set a role's PIN, read twice from the terminal or once from a pipe, and forgive wrong tries
    SetPin {
        /// The booth's settings
        #[arg(long)]
        config: PathBuf,
        /// Whose PIN
        #[arg(long, value_enum)]
        role: RoleArg,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArg {
    /// Beside the booth every day
    Staff,
    /// Answers for personal data and money
    Supervisor,
}

pub fn run(args: &OperatorArgs) -> Result<ExitCode> {
    let Command::SetPin { config, role, json } = &args.command;
    let role = match role {
        RoleArg::Staff => Role::Staff,
        RoleArg::Supervisor => Role::Supervisor,
    };
    let config = config::load(config)?;
    let office = Office::open(&config)?;
    let pin = read_pin()?;
    let pins = Pins::in_folder(&config.secrets);
    pins.check(role, &pin)?;
    office.note_command(Timestamp::now(), Action::change_pin_of(role).name(), role.name())?;
    pins.set(role, &pin)?;
    if *json {
        println!("{}", serde_json::json!({ "role": role.name(), "pin_set": true }));
    } else {
        println!("The PIN of {} is set.", role.name());
    }
    Ok(Exit::Done.into())
}

/// Typed twice, or once from a pipe.
fn read_pin() -> Result<Zeroizing<String>> {
    let first = secret_line("New PIN, 6 to 12 digits: ")?;
    if io::stdin().is_terminal() && first != secret_line("Once more: ")? {
        bail!("these were two different PINs: nothing was changed");
    }
    Ok(first)
}
