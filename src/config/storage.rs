//! `[retention]` and `[backup]`: how long pictures stay, and where copies of the database go.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};

/// How long pictures stay on this machine.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRetention {
    /// Days after the server's receipt; 30 unless given.
    #[schemars(range(max = 36500))]
    days: Option<u32>,
    /// Instead of days.
    for_ever: bool,
}

const USUAL_DAYS: u32 = 30;

impl RawRetention {
    /// `None` keeps them.
    pub fn checked(&self, problems: &mut Problems<'_>) -> Option<u32> {
        if self.for_ever && self.days.is_some() {
            problems.add("retention.for_ever", Rule::Excludes("days"));
        }
        (!self.for_ever).then_some(self.days.unwrap_or(USUAL_DAYS))
    }
}

/// Copies of the database.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawBackup {
    /// Best on another disk.
    folder: Option<PathBuf>,
    /// How many copies stay.
    #[schemars(range(min = 1))]
    keep: usize,
}

impl Default for RawBackup {
    fn default() -> Self {
        Self { folder: None, keep: 3 }
    }
}

/// Copies of the database.
#[derive(Clone, Debug)]
pub struct BackupConfig {
    /// None: no copies by itself.
    pub folder: Option<PathBuf>,
    /// How many copies stay.
    pub keep: usize,
}

impl RawBackup {
    pub fn beside(self, folder: &Path) -> BackupConfig {
        BackupConfig { folder: self.folder.map(|path| folder.join(path)), keep: self.keep }
    }
}
