//! Windows. Files have no mode: the installer closes the booth's folders to others.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// What ONNX Runtime's library is called.
pub const ONNX_RUNTIME: &str = "onnxruntime.dll";

/// A file is for whom its folder is.
pub fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Makes a folder, and those above it.
pub fn make_owners_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
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

/// Drive letters are named in the config.
pub fn is_mount_point(folder: &Path) -> bool {
    folder.is_dir()
}

/// Not asked for yet.
pub fn free_mb(_folder: &Path) -> Option<u64> {
    None
}

/// There is no such call.
pub fn forget_cache(_file: &File) {}

/// Nobody waits for it.
pub fn tell_supervisor(_is_first: bool) -> io::Result<()> {
    Ok(())
}
