//! Secrets as files: readable by their owner only, written whole or not at all, never in the config.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

#[derive(Debug, Error)]
pub enum SecretError {
    #[error("the secret {path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the secret {path} cannot be written: {source}")]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("the secret {path} can be read by others: run chmod 600 on it")]
    Exposed { path: PathBuf },
    #[error("the secret {path} is not 64 hexadecimal digits: restore it from its backup")]
    Malformed { path: PathBuf },
}

/// No secret of ours is longer.
const LONGEST: u64 = 4096;

/// The text of a secret, without white space around it. Refuses a file that others can read.
pub fn read(path: &Path) -> Result<Zeroizing<String>, SecretError> {
    let problem = |source| SecretError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(problem)?;
    if is_exposed(&file).map_err(problem)? {
        return Err(SecretError::Exposed { path: path.to_owned() });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST).read_to_string(&mut text).map_err(problem)?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Writes a new secret. It appears under its name only when it is whole and on the disk, and never
/// replaces one: who comes second finds the first one's.
pub fn write_new(path: &Path, secret: &[u8]) -> Result<(), SecretError> {
    let problem = |source| SecretError::Unwritable { path: path.to_owned(), source };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(problem)?;
    let number = getrandom::u64().map_err(|error| problem(io::Error::other(error)))?;
    let unfinished = path.with_extension(format!("{number:x}.new"));
    let mut file = owner_only().open(&unfinished).map_err(problem)?;
    let written = file.write_all(secret).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&unfinished, path));
    let _ = fs::remove_file(&unfinished);
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked.and_then(|()| sync_folder(folder)).map_err(problem),
    }
}

/// A key of 32 random bytes, made at the first call and read at every later one.
pub fn load_or_create_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let mut key = Zeroizing::new([0; 32]);
    if !path.exists() {
        getrandom::fill(key.as_mut_slice())
            .map_err(|error| SecretError::Unwritable { path: path.to_owned(), source: io::Error::other(error) })?;
        write_new(path, Zeroizing::new(hex::encode(key.as_slice())).as_bytes())?;
    }
    let text = read(path)?;
    hex::decode_to_slice(text.as_bytes(), key.as_mut_slice())
        .map_err(|_| SecretError::Malformed { path: path.to_owned() })?;
    Ok(key)
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_file: &File) -> io::Result<bool> {
    Ok(false)
}

/// A new name is on the disk only when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets/store.key");
        let first = load_or_create_key(&path).unwrap();
        assert_eq!(first, load_or_create_key(&path).unwrap());
        assert_ne!(*first, [0; 32]);
    }

    #[test]
    fn everyone_who_comes_first_gets_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.key");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| load_or_create_key(&path).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "unfinished files stay behind");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.key");
        load_or_create_key(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load_or_create_key(&path), Err(SecretError::Exposed { .. })));
    }

    #[test]
    fn a_damaged_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.key");
        write_new(&path, b"half a ke").unwrap();
        assert!(matches!(load_or_create_key(&path), Err(SecretError::Malformed { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"half a ke");
    }
}
