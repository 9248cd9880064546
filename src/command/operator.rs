//! `szz-kiosk operator`: the PINs of operator mode. Whoever may read the booth's secrets may set them, so the
//! first PIN, and one that nobody remembers, is set here.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::exit::Exit;
use crate::config;
use crate::office::Office;
use crate::operator::{Action, Pins, Role};
use crate::store::Noted;

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
    let Command::SetPin { config, role } = &args.command;
    let role = match role {
        RoleArg::Staff => Role::Staff,
        RoleArg::Supervisor => Role::Supervisor,
    };
    let config = config::load(config)?;
    let office = Office::open(&config)?;
    let pin = read_pin()?;
    let noted = Noted { actor: "command_line", action: Action::change_pin_of(role).name(), subject: role.name() };
    office.store.note_action(&office.key, Timestamp::now(), noted)?;
    Pins::in_folder(&config.secrets).set(role, &pin)?;
    println!("The PIN of {} is set.", role.name());
    Ok(Exit::Done.into())
}

/// Not shown while it is typed.
fn read_pin() -> Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        let mut line = Zeroizing::new(String::with_capacity(64));
        io::stdin().lock().read_line(&mut line).context("no PIN came")?;
        return Ok(Zeroizing::new(line.trim().to_owned()));
    }
    io::stdout().flush().ok();
    let first = Zeroizing::new(rpassword::prompt_password("New PIN, 6 to 12 digits: ")?);
    let again = Zeroizing::new(rpassword::prompt_password("Once more: ")?);
    if *first != *again {
        bail!("these were two different PINs: nothing was changed");
    }
    Ok(Zeroizing::new(first.trim().to_owned()))
}
