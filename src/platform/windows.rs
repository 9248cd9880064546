//! Windows. Files have no mode: the installer closes the booth's folders to others.

use std::borrow::Cow;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use windows_dpapi::{Scope, decrypt_data, encrypt_data};
use zeroize::Zeroizing;

/// Where the installer puts the booth's settings.
pub fn settings_folder() -> PathBuf {
    PathBuf::from(std::env::var_os("ProgramData").unwrap_or_default()).join("szz-kiosk")
}

/// What ONNX Runtime's library is called.
pub const ONNX_RUNTIME: &str = "onnxruntime.dll";

/// A file is for whom its folder is.
pub fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Opening a file this way opens a link itself, and not what it leads to.
pub fn no_links(options: &mut OpenOptions) -> &mut OpenOptions {
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
}

/// What a sealed secret's file begins with. A file without it holds a secret that somebody wrote there by hand.
const SEALED: &str = "dpapi:";

/// A secret as it is written to disk: only this machine can read it, by Windows' Data Protection API. Not only
/// this account: whoever enrols the booth is not whom it runs as, and a new password would lose every key.
pub fn seal_secret(secret: &[u8]) -> io::Result<Cow<'_, [u8]>> {
    let sealed = encrypt_data(secret, Scope::Machine, None).map_err(io::Error::other)?;
    Ok(Cow::Owned(format!("{SEALED}{}\n", BASE64.encode(sealed)).into_bytes()))
}

/// The secret in a file's text.
pub fn open_secret(text: Zeroizing<String>) -> io::Result<Zeroizing<String>> {
    let Some(sealed) = text.trim_end().strip_prefix(SEALED) else { return Ok(text) };
    let foreign = || io::Error::new(io::ErrorKind::InvalidData, "it was sealed on another machine, or is damaged");
    let sealed = BASE64.decode(sealed).map_err(|_| foreign())?;
    let secret = Zeroizing::new(decrypt_data(&sealed, Scope::Machine, None).map_err(|_| foreign())?);
    let secret = std::str::from_utf8(&secret).map_err(|_| foreign())?;
    Ok(Zeroizing::new(secret.to_owned()))
}

/// Makes a folder, and those above it.
pub fn make_owners_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Whoever is an administrator makes files that the kiosk's account may read, too: the folder says so.
pub fn is_root_elsewhere(_folder: &Path) -> bool {
    false
}

/// The installer has closed it.
pub fn close_to_others(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// There is no mode that could say so.
pub fn mode_open_to_others(_about: &Metadata) -> Option<u32> {
    None
}

/// The file system's own log keeps names.
pub fn sync_name(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Drives are named in the config, by their letters.
pub fn is_mount_point(folder: &Path) -> bool {
    folder.is_dir()
}

/// Free room of the disk that holds a folder, in MiB; `None` where the system does not tell.
pub fn free_mb(folder: &Path) -> Option<u64> {
    fs4::available_space(folder).ok().map(|bytes| bytes >> 20)
}

/// There is no such call.
pub fn forget_cache(_file: &File) {}

/// Nobody waits for it.
pub fn tell_supervisor(_is_first: bool) -> io::Result<()> {
    Ok(())
}
