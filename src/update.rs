//! Updates from a USB stick, as far as the booth itself goes: finding a package, handing it over, reading what came
//! of it. Whether it is genuine, and whether it stays, is decided by `installer/update`, which runs as root and
//! believes nothing that the booth says.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::stick;

/// What lies beside a package, so that it can be believed.
const SUMS: [&str; 2] = ["SHA256SUMS", "SHA256SUMS.sig"];
/// Packages of one stick that are offered.
const MOST: usize = 2;
/// A package has some 100 MB.
const LARGEST_BYTES: u64 = 1 << 30;

/// The folder that the booth shares with `installer/update`.
#[derive(Clone, Debug)]
pub struct Exchange {
    folder: PathBuf,
}

/// How far an update is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub stage: Stage,
    /// Of the package, as Debian writes it.
    pub version: Option<String>,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The booth will be closed for some minutes.
    Installing,
    Installed,
    /// The new version did not do well: the one before runs again.
    RolledBack,
    Refused(Refusal),
}

/// Why a package is not installed. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Incomplete,
    /// Not by the key in release-signers.
    NotSigned,
    /// The package is not what the sums say.
    Damaged,
    /// Of another program, or for another kind of machine.
    OtherPackage,
    NotNewer,
    NoRoom,
}

impl Stage {
    const ALL: [(&'static str, Self); 9] = [
        ("installing", Self::Installing),
        ("installed", Self::Installed),
        ("rolled-back", Self::RolledBack),
        ("incomplete", Self::Refused(Refusal::Incomplete)),
        ("not-signed", Self::Refused(Refusal::NotSigned)),
        ("damaged", Self::Refused(Refusal::Damaged)),
        ("other-package", Self::Refused(Refusal::OtherPackage)),
        ("not-newer", Self::Refused(Refusal::NotNewer)),
        ("no-room", Self::Refused(Refusal::NoRoom)),
    ];
}

impl Outcome {
    pub fn has_failed(&self) -> bool {
        matches!(self.stage, Stage::RolledBack | Stage::Refused(_))
    }
}

/// The packages right on a stick that have their signed sums beside them: file name and version.
pub fn packages(stick: &Path) -> Vec<(String, String)> {
    if !SUMS.iter().all(|name| stick.join(name).is_file()) {
        return Vec::new();
    }
    let version = |file: &str| file.strip_prefix("szz-kiosk_")?.split_once('_').map(|(version, _)| version.to_owned());
    let files = stick::files_at_the_top(stick, &["deb"], usize::MAX).into_iter();
    files.filter_map(|(file, _)| version(&file).map(|version| (file, version))).take(MOST).collect()
}

impl Exchange {
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Whether a new version is being tried: nothing may be stored that would be lost if it is taken back.
    pub fn is_on_trial(&self) -> bool {
        self.folder.join("trial").exists()
    }

    /// What came of the last update; None without any.
    pub fn outcome(&self) -> Option<Outcome> {
        let file = self.folder.join("result");
        let text = fs::read_to_string(&file).ok()?;
        let at = Timestamp::try_from(fs::metadata(&file).ok()?.modified().ok()?).ok()?;
        let mut words = text.split_whitespace();
        let word = words.next()?;
        let (_, stage) = Stage::ALL.into_iter().find(|(name, _)| *name == word)?;
        Some(Outcome { stage, version: words.next().map(str::to_owned), at })
    }

    /// Copies a package with its sums off a stick and asks for it to be installed.
    pub fn hand_over(&self, stick: &Path, package: &str) -> io::Result<()> {
        let inbox = self.folder.join("inbox");
        for (from, to) in [(package, "offer.deb"), (SUMS[0], SUMS[0]), (SUMS[1], SUMS[1])] {
            let mut source = File::open(stick.join(from))?;
            if source.metadata()?.len() > LARGEST_BYTES {
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, "no package is so large"));
            }
            let mut target = File::create(inbox.join(to))?;
            io::copy(&mut source, &mut target)?;
            target.sync_all()?;
        }
        File::create(inbox.join("go"))?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stick() -> tempfile::TempDir {
        let stick = tempfile::tempdir().unwrap();
        for name in ["szz-kiosk_0.2.0-1_amd64.deb", "other_1_amd64.deb", "szz-kiosk.deb", SUMS[0], SUMS[1]] {
            fs::write(stick.path().join(name), name).unwrap();
        }
        stick
    }

    #[test]
    fn only_a_package_of_the_booth_with_its_signed_sums_is_offered() {
        let stick = stick();
        assert_eq!(packages(stick.path()), [("szz-kiosk_0.2.0-1_amd64.deb".to_owned(), "0.2.0-1".to_owned())]);
        fs::remove_file(stick.path().join(SUMS[1])).unwrap();
        assert_eq!(packages(stick.path()), []);
    }

    #[test]
    fn a_package_is_asked_for_only_when_all_of_it_is_there() {
        let (stick, folder) = (stick(), tempfile::tempdir().unwrap());
        let exchange = Exchange::in_folder(folder.path().to_owned());
        assert!(exchange.hand_over(stick.path(), "szz-kiosk_0.2.0-1_amd64.deb").is_err(), "without an inbox");
        let inbox = folder.path().join("inbox");
        fs::create_dir(&inbox).unwrap();
        exchange.hand_over(stick.path(), "szz-kiosk_0.2.0-1_amd64.deb").unwrap();
        assert_eq!(fs::read_to_string(inbox.join("offer.deb")).unwrap(), "szz-kiosk_0.2.0-1_amd64.deb");
        assert!(inbox.join("go").is_file());
        fs::remove_file(inbox.join("go")).unwrap();
        fs::remove_file(stick.path().join(SUMS[1])).unwrap();
        assert!(exchange.hand_over(stick.path(), "szz-kiosk_0.2.0-1_amd64.deb").is_err());
        assert!(!inbox.join("go").exists(), "the stick was pulled out");
    }

    #[test]
    fn what_came_of_it_is_read_whatever_stands_there() {
        let folder = tempfile::tempdir().unwrap();
        let exchange = Exchange::in_folder(folder.path().to_owned());
        let read = |text: &[u8]| {
            fs::write(folder.path().join("result"), text).unwrap();
            exchange.outcome().map(|outcome| (outcome.stage, outcome.version))
        };
        assert_eq!(exchange.outcome(), None);
        assert_eq!(read(b"rolled-back 0.2.0-1\n"), Some((Stage::RolledBack, Some("0.2.0-1".to_owned()))));
        assert_eq!(read(b"not-signed \n"), Some((Stage::Refused(Refusal::NotSigned), None)));
        assert_eq!(read(b""), None);
        assert_eq!(read(b"\xff\xfe"), None);
        assert_eq!(read(b"a word of a later version"), None);
        assert!(!exchange.is_on_trial());
        fs::write(folder.path().join("trial"), "").unwrap();
        assert!(exchange.is_on_trial());
    }

    /// The script and this file speak of the same words.
    #[test]
    fn the_installer_says_nothing_else() {
        let script = include_str!("../installer/update");
        let said = script.lines().flat_map(|line| {
            let told = line.split_once("say ").or(line.split_once("refuse "));
            told.and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned)
        });
        let said: std::collections::BTreeSet<String> =
            said.filter(|word| word.starts_with(|first: char| first.is_ascii_lowercase())).collect();
        let known: std::collections::BTreeSet<String> = Stage::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(said, known);
    }
}
