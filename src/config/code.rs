//! The `[code]` section: which kind of code a booth reads, and with which keys.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};
use crate::code::payload::sealed::{BoothKeys, CIPHER_FILE, ISSUER_PUBLIC_FILE};
use crate::code::payload::{Adapter, Terms, is_school_code};
use crate::secret_file::SecretFileError;

/// What the collection codes of this booth are.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCode {
    kind: RawKind,
    /// 院校代码 of the school this booth serves, for plain and sealed codes.
    #[schemars(regex(pattern = "^[0-9A-Z]{1,12}$"))]
    school_code: Option<String>,
    /// Whether the roster must know the code, too.
    roster_required: Option<bool>,
    /// Files in `secrets`, for sealed codes.
    cipher_key_file: PathBuf,
    issuer_key_file: PathBuf,
    /// While the issuer changes its keys, the ones before.
    previous_cipher_key_file: Option<PathBuf>,
    previous_issuer_key_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RawKind {
    Opaque,
    Online,
    Plain,
    Sealed,
}

impl Default for RawCode {
    fn default() -> Self {
        Self {
            kind: RawKind::Opaque,
            school_code: None,
            roster_required: None,
            cipher_key_file: CIPHER_FILE.into(),
            issuer_key_file: ISSUER_PUBLIC_FILE.into(),
            previous_cipher_key_file: None,
            previous_issuer_key_file: None,
        }
    }
}

/// How codes are understood; `None` when something is wrong with it.
pub(super) fn check(raw: RawCode, secrets: &Path, problems: &mut Problems<'_>) -> Option<Adapter> {
    let kind = raw.kind;
    match kind {
        RawKind::Opaque => {
            if raw.roster_required == Some(false) {
                problems.add("code.roster_required", Rule::OpaqueNeedsRoster);
            }
            return Some(Adapter::Opaque);
        }
        RawKind::Online => {
            if raw.roster_required == Some(true) {
                problems.add("code.roster_required", Rule::OnlineNeedsNoRoster);
            }
            return Some(Adapter::Online);
        }
        RawKind::Plain | RawKind::Sealed => {}
    }
    let sets = key_files(&raw);
    let school_code = raw.school_code.unwrap_or_default();
    if !is_school_code(&school_code) {
        problems.add("code.school_code", Rule::SchoolCode);
    }
    let is_plain = matches!(kind, RawKind::Plain);
    // Nobody vouches for a plain code; the signature vouches for a sealed one.
    let roster_required = raw.roster_required.unwrap_or(is_plain);
    let terms = Terms { school_code, roster_required };
    if is_plain {
        return Some(Adapter::Plain(terms));
    }
    if problems.has("paths.secrets") {
        return None;
    }
    let mut keys = Vec::new();
    for [(cipher_key, cipher), (issuer_key, issuer)] in sets {
        let (cipher, issuer) = (secrets.join(cipher), secrets.join(issuer));
        match BoothKeys::load(&cipher, &issuer) {
            Ok(loaded) => keys.push(loaded),
            Err(error) => {
                let (file, rule) = secret_rule(error);
                problems.add(if file == cipher { cipher_key } else { issuer_key }, rule);
            }
        }
    }
    Some(Adapter::Sealed(terms, keys))
}

/// A key of the settings and the file it names.
type KeyFile = (&'static str, PathBuf);

/// Cipher and issuer's key, and the ones before while they are being changed; one of those that is not
/// named is not being changed.
fn key_files(raw: &RawCode) -> Vec<[KeyFile; 2]> {
    let now =
        [("code.cipher_key_file", raw.cipher_key_file.clone()), ("code.issuer_key_file", raw.issuer_key_file.clone())];
    let (cipher, issuer) = (&raw.previous_cipher_key_file, &raw.previous_issuer_key_file);
    if cipher.is_none() && issuer.is_none() {
        return vec![now];
    }
    let before = |key, file: &Option<PathBuf>, unchanged: &KeyFile| {
        file.clone().map_or_else(|| unchanged.clone(), |file| (key, file))
    };
    let before = [
        before("code.previous_cipher_key_file", cipher, &now[0]),
        before("code.previous_issuer_key_file", issuer, &now[1]),
    ];
    vec![now, before]
}

/// What is wrong with which file.
pub(super) fn secret_rule(error: SecretFileError) -> (PathBuf, Rule) {
    match error {
        SecretFileError::Missing { path } => (path.clone(), Rule::SecretMissing(path)),
        SecretFileError::TooOpen { path, .. } => (path.clone(), Rule::SecretTooOpen(path)),
        SecretFileError::Malformed { path, .. } => (path.clone(), Rule::SecretMalformed(path)),
        SecretFileError::Io { path, cause, .. } => (path.clone(), Rule::FileUnreadable(path, cause.to_string())),
        other @ (SecretFileError::Exists { .. } | SecretFileError::NoRandomness) => {
            (PathBuf::new(), Rule::Unreadable(other.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::code::payload::sealed::IssuerKeys;
    use crate::config::tests::example;
    use crate::config::{BadConfig, Config, load};

    /// The example config with another `[code]` section, and a `secrets` folder with keys.
    fn load_with_code(section: &str) -> (tempfile::TempDir, Result<Config, BadConfig>) {
        let folder = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(example("kiosk.toml"))
            .unwrap()
            .replace("kind = \"opaque\"", section)
            .replace("folder = \"agreements\"", &format!("folder = {:?}", example("agreements")));
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, text).unwrap();
        fs::create_dir(folder.path().join("secrets")).unwrap();
        IssuerKeys::create(&folder.path().join("secrets")).unwrap();
        let loaded = load(&path);
        (folder, loaded)
    }

    #[test]
    fn every_kind_of_code_can_be_chosen() {
        let code = |section: String| load_with_code(&section).1.unwrap().code;
        assert!(matches!(load(&example("kiosk.toml")).unwrap().code, Adapter::Opaque));
        assert!(matches!(code("kind = \"online\"".to_owned()), Adapter::Online));
        let school = "school_code = \"99999\"";
        let terms = |roster_required| Terms { school_code: "99999".to_owned(), roster_required };
        let plain = code(format!("kind = \"plain\"\n{school}"));
        assert!(matches!(&plain, Adapter::Plain(given) if *given == terms(true)), "{plain:?}");
        let plain = code(format!("kind = \"plain\"\n{school}\nroster_required = false"));
        assert!(matches!(&plain, Adapter::Plain(given) if *given == terms(false)), "{plain:?}");
        let sealed = code(format!("kind = \"sealed\"\n{school}"));
        assert!(matches!(&sealed, Adapter::Sealed(given, _) if *given == terms(false)), "{sealed:?}");
        let number_of_keys = |more: &str| match code(format!("kind = \"sealed\"\n{school}\n{more}")) {
            Adapter::Sealed(_, keys) => keys.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(number_of_keys(""), 1);
        assert_eq!(number_of_keys("previous_cipher_key_file = \"code-cipher.key\""), 2);
        assert_eq!(number_of_keys("previous_issuer_key_file = \"code-issuer.pub\""), 2);
    }

    #[test]
    fn a_code_section_that_cannot_work_is_named() {
        let school = "school_code = \"99999\"";
        for (section, named) in [
            ("kind = \"mystery\"".to_owned(), "code.kind: "),
            ("kind = \"opaque\"\nroster_required = false".to_owned(), "code.roster_required: "),
            ("kind = \"online\"\nroster_required = true".to_owned(), "code.roster_required: "),
            ("kind = \"plain\"".to_owned(), "code.school_code: "),
            ("kind = \"sealed\"\nschool_code = \"99 999\"".to_owned(), "code.school_code: "),
            (format!("kind = \"sealed\"\n{school}\ncipher_key_file = \"none.key\""), "none.key does not exist"),
            (format!("kind = \"sealed\"\n{school}\nissuer_key_file = \"none.pub\""), "none.pub does not exist"),
            (format!("kind = \"sealed\"\n{school}\nissuer_key_file = \"../kiosk.toml\""), "code.issuer_key_file: "),
            (format!("kind = \"sealed\"\n{school}\nprevious_issuer_key_file = \"old.pub\""), "old.pub does not exist"),
        ] {
            let message = load_with_code(&section).1.unwrap_err().to_string();
            assert!(message.contains("1 problem\n") && message.contains(named), "{section}: {message}");
        }
    }

    #[test]
    fn keys_are_not_printed() {
        let (folder, loaded) = load_with_code("kind = \"sealed\"\nschool_code = \"99999\"");
        let key = fs::read_to_string(folder.path().join("secrets").join(CIPHER_FILE)).unwrap();
        assert!(!format!("{:?}", loaded.unwrap()).contains(key.trim()));
    }
}
