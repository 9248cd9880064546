//! What is heard in the booth.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// `[sound]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sound {
    /// 0 to 100; 0 mutes.
    pub volume: u8,
    /// Files that are played instead of the booth's own sounds.
    pub folder: Option<PathBuf>,
}

impl Default for Sound {
    fn default() -> Self {
        Self { volume: 60, folder: None }
    }
}

impl Sound {
    pub(super) fn checked(self, beside: &Path, problems: &mut Vec<String>) -> Self {
        if self.volume > 100 {
            problems.push(format!("[sound] volume = {}: must be within 0–100", self.volume));
        }
        let folder = self.folder.map(|folder| beside.join(folder));
        if let Some(missing) = folder.as_ref().filter(|folder| !folder.is_dir()) {
            problems.push(format!("[sound] folder: {} is not there", missing.display()));
        }
        Self { folder, ..self }
    }
}
