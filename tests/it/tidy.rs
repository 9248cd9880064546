//! The house rules that a compiler does not enforce.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Direction of knowledge: what a module must not know.
const STRANGERS: [(&str, &[&str]); 13] = [
    ("visit", &["egui", "nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::ui", "crate::workers"]),
    (
        "operator",
        &["egui", "nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::ui", "crate::workers"],
    ),
    ("code", &["egui", "nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::ui", "crate::workers"]),
    ("photo", &["egui", "nokhwa", "rusqlite", "reqwest", "crate::store", "crate::ui", "crate::workers"]),
    ("submission", &["egui", "nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::ui"]),
    (
        "config",
        &["egui", "nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::ui", "crate::workers"],
    ),
    (
        "ui",
        &["nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::workers", "crate::camera", "mpsc"],
    ),
    ("workers", &["egui", "rusqlite", "crate::ui", "crate::app"]),
    (
        "report",
        &["egui", "nokhwa", "rusqlite", "reqwest", "std::thread", "crate::store", "crate::ui", "crate::workers"],
    ),
    ("roster", &["egui", "nokhwa", "rusqlite", "reqwest", "crate::store", "crate::ui", "crate::workers"]),
    ("health", &["egui", "nokhwa", "rusqlite", "reqwest", "crate::store", "crate::ui", "crate::workers"]),
    ("log", &["egui", "nokhwa", "rusqlite", "reqwest", "crate::store", "crate::ui", "crate::workers"]),
    ("store", &["egui", "nokhwa", "reqwest", "crate::ui", "crate::workers", "crate::visit::Visit"]),
];

#[test]
fn modules_know_only_what_they_may() {
    for (module, strangers) in STRANGERS {
        for file in rust_files(&project().join("src").join(module)) {
            let text = fs::read_to_string(&file).unwrap();
            let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            for stranger in strangers {
                let met = code.iter().find(|line| line.contains(stranger));
                assert!(met.is_none(), "{} knows {stranger}: {}", file.display(), met.unwrap());
            }
        }
    }
}

#[test]
fn only_the_platform_and_the_cameras_driver_ask_for_the_operating_system() {
    let at_home = ["src/platform", "src/camera/webcam"].map(|place| project().join(place));
    for file in rust_files(&project().join("src")) {
        if at_home.iter().any(|place| file.starts_with(place)) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        // Tests may: they look at modes and links.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let is_test = file.components().any(|part| part.as_os_str() == "tests");
        for asks in ["std::os::", "cfg(unix)", "cfg(windows)", "target_os", "target_family", "rustix::", "sd_notify::"]
        {
            assert!(is_test || !code.contains(asks), "{} asks for the operating system: {asks}", file.display());
        }
    }
}

#[test]
fn the_upload_policy_is_pure() {
    let text = fs::read_to_string(project().join("src/upload/policy.rs")).unwrap();
    for stranger in ["reqwest", "rusqlite", "std::thread", "Instant::now"] {
        assert!(!text.contains(stranger), "src/upload/policy.rs knows {stranger}");
    }
}

#[test]
fn every_module_says_what_it_is() {
    for file in rust_files(&project().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} does not open with its purpose", file.display());
    }
}

#[test]
fn nothing_is_named_manager_service_helper_or_utils() {
    for file in rust_files(&project().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let declares = ["struct ", "enum ", "trait ", "mod "].iter().any(|word| line.contains(word));
            let vague =
                ["Manager", "Helper", "Utils", "mod helper", "mod utils"].iter().any(|word| line.contains(word));
            assert!(!(declares && vague), "{}: {line}", file.display());
        }
    }
}
