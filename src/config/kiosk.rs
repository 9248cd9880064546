//! `[kiosk]` and `[paths]`: which booth this is, and where it keeps things.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pinned::Pinned;
use super::problem::{Problems, Rule};
use crate::submission::Algorithm;
use crate::visit::Language;

/// Which booth this is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKiosk {
    /// Names this booth in every submission.
    #[schemars(regex(pattern = "^[A-Za-z0-9-]{1,40}$"))]
    pub id: String,
    /// Of the welcome screen.
    #[serde(default)]
    pub language: Language,
    #[serde(default = "yes")]
    pub full_screen: bool,
    /// How submissions are signed. Chosen once, before the first start.
    #[serde(default)]
    pub signature: Algorithm,
}

fn yes() -> bool {
    true
}

/// Where things are. Relative paths begin at the settings' own folder.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPaths {
    /// The encrypted database.
    pub data: PathBuf,
    /// Keys and tokens, one a file.
    pub secrets: PathBuf,
    pub models: Option<PathBuf>,
    /// ONNX Runtime's library.
    pub onnxruntime: Option<PathBuf>,
    /// Where updates from a USB stick are handed over.
    pub update: Option<PathBuf>,
}

/// Whether a booth may have this name.
pub fn is_kiosk_id(id: &str) -> bool {
    (1..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub(super) fn check(kiosk: &RawKiosk, pinned: Option<&Pinned>, problems: &mut Problems<'_>) {
    let id = &kiosk.id;
    if !is_kiosk_id(id) {
        problems.add("kiosk.id", Rule::KioskId);
    } else if let Some(pinned) = pinned
        && pinned.answer.kiosk_id != *id
    {
        // The server takes no record of another booth.
        problems.add("kiosk.id", Rule::OtherBooth(pinned.answer.kiosk_id.clone()));
    }
}
