//! How every command ends: one table for scripts, in README.md and in the manual page, too.

use std::process::ExitCode;

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
