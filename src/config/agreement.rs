//! `[agreement]`: the texts a student agrees to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::problem::{Problems, Rule};
use crate::visit::Language;

/// What students agree to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAgreement {
    /// Recorded with every consent. Changes whenever a text does.
    version: String,
    /// Holds user-agreement and photo-consent, each as .zh-CN.txt and .en.txt.
    folder: PathBuf,
}

/// The texts a student agrees to, by language.
#[derive(Clone, Debug)]
pub struct Agreement {
    pub version: String,
    chinese: AgreementText,
    english: AgreementText,
}

#[derive(Clone, Debug)]
pub struct AgreementText {
    pub agreement: String,
    pub photo_consent: String,
}

impl Agreement {
    pub fn text(&self, language: Language) -> &AgreementText {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }
}

impl AgreementText {
    /// SHA-256 of the two texts as shown: what a consent record names.
    pub fn digests(&self) -> ([u8; 32], [u8; 32]) {
        (Sha256::digest(&self.agreement).into(), Sha256::digest(&self.photo_consent).into())
    }
}

/// Reads the four text files.
pub(super) fn check(raw: RawAgreement, folder: &Path, problems: &mut Problems<'_>) -> Agreement {
    let folder = folder.join(raw.folder);
    let mut read = |name: &str| {
        let path = folder.join(name);
        let rule = match fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => return text.trim().to_owned(),
            Ok(_) => Rule::FileEmpty(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Rule::FileMissing(path),
            Err(error) => Rule::FileUnreadable(path, error.to_string()),
        };
        problems.add("agreement.folder", rule);
        String::new()
    };
    let mut texts = |language: &str| AgreementText {
        agreement: read(&format!("user-agreement.{language}.txt")),
        photo_consent: read(&format!("photo-consent.{language}.txt")),
    };
    Agreement { version: raw.version, chinese: texts("zh-CN"), english: texts("en") }
}
