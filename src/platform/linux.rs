//! Linux, on which booths run.

use std::borrow::Cow;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// Where the package puts the booth's settings.
pub fn settings_folder() -> PathBuf {
    PathBuf::from("/etc/szz-kiosk")
}

/// What ONNX Runtime's library is called.
pub const ONNX_RUNTIME: &str = "libonnxruntime.so";

/// A file that these options make is its owner's alone.
pub fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

/// Opening a file this way fails where a link stands in its place, which could lead off a stick.
pub fn no_links(options: &mut OpenOptions) -> &mut OpenOptions {
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
}

/// A secret as it is written to disk: its file's mode and the encrypted disk protect it, or systemd's credentials.
pub fn seal_secret(secret: &[u8]) -> io::Result<Cow<'_, [u8]>> {
    Ok(Cow::Borrowed(secret))
}

/// The secret in a file's text.
pub fn open_secret(text: Zeroizing<String>) -> io::Result<Zeroizing<String>> {
    Ok(text)
}

/// Makes a folder, and those above it, for its owner only. One that is there stays as it is.
pub fn make_owners_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Closes a folder to everybody but its owner.
pub fn close_to_others(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// The file's mode, if anybody but its owner can do anything with it.
pub fn mode_open_to_others(about: &Metadata) -> Option<u32> {
    let mode = about.mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Makes durable that a file has this name.
pub fn sync_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Whether root runs this, and the folder, or the first above it that is there, is somebody else's, who could not read
/// what root makes in it.
pub fn is_root_elsewhere(folder: &Path) -> bool {
    let is_roots = |path: &Path| fs::metadata(path).map(|about| about.uid() == 0);
    let is_root = is_roots(Path::new("/proc/self")).unwrap_or(false);
    is_root && folder.ancestors().find_map(|path| is_roots(path).ok()) == Some(false)
}

/// Whether something else is mounted there.
pub fn is_mount_point(folder: &Path) -> bool {
    let device = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
    match (device(folder), folder.parent().and_then(device)) {
        (Some(own), Some(parents)) => own != parents,
        _ => false,
    }
}

/// Free room of the disk that holds a folder, in MiB; `None` where the system does not tell.
pub fn free_mb(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}

/// So that reading back reads the disk and not the memory. Without it such a check is weaker, not wrong.
pub fn forget_cache(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

/// Tells whoever started the program that it lives, and the first time that it is ready.
pub fn tell_supervisor(is_first: bool) -> io::Result<()> {
    use sd_notify::NotifyState;
    let states: &[NotifyState<'_>] =
        if is_first { &[NotifyState::Ready, NotifyState::Watchdog] } else { &[NotifyState::Watchdog] };
    sd_notify::notify(states)
}
