//! `[retention]` and `[backup]`: how long pictures stay, and where copies of the database go.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long pictures stay on this machine.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRetention {
    /// Days after the server's receipt.
    days: u32,
    for_ever: bool,
}

impl Default for RawRetention {
    fn default() -> Self {
        Self { days: 30, for_ever: false }
    }
}

impl RawRetention {
    /// `None` keeps them.
    pub fn days(&self) -> Option<u32> {
        (!self.for_ever).then_some(self.days)
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
