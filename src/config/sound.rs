//! What is heard in the booth.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};

/// What is heard in the booth.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sound {
    /// 0 mutes.
    #[schemars(range(max = 100))]
    pub volume: u8,
    /// Whether instructions over the live picture are spoken, where espeak-ng is installed.
    pub speech: bool,
    /// Files that are played instead of the booth's own sounds.
    pub folder: Option<PathBuf>,
}

impl Default for Sound {
    fn default() -> Self {
        Self { volume: 60, speech: true, folder: None }
    }
}

impl Sound {
    pub(super) fn checked(self, beside: &Path, problems: &mut Problems<'_>) -> Self {
        let folder = self.folder.map(|folder| beside.join(folder));
        if let Some(missing) = folder.as_ref().filter(|folder| !folder.is_dir()) {
            problems.add("sound.folder", Rule::FolderMissing(missing.clone()));
        }
        Self { folder, ..self }
    }
}
