//! `szz-kiosk generate`: manual pages and shell completions, made from the command line itself, for packages; the
//! words of the screens for the settings.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Command, Subcommand};
use clap_complete::Shell;

use super::exit::Exit;
use crate::config::BoothTexts;

/// Make manual pages or shell completions for packages, or a list of the screens' words.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// For bash, zsh and fish
    Completions {
        /// Where to
        dir: PathBuf,
    },
    /// One manual page a command
    Man {
        /// Where to
        dir: PathBuf,
    },
    /// The words of the students' screens, to copy those into kiosk.toml that the booth should say otherwise
    Texts,
}

/// `program` is the whole command line.
pub fn run(args: &GenerateArgs, program: Command) -> Result<ExitCode> {
    match &args.what {
        What::Completions { dir } => into(dir, |dir| completions(dir, program)),
        What::Man { dir } => into(dir, |dir| manual(dir, program)),
        What::Texts => Ok(std::io::stdout().write_all(BoothTexts::of_the_program().to_toml().as_bytes())?),
    }?;
    Ok(Exit::Done.into())
}

fn into(dir: &Path, write: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    write(dir).with_context(|| format!("cannot write into {}", dir.display()))
}

fn completions(dir: &Path, mut program: Command) -> std::io::Result<()> {
    let name = program.get_name().to_owned();
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut program, &name, dir)?;
    }
    Ok(())
}

fn manual(dir: &Path, program: Command) -> std::io::Result<()> {
    let main = dir.join(format!("{}.1", program.get_name()));
    clap_mangen::generate_to(program, dir)?;
    // The package puts things where the pages of other commands say nothing of.
    let mut page = fs::OpenOptions::new().append(true).open(main)?;
    page.write_all(b".SH \"EXIT STATUS\"\n")?;
    for exit in Exit::ALL {
        write!(page, ".TP\n.B {}\n{}\n", exit.code(), exit.meaning())?;
    }
    page.write_all(FILES.as_bytes())
}

const FILES: &str = r#".SH ENVIRONMENT
.TP
.B SZZ_KIOSK__\fISECTION\fB__\fIKEY\fR
Takes the place of a line of the settings, such as SZZ_KIOSK__SERVER__URL.
.TP
.B SZZ_LOG
What is logged, such as debug.
.SH FILES
.TP
.I /etc/szz\-kiosk/kiosk.toml
The settings, each explained there.
.TP
.I /etc/szz\-kiosk/profiles
Photo profiles.
.TP
.I /usr/share/szz\-kiosk
JSON schemas of the settings and of a profile.
.TP
.I /var/lib/szz\-kiosk
The encrypted queue and the keys. Back up
.IR secrets .
"#;
