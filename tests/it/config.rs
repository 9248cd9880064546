//! `szz-kiosk check-config`, and what the other commands say of settings that are wrong.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::{errors, json_lines, kiosk, project};

/// The example with its own agreements, changed.
fn settings(changes: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let example = project().join("kiosk-config");
    let text = fs::read_to_string(example.join("kiosk.toml")).unwrap();
    let agreements = format!("folder = {:?}", example.join("agreements"));
    let mut text = text.replace("folder = \"agreements\"", &agreements);
    for (before, after) in changes {
        assert!(text.contains(before), "{before} is not in the example");
        text = text.replacen(before, after, 1);
    }
    let file = folder.path().join("kiosk.toml");
    fs::write(&file, text).unwrap();
    (folder, file)
}

#[test]
fn every_problem_is_a_line_that_an_editor_can_jump_to() {
    let (_folder, file) = settings(&[("idle_s = 60", "idel_s = 60"), ("fps = 30", "fps = \"30\"")]);
    let output = kiosk().arg("check-config").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let places: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix(&format!("{}:", file.display()))).collect();
    assert_eq!(places.len(), 3, "{text}");
    assert!(places[0].contains(":1: camera.fps: must be a whole number, is text"), "{text}");
    assert!(places[1].contains(":1: patience.idel_s: there is no such key"), "{text}");
    assert!(text.contains("    did you mean patience.idle_s?"), "{text}");
    assert!(places[2].ends_with("2 problems"), "{text}");
}

#[test]
fn problems_are_json_with_line_key_rule_and_hint() {
    let (_folder, file) = settings(&[("mode = \"none\"", "mode = \"online\"\nfee_fne = 1")]);
    let command = |language| {
        let output = kiosk()
            .args(["check-config", "--json", "--language", language])
            .arg(&file)
            .env("SZZ_KIOSK__SOUND__VOLUME", "loud")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
        json_lines(&output).remove(0)
    };
    let report = command("en");
    assert_eq!(report["sound"], false);
    assert_eq!(report["overrides"], serde_json::json!(["SZZ_KIOSK__SOUND__VOLUME"]));
    let keys: Vec<_> = report["problems"].as_array().unwrap().iter().map(|problem| &problem["key"]).collect();
    assert_eq!(keys, ["payment.mode", "payment.fee_fne", "payment.fee_fen", "sound.volume"]);
    let fee = &report["problems"][1];
    assert!(fee["line"].as_u64() > Some(100) && fee["column"] == 1, "{fee}");
    assert_eq!(fee["hint"], "did you mean payment.fee_fen?");
    assert_eq!(report["problems"][3]["variable"], "SZZ_KIOSK__SOUND__VOLUME");
    assert_eq!(command("zh")["problems"][1]["rule"], "没有这个键");
}

#[test]
fn what_is_sound_and_what_cannot_be_read_have_their_own_exit_codes() {
    let (folder, file) = settings(&[]);
    let code = |file: &std::path::Path| kiosk().arg("check-config").arg(file).output().unwrap().status.code();
    assert_eq!(code(&file), Some(0));
    assert_eq!(code(&folder.path().join("none.toml")), Some(2));
    fs::write(&file, "[kiosk\n").unwrap();
    assert_eq!(code(&file), Some(1));
}

#[test]
fn other_commands_say_the_same() {
    let (_folder, file) = settings(&[("idle_s = 60", "idel_s = 60"), ("days = 30", "days = -1")]);
    let output = kiosk().args(["queue", "--config"]).arg(&file).arg("status").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    assert!(said.contains("2 problems") && said.contains("did you mean patience.idle_s?"), "{said}");
    assert!(said.contains("retention.days: -1 is not allowed"), "{said}");
    let output = kiosk().args(["photo", "none.jpg", "--out", "none", "--profile", "none"]).output().unwrap();
    assert!(errors(&output).contains("no such photo profile"), "{}", errors(&output));
}
