//! Secrets on disk: 32-byte keys and one-line tokens in files that only their owner can read.
//!
//! A file with looser permissions is refused, an existing file is never overwritten, and a new one
//! appears complete or not at all. Nothing here prints or returns a secret outside [`Zeroizing`].
//!
//! Where there is no file, the secret may be one of the unit's credentials (systemd.exec(5)), which lie encrypted on the
//! disk: one of the file's name in `$CREDENTIALS_DIRECTORY`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::platform::{mode_open_to_others, open_secret, owner_only, seal_secret, sync_name};

/// Longest secret file that is read, bytes.
pub const MAX_BYTES: usize = 4096;
/// Longest PEM file: a chain of certificates and a key.
const MAX_PEM_BYTES: usize = 65_536;

/// Why a secret file cannot be used. Never contains the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    #[error("the secret file {} does not exist: restore it from its backup, or create it first", path.display())]
    Missing { path: PathBuf },
    #[error("the secret file {} exists already and is not overwritten: move it away first if it is really obsolete", path.display())]
    Exists { path: PathBuf },
    #[error("the secret file {} can be read by others (mode {mode:04o}): run chmod 600 on it, and replace the secret if others use this machine", path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("the secret file {} does not hold {expected}: restore it from its backup", path.display())]
    Malformed { path: PathBuf, expected: &'static str },
    #[error("the secret file {} cannot be {doing}: {cause}", path.display())]
    Io { path: PathBuf, doing: &'static str, cause: io::Error },
    #[error("the system gives no random numbers, so no key can be made")]
    NoRandomness,
}

/// Reads a 32-byte key, written as 64 hex digits.
pub fn load_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretFileError> {
    let text = load_text(path)?;
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.as_bytes(), key.as_mut())
        .map_err(|_| SecretFileError::Malformed { path: path.to_owned(), expected: "64 hex digits" })?;
    Ok(key)
}

/// Makes a new random 32-byte key and writes it; fails if the file exists.
pub fn create_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretFileError> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(key.as_mut()).map_err(|_| SecretFileError::NoRandomness)?;
    let mut text = Zeroizing::new([0; 65]);
    text[64] = b'\n';
    hex::encode_to_slice(key.as_ref(), &mut text[..64]).map_err(|_| SecretFileError::NoRandomness)?;
    create(path, text.as_ref())?;
    Ok(key)
}

/// Reads a secret of one line, without the surrounding white space.
pub fn load_text(path: &Path) -> Result<Zeroizing<String>, SecretFileError> {
    let text = read(path, MAX_BYTES)?;
    let trimmed = Zeroizing::new(text.trim().to_owned());
    if trimmed.is_empty() || trimmed.contains(char::is_control) {
        return Err(SecretFileError::Malformed { path: path.to_owned(), expected: "one line of text" });
    }
    Ok(trimmed)
}

/// Reads a PEM file with a private key.
pub fn load_pem(path: &Path) -> Result<Zeroizing<String>, SecretFileError> {
    read(path, MAX_PEM_BYTES)
}

fn read(path: &Path, most: usize) -> Result<Zeroizing<String>, SecretFileError> {
    read_beside(path, most, std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from).as_deref())
}

fn read_beside(path: &Path, most: usize, credentials: Option<&Path>) -> Result<Zeroizing<String>, SecretFileError> {
    let failed = |doing| move |cause| SecretFileError::Io { path: path.to_owned(), doing, cause };
    let file = match File::open(path) {
        Ok(file) => {
            // Asked of the open file, not of the path, so that it cannot be exchanged in between.
            refuse_open_permissions(path, &file)?;
            file
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            // Who may read a credential is systemd's doing.
            let credential = credentials.zip(path.file_name()).map(|(folder, name)| folder.join(name));
            let credential = credential.and_then(|credential| File::open(credential).ok());
            credential.ok_or_else(|| SecretFileError::Missing { path: path.to_owned() })?
        }
        Err(cause) => return Err(failed("opened")(cause)),
    };
    // Room for all of it at once: a growing buffer would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(most));
    file.take(most as u64).read_to_string(&mut text).map_err(failed("read"))?;
    open_secret(text).map_err(failed("opened"))
}

/// Writes a new secret file, complete or not at all; fails if it exists.
pub fn create(path: &Path, content: &[u8]) -> Result<(), SecretFileError> {
    let failed = |doing| move |cause| SecretFileError::Io { path: path.to_owned(), doing, cause };
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.new", std::process::id()));
    let temporary = PathBuf::from(temporary);

    // Left behind by a crash of an earlier process with the same number.
    let _ = fs::remove_file(&temporary);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = owner_only(&mut options).open(&temporary).map_err(failed("created"))?;
    let written = seal_secret(content).and_then(|content| file.write_all(&content)).and_then(|()| file.sync_all());
    drop(file);
    let result = match written {
        Ok(()) => publish(&temporary, path),
        Err(cause) => Err(failed("written")(cause)),
    };
    let _ = fs::remove_file(&temporary);
    result?;
    sync_name(path).map_err(failed("made durable"))
}

/// Writes a secret file over one that may exist: afterwards either the old or the new one is there.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), SecretFileError> {
    let mut new = path.as_os_str().to_owned();
    new.push(".next");
    let new = PathBuf::from(new);
    // Left behind by a crash.
    let _ = fs::remove_file(&new);
    create(&new, content)?;
    fs::rename(&new, path).and_then(|()| sync_name(path)).map_err(|cause| SecretFileError::Io {
        path: path.to_owned(),
        doing: "put in place",
        cause,
    })
}

/// Gives a complete file its name. A hard link, unlike a rename, fails when the name is taken.
fn publish(temporary: &Path, path: &Path) -> Result<(), SecretFileError> {
    match fs::hard_link(temporary, path) {
        Ok(()) => Ok(()),
        Err(_) if path.symlink_metadata().is_ok() => Err(SecretFileError::Exists { path: path.to_owned() }),
        // File systems without hard links.
        Err(_) => fs::rename(temporary, path).map_err(|cause| SecretFileError::Io {
            path: path.to_owned(),
            doing: "put in place",
            cause,
        }),
    }
}

fn refuse_open_permissions(path: &Path, file: &File) -> Result<(), SecretFileError> {
    let about =
        file.metadata().map_err(|cause| SecretFileError::Io { path: path.to_owned(), doing: "examined", cause })?;
    match mode_open_to_others(&about) {
        None => Ok(()),
        Some(mode) => Err(SecretFileError::TooOpen { path: path.to_owned(), mode }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_created_key_is_read_back_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("device.key");
        assert!(matches!(load_key(&path), Err(SecretFileError::Missing { .. })));
        let key = create_key(&path).unwrap();
        assert_ne!(*key, [0; 32]);
        assert_eq!(load_key(&path).unwrap(), key);
        assert!(matches!(create_key(&path), Err(SecretFileError::Exists { .. })));
        assert_eq!(load_key(&path).unwrap(), key);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file stays behind");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("device.key");
        create_key(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = load_key(&path).unwrap_err();
            assert!(matches!(error, SecretFileError::TooOpen { mode: seen, .. } if seen == mode));
            assert!(error.to_string().contains("chmod 600"));
        }
    }

    #[test]
    fn a_credential_stands_in_for_a_file_that_is_not_there() {
        let (secrets, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = secrets.path().join("token");
        let read = || read_beside(&path, MAX_BYTES, Some(credentials.path()));
        assert!(matches!(read(), Err(SecretFileError::Missing { .. })));
        fs::write(credentials.path().join("token"), "sealed").unwrap();
        assert_eq!(read().unwrap().as_str(), "sealed");
        assert!(matches!(read_beside(&path, MAX_BYTES, None), Err(SecretFileError::Missing { .. })));
        create(&path, b"newer").unwrap();
        assert_eq!(read().unwrap().as_str(), "newer", "what the booth has got since");
    }

    #[test]
    fn damaged_files_are_named_but_not_quoted() {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [("short", "abcdef"), ("empty", ""), ("words", "not a key at all"), ("two", "ab\ncd")] {
            let path = dir.path().join(name);
            create(&path, content.as_bytes()).unwrap();
            let error = load_key(&path).unwrap_err();
            assert!(matches!(error, SecretFileError::Malformed { .. }), "{name}");
            assert!(content.is_empty() || !error.to_string().contains(content));
        }
    }
}
