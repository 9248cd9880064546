//! USB sticks: where they are, and the picture files on them, newest first.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use crate::platform::is_mount_point;

/// Folders inside folders that are looked into.
const DEPTH: usize = 4;
/// Entries that are looked at, so that a disk full of files does not hold up a visit.
const MOST_ENTRIES: usize = 20_000;
/// What a picture's name may end with. What the booth does not open is found too: whoever decodes it
/// says what it is.
const ENDINGS: [&str; 13] =
    ["jpg", "jpeg", "png", "webp", "bmp", "heic", "heif", "avif", "gif", "tif", "tiff", "jp2", "jxl"];

/// At most `most` picture files on these sticks, the newest first. `None` when there is no stick.
pub fn newest_pictures(sticks: &[PathBuf], most: usize) -> Option<Vec<PathBuf>> {
    if sticks.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    let mut left = MOST_ENTRIES;
    for stick in sticks {
        collect(stick, DEPTH, &mut left, &mut found);
    }
    found.sort_by_key(|(changed, _): &(SystemTime, PathBuf)| std::cmp::Reverse(*changed));
    Some(found.into_iter().take(most).map(|(_, path)| path).collect())
}

/// Files right inside a folder that end so, by name, at most `most`, with their bytes. Neither links nor the
/// lock files of office programs.
pub fn files_at_the_top(folder: &Path, endings: &[&str], most: usize) -> Vec<(String, u64)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten().take(MOST_ENTRIES) {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && !name.starts_with(['.', '~']) && ends_with(Path::new(&name), endings) {
            let Ok(about) = entry.metadata() else { continue };
            found.push((name, about.len()));
        }
    }
    found.sort();
    found.truncate(most);
    found
}

/// The sticks that are mounted below these folders, as /media/STICK or /media/USER/STICK. A plain folder there
/// is on the booth's own disk and no stick, unless `plain_too`.
pub fn mounted(folders: &[PathBuf], plain_too: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        // A drive of Windows is a stick itself.
        if matches!(folder.components().next(), Some(Component::Prefix(_))) && folder.parent().is_none() {
            found.extend(folder.is_dir().then(|| folder.clone()));
            continue;
        }
        for place in subfolders(folder) {
            if plain_too || is_mount_point(&place) {
                found.push(place);
            } else {
                found.extend(subfolders(&place).into_iter().filter(|place| is_mount_point(place)));
            }
        }
    }
    found.sort();
    found
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries.flatten().filter(is_folder).map(|entry| entry.path()).collect()
}

fn collect(folder: &Path, depth: usize, left: &mut usize, found: &mut Vec<(SystemTime, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        // Links are not followed: they could lead off the stick.
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_dir() && depth > 1 {
            collect(&path, depth - 1, left, found);
        } else if kind.is_file() && is_picture(&path) {
            let Ok(about) = entry.metadata() else { continue };
            found.push((about.modified().unwrap_or(SystemTime::UNIX_EPOCH), path));
        }
    }
}

fn is_picture(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    ends_with(path, &ENDINGS) && !hidden
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    endings.contains(&ending.as_str())
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    #[test]
    fn pictures_come_newest_first_whether_they_open_or_not_and_nothing_else_comes() {
        let folder = tempfile::tempdir().unwrap();
        let stick = folder.path().join("student/STICK/DCIM");
        fs::create_dir_all(&stick).unwrap();
        for (age, name) in [
            (30, "old.PNG"),
            (10, "new.jpg"),
            (20, "phone.HEIC"),
            (15, "empty.jpg"),
            (5, "notes.txt"),
            (5, ".hidden.jpg"),
        ] {
            let file = File::create(stick.join(name)).unwrap();
            file.set_len(if name == "empty.jpg" { 0 } else { 1000 }).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        }
        let names = |most| -> Vec<String> {
            let found = newest_pictures(&[folder.path().to_owned()], most).unwrap();
            found.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(10), ["new.jpg", "empty.jpg", "phone.HEIC", "old.PNG"]);
        assert_eq!(names(1), ["new.jpg"]);
    }

    #[test]
    fn a_folder_on_the_booths_own_disk_is_no_stick() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("staff/OLD")).unwrap();
        assert_eq!(mounted(&[folder.path().to_owned()], false), Vec::<PathBuf>::new());
        assert_eq!(mounted(&[folder.path().to_owned()], true), [folder.path().join("staff")]);
        #[cfg(target_os = "linux")]
        assert!(mounted(&[PathBuf::from("/")], false).contains(&PathBuf::from("/proc")), "another device is");
    }

    #[test]
    fn tables_are_found_at_the_top_only_and_by_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("more.csv")).unwrap();
        for name in ["b.XLSX", "a.csv", "~$b.xlsx", ".hidden.csv", "notes.txt", "more.csv/c.csv"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let found = |most| files_at_the_top(folder.path(), &["csv", "xlsx"], most);
        assert_eq!(found(9), [("a.csv".to_owned(), 1), ("b.XLSX".to_owned(), 1)]);
        assert_eq!(found(1).len(), 1);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("a.csv"), folder.path().join("link.csv")).unwrap();
            assert_eq!(found(9).len(), 2, "a link could lead off the stick");
        }
    }

    #[test]
    fn no_stick_is_something_else_than_a_stick_without_pictures() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(newest_pictures(&[], 10), None);
        assert_eq!(newest_pictures(&[folder.path().to_owned()], 10), Some(Vec::new()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_off_the_stick() {
        let folder = tempfile::tempdir().unwrap();
        let secret = tempfile::tempdir().unwrap();
        File::create(secret.path().join("secret.jpg")).unwrap().set_len(1000).unwrap();
        std::os::unix::fs::symlink(secret.path(), folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink(secret.path().join("secret.jpg"), folder.path().join("link.jpg")).unwrap();
        assert_eq!(newest_pictures(&[folder.path().to_owned()], 10), Some(Vec::new()));
    }
}
