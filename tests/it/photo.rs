//! `szz-kiosk photo` and `matte` on files.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use image::RgbImage;
use serde_json::Value;

use crate::{errors, fixture, json_lines, kiosk, test_data};

/// A frame of the demo's sitter in place, as a file.
fn sitter_in_place(folder: &Path) -> PathBuf {
    use std::time::{Duration, Instant};
    use szz_kiosk::camera::Camera;
    use szz_kiosk::camera::simulated::{Scene, SimulatedCamera, Stage};

    let stage = Stage::default();
    stage.show(Scene::Sitter { since: Instant::now(), moves_for: Duration::ZERO });
    let mut frame = RgbImage::default();
    SimulatedCamera::open(stage, 30).unwrap().next_picture(&mut frame).unwrap();
    let path = folder.join("sitter.png");
    frame.save(&path).unwrap();
    path
}

/// `szz-kiosk photo` on some pictures, with its reports as JSON.
fn photo(pictures: &[PathBuf], out: &Path, more: &[&OsStr]) -> Output {
    kiosk().arg("photo").args(pictures).arg("--out").arg(out).arg("--json").args(more).output().unwrap()
}

/// `szz-kiosk matte` on the fixture.
fn matte(alpha: &Path, white: &Path, more: &[&OsStr]) -> Output {
    let picture = fixture("astronaut.jpg");
    kiosk().arg("matte").arg(picture).arg("--alpha").arg(alpha).arg("--white").arg(white).args(more).output().unwrap()
}

#[test]
fn a_good_picture_becomes_a_portrait_by_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let picture = sitter_in_place(folder.path());
    let output = photo(&[picture], folder.path(), &[]);
    assert!(output.status.success(), "{}", errors(&output));
    let report = &json_lines(&output)[0];
    // The sitter smiles: that is a warning, and nothing else stands in the way.
    assert_eq!(report["verdict"], "warn", "{report}");
    assert!(report["reasons"].as_array().unwrap().iter().all(|reason| reason["severity"] == "warn"), "{report}");
    let within = |value: &Value, low: f64, high: f64| (low..=high).contains(&value.as_f64().unwrap());
    assert!(within(&report["geometry"]["crown_px"], 50.0, 110.0), "{report}");
    assert!(within(&report["geometry"]["eyes_px"], 200.0, 300.0), "{report}");
    assert!(within(&report["geometry"]["face_width_px"], 180.0, 300.0), "{report}");
    assert!(within(&report["geometry"]["centre_offset_px"], -12.0, 12.0), "{report}");
    for step in ["decode", "detect", "mesh", "matting", "foreground", "compose", "encode", "total"] {
        assert!(within(&report["timings_ms"][step], 0.0, 60_000.0), "{step}: {report}");
    }

    let jpeg = fs::read(report["output"]["path"].as_str().unwrap()).unwrap();
    assert_eq!(report["output"]["bytes"], jpeg.len());
    assert!((30_000..=40_000).contains(&jpeg.len()), "{} bytes", jpeg.len());
    assert!(report["output"]["quality"].as_u64().unwrap() >= 60);
    assert_eq!(&jpeg[6..18], b"JFIF\0\x01\x02\x01\x01\x2c\x01\x2c", "300 dots per inch");
    let portrait = image::load_from_memory(&jpeg).unwrap().to_rgb8();
    assert_eq!(portrait.dimensions(), (480, 640));
    // The wall is gone: the corners beside the head are white.
    for (x, y) in [(4, 4), (475, 4), (20, 200), (460, 200)] {
        assert!(
            portrait.get_pixel(x, y).0.iter().all(|value| *value >= 250),
            "{:?} at {x},{y}",
            portrait.get_pixel(x, y)
        );
    }
    // The person is not: the middle of the face is skin.
    let [r, _, b] = portrait.get_pixel(240, 300).0;
    assert!(r > b, "no face in the middle");
}

#[test]
fn a_small_picture_says_which_number_fails_and_a_strict_profile_refuses_it() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("strict.toml");
    fs::write(&profile, "[severity]\nresolution = \"block\"\n").unwrap();
    let output = photo(&[fixture("astronaut.jpg")], folder.path(), &["--profile".as_ref(), profile.as_os_str()]);
    assert!(output.status.success(), "{}", errors(&output));
    let report = &json_lines(&output)[0];
    assert_eq!(report["verdict"], "retake");
    let reason = &report["reasons"][0];
    assert_eq!(reason["check"], "resolution");
    assert!(reason["measured"].as_f64().unwrap() < reason["allowed"][0].as_f64().unwrap(), "{reason}");
    assert!(reason["message"].as_str().unwrap().len() > 20, "{reason}");
    assert!(report["output"]["path"].as_str().unwrap().ends_with("astronaut.retake.jpg"));
}

#[test]
fn one_unreadable_file_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.jpg");
    fs::write(&broken, b"\xff\xd8\xff\xe0 not a picture").unwrap();
    let empty_wall = folder.path().join("wall.png");
    image::RgbImage::from_pixel(640, 480, image::Rgb([200, 200, 200])).save(&empty_wall).unwrap();
    let output = photo(&[broken, empty_wall], &folder.path().join("out"), &[]);
    assert_eq!(output.status.code(), Some(1));
    let reports = json_lines(&output);
    assert_eq!((&reports[0]["verdict"], &reports[1]["verdict"]), (&"error".into(), &"retake".into()));
    assert_eq!(reports[1]["reasons"][0]["check"], "face_count");
    assert_eq!(reports[1]["output"], Value::Null);
}

#[test]
fn a_missing_library_is_a_sentence_not_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libonnxruntime.so");
    let output = photo(&[fixture("astronaut.jpg")], folder.path(), &["--onnxruntime".as_ref(), library.as_os_str()]);
    assert_eq!(output.status.code(), Some(2));
    let message = errors(&output);
    assert!(message.contains("ONNX Runtime") && message.contains("installer/dev setup"), "{message}");
    assert!(!message.contains("panicked"), "{message}");
}

#[test]
fn an_altered_library_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libonnxruntime.so");
    fs::write(&library, b"\x7fELF but not really").unwrap();
    let output = photo(&[fixture("astronaut.jpg")], folder.path(), &["--onnxruntime".as_ref(), library.as_os_str()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("SHA-256"), "{}", errors(&output));
}

#[test]
fn a_matte_has_the_size_of_the_picture_and_a_plate_of_another_size_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let (alpha, white) = (folder.path().join("alpha"), folder.path().join("white"));
    let output = matte(&alpha, &white, &[]);
    assert!(output.status.success(), "{}", errors(&output));
    let grey = image::open(alpha.join("astronaut.png")).unwrap();
    assert_eq!(grey.color(), image::ColorType::L8);
    let grey = grey.to_luma8();
    assert_eq!(grey.dimensions(), (512, 512));
    assert_eq!((grey.get_pixel(5, 250).0[0], grey.get_pixel(225, 110).0[0]), (0, 255));
    assert_eq!(image::open(white.join("astronaut.png")).unwrap().to_rgb8().get_pixel(400, 20).0, [255; 3]);

    let plate = folder.path().join("plate.png");
    image::RgbImage::new(100, 100).save(&plate).unwrap();
    let output = matte(&alpha, &white, &["--plate".as_ref(), plate.as_os_str()]);
    assert!(output.status.success());
    assert!(errors(&output).contains("done without the plate"), "{}", errors(&output));
}

/// Frontal, upright and open-eyed portraits must get a picture within the standard's geometry.
#[test]
fn every_good_portrait_of_the_test_pictures_gets_a_picture() {
    let Some(data) = test_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut pictures: Vec<_> =
        fs::read_dir(data.join("portraits/portrait")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pictures.sort();
    let output = photo(&pictures, folder.path(), &[]);
    let reports = json_lines(&output);
    assert_eq!(reports.len(), pictures.len());
    let with_picture = reports.iter().filter(|report| !report["output"].is_null()).count();
    let passed: Vec<_> = reports.iter().filter(|report| report["verdict"] != "retake").collect();
    println!("{} pictures: {with_picture} portraits, {} within the standard", reports.len(), passed.len());
    assert!(reports.iter().all(|report| report["verdict"] != "error"), "a portrait could not be read");
    assert!(with_picture * 100 >= reports.len() * 95, "{with_picture} of {}", reports.len());
    for report in passed {
        let crown = report["geometry"]["crown_px"].as_f64().unwrap();
        assert!((50.0..=110.0).contains(&crown), "{report}");
        let bytes = report["output"]["bytes"].as_u64().unwrap();
        assert!((30_000..=40_000).contains(&bytes), "{report}");
    }
}
