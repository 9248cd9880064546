//! The `[code]` section: which kind of code a booth reads, and with which keys.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::code::payload::sealed::{BoothKeys, CIPHER_FILE, ISSUER_PUBLIC_FILE};
use crate::code::payload::{Adapter, Kind, Terms, is_school_code};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCode {
    kind: String,
    school_code: Option<String>,
    roster_required: Option<bool>,
    cipher_key_file: PathBuf,
    issuer_key_file: PathBuf,
    previous_cipher_key_file: Option<PathBuf>,
    previous_issuer_key_file: Option<PathBuf>,
}

impl Default for RawCode {
    fn default() -> Self {
        Self {
            kind: "opaque".to_owned(),
            school_code: None,
            roster_required: None,
            cipher_key_file: CIPHER_FILE.into(),
            issuer_key_file: ISSUER_PUBLIC_FILE.into(),
            previous_cipher_key_file: None,
            previous_issuer_key_file: None,
        }
    }
}

/// How codes are understood; what is wrong goes to `problems`.
pub(super) fn check(raw: RawCode, secrets: &Path, problems: &mut Vec<String>) -> Option<Adapter> {
    let Some(kind) = Kind::named(&raw.kind) else {
        problems.push(format!("[code] kind = {:?}: must be \"opaque\", \"online\", \"plain\" or \"sealed\"", raw.kind));
        return None;
    };
    if kind == Kind::Opaque {
        if raw.roster_required == Some(false) {
            problems.push("[code] roster_required = false: an opaque code means nothing without the roster".to_owned());
        }
        return Some(Adapter::Opaque);
    }
    if kind == Kind::Online {
        if raw.roster_required == Some(true) {
            problems.push("[code] roster_required = true: an online code is what the roster need not know".to_owned());
        }
        return Some(Adapter::Online);
    }
    let sets = key_files(&raw);
    let school_code = raw.school_code.unwrap_or_default();
    if !is_school_code(&school_code) {
        problems.push(format!(
            "[code] school_code = {school_code:?}: {} codes need it, 1–12 digits and capital letters",
            raw.kind
        ));
    }
    // Nobody vouches for a plain code; the signature vouches for a sealed one.
    let roster_required = raw.roster_required.unwrap_or(kind == Kind::Plain);
    let terms = Terms { school_code, roster_required };
    if kind == Kind::Plain {
        return Some(Adapter::Plain(terms));
    }
    let loaded = sets.iter().map(|(cipher, issuer)| BoothKeys::load(&secrets.join(cipher), &secrets.join(issuer)));
    match loaded.collect() {
        Ok(keys) => Some(Adapter::Sealed(terms, keys)),
        Err(error) => {
            problems.push(format!("[code] {error}"));
            None
        }
    }
}

/// Cipher and issuer's key, and the ones before while they are being changed; one of those that is not
/// named is not being changed.
fn key_files(raw: &RawCode) -> Vec<(PathBuf, PathBuf)> {
    let now = (raw.cipher_key_file.clone(), raw.issuer_key_file.clone());
    let before = match (&raw.previous_cipher_key_file, &raw.previous_issuer_key_file) {
        (None, None) => return vec![now],
        (cipher, issuer) => (cipher.as_ref().unwrap_or(&now.0).clone(), issuer.as_ref().unwrap_or(&now.1).clone()),
    };
    vec![now, before]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::code::payload::sealed::IssuerKeys;
    use crate::config::tests::example;
    use crate::config::{Config, ConfigError, load};

    /// The example config with another `[code]` section, and a `secrets` folder with keys.
    fn load_with_code(section: &str) -> (tempfile::TempDir, Result<Config, ConfigError>) {
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
            ("kind = \"mystery\"".to_owned(), "[code] kind"),
            ("kind = \"opaque\"\nroster_required = false".to_owned(), "[code] roster_required"),
            ("kind = \"online\"\nroster_required = true".to_owned(), "[code] roster_required"),
            ("kind = \"plain\"".to_owned(), "[code] school_code"),
            ("kind = \"sealed\"\nschool_code = \"99 999\"".to_owned(), "[code] school_code"),
            (format!("kind = \"sealed\"\n{school}\ncipher_key_file = \"none.key\""), "none.key does not exist"),
            (format!("kind = \"sealed\"\n{school}\nissuer_key_file = \"none.pub\""), "none.pub does not exist"),
            (format!("kind = \"sealed\"\n{school}\nissuer_key_file = \"../kiosk.toml\""), "[code]"),
            (format!("kind = \"sealed\"\n{school}\nprevious_issuer_key_file = \"old.pub\""), "old.pub does not exist"),
        ] {
            let message = load_with_code(&section).1.unwrap_err().to_string();
            assert!(message.contains("problem(s)") && message.contains(named), "{section}: {message}");
        }
    }

    #[test]
    fn keys_are_not_printed() {
        let (folder, loaded) = load_with_code("kind = \"sealed\"\nschool_code = \"99999\"");
        let key = fs::read_to_string(folder.path().join("secrets").join(CIPHER_FILE)).unwrap();
        assert!(!format!("{:?}", loaded.unwrap()).contains(key.trim()));
    }
}
