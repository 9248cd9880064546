//! How much room a disk has.

use std::path::Path;

/// Of the disk that holds a folder, in MiB; `None` where the system does not tell.
#[cfg(target_os = "linux")]
pub fn free_mb(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}

/// Of the disk that holds a folder, in MiB; `None` where the system does not tell.
#[cfg(not(target_os = "linux"))]
pub fn free_mb(_folder: &Path) -> Option<u64> {
    None
}
