//! How every command ends: one table for scripts, in README.md and in the manual page, too.

use std::panic;
use std::process::{self, ExitCode};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    Wrong,
    CannotRun,
}

impl Exit {
    pub const ALL: [Self; 3] = [Self::Done, Self::Wrong, Self::CannotRun];

    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Wrong => 1,
            Self::CannotRun => 2,
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, and nothing is wrong with what was looked at",
            Self::Wrong => "done, and something is wrong with what was looked at; the output says what",
            Self::CannotRun => "the command cannot run at all; one sentence on standard error says why",
        }
    }

    pub fn done_if(is_well: bool) -> Self {
        if is_well { Self::Done } else { Self::Wrong }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Ends a command whose output cannot be written: without a word when its reader left, as `head` does.
pub fn end_with_the_reader() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        // `println!` has no other way to say so.
        let said = panic.payload().downcast_ref::<String>();
        let Some(said) = said.filter(|said| said.starts_with("failed printing to stdout")) else {
            return report(panic);
        };
        if !said.contains("Broken pipe") {
            eprintln!("szz-kiosk: {said}");
        }
        process::exit(Exit::CannotRun.code().into());
    }));
}
