//! `szz-kiosk check-config`, and what the other commands say of settings that are wrong.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
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
    let code = |file: &Path| kiosk().arg("check-config").arg(file).output().unwrap().status.code();
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

/// The schema as the program prints it.
fn schema(name: &str) -> String {
    let output = kiosk().args(["check-config", "--schema", name]).output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_schemas_that_are_kept_are_those_of_the_types() {
    for name in ["kiosk", "profile"] {
        let file = project().join(format!("kiosk-config/{name}.schema.json"));
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let how = format!("szz-kiosk check-config --schema {name} >kiosk-config/{name}.schema.json");
        assert!(kept == schema(name), "{} is stale: {how}", file.display());
    }
}

/// Why a text does not fit a schema; nothing when it does. By another validator than the program's own.
fn misfit(name: &str, text: &str) -> Option<String> {
    let schema: Value = serde_json::from_str(&schema(name)).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", schema).unwrap();
    let compiled = compiler.compile("schema.json", &mut schemas).unwrap();
    let value: toml::Table = toml::from_str(text).unwrap();
    schemas.validate(&serde_json::to_value(value).unwrap(), compiled).err().map(|error| error.to_string())
}

#[test]
fn the_examples_fit_the_schemas_and_what_is_wrong_does_not() {
    let config = project().join("kiosk-config");
    let read = |file: &Path| fs::read_to_string(file).unwrap();
    for name in ["kiosk.toml", "kiosk.minimal.toml"] {
        assert_eq!(misfit("kiosk", &read(&config.join(name))), None, "{name}");
    }
    for entry in fs::read_dir(config.join("profiles")).unwrap() {
        let file = entry.unwrap().path();
        assert_eq!(misfit("profile", &read(&file)), None, "{}", file.display());
    }
    let minimal = read(&config.join("kiosk.minimal.toml"));
    for wrong in [
        minimal.replace("campus-a-01", "campus a"),
        minimal.replace("[paths]", "[path]"),
        format!("{minimal}\n[patience]\nidle_s = 5\n"),
        format!("{minimal}\n[sound]\nvolume = \"loud\"\n"),
        format!("{minimal}\n[code]\nkind = \"opaqe\"\n"),
        format!("{minimal}\n[camera]\npower_line_hz = 55\n"),
    ] {
        assert!(misfit("kiosk", &wrong).is_some(), "{wrong}");
    }
    assert!(misfit("profile", "[severity]\nglases = \"block\"").is_some());
}

/// Each `key =` of the example with its section, those that are commented out too.
fn keys_of_the_example(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut keys = Vec::new();
    for line in text.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((key, value)) = line.split_once(" = ")
            && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            keys.push((section.clone(), key.to_owned(), value.to_owned()));
        }
    }
    keys
}

fn leaves(schema: &Value, section: &str, found: &mut Vec<(String, String)>) {
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        if inner["properties"].is_object() {
            let section = if section.is_empty() { name.clone() } else { format!("{section}.{name}") };
            leaves(inner, &section, found);
        } else {
            found.push((section.to_owned(), name.clone()));
        }
    }
}

#[test]
fn every_setting_is_in_the_example_and_every_example_is_of_the_right_type() {
    let text = fs::read_to_string(project().join("kiosk-config/kiosk.toml")).unwrap();
    let keys = keys_of_the_example(&text);
    let mut settings = Vec::new();
    leaves(&serde_json::from_str(&schema("kiosk")).unwrap(), "", &mut settings);
    assert!(settings.len() > 70);
    // Those of the texts are many: a command prints them.
    let texts = String::from_utf8(kiosk().args(["generate", "texts"]).output().unwrap().stdout).unwrap();
    let texts: toml::Table = toml::from_str(&texts).unwrap();
    for (section, key) in settings {
        if let Some(language) = section.strip_prefix("texts.") {
            assert!(texts["texts"][language].get(&key).is_some(), "{key} is not printed");
            continue;
        }
        let is_there = keys.iter().any(|(within, name, _)| *within == section && *name == key);
        assert!(is_there, "[{section}] {key} is not in kiosk.toml");
    }
    // Whatever is commented out, too, the first of two.
    let mut full = toml::Table::new();
    for (section, key, value) in keys {
        let value: toml::Table = toml::from_str(&format!("value = {value}")).unwrap();
        let inner = section.split('.').fold(&mut full, |table, name| {
            let inner = table.entry(name).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            inner.as_table_mut().unwrap()
        });
        inner.entry(key).or_insert_with(|| value["value"].clone());
    }
    assert_eq!(misfit("kiosk", &toml::to_string(&full).unwrap()), None);
}
