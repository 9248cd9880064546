use std::process::ExitCode;

use clap::{Parser, Subcommand};
use szz_kiosk::command::{matte, photo};

/// 速证照 photo booth
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Photo(photo::PhotoArgs),
    Matte(matte::MatteArgs),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Photo(args) => photo::run(&args),
        Command::Matte(args) => matte::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("szz-kiosk: {error:#}");
        ExitCode::from(2)
    })
}
