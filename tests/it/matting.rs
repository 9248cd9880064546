//! How well the person is cut out, with and without a plate, measured against true opacity.

use std::fs;
use std::path::Path;

use image::{GrayImage, RgbImage, imageops};
use szz_kiosk::photo::develop::Developer;
use szz_kiosk::photo::foreground;
use szz_kiosk::photo::plate::Misfit;
use szz_kiosk::photo::raster;
use szz_kiosk::photo::runtime::{ModelLoader, inference_threads};
use szz_kiosk::photo::standard::PhotoProfile;

use crate::{errors, fixture, json_lines, kiosk, test_data};

const WHITE: [u8; 3] = [255, 255, 255];

fn developer() -> Developer {
    Developer::load(&ModelLoader::new(None, None, inference_threads()).unwrap()).unwrap()
}

#[test]
fn wherever_a_pixel_is_wholly_the_person_it_is_only_resampled() {
    let mut developer = developer();
    let still = image::open(fixture("astronaut.jpg")).unwrap().into_rgb8();
    let mut on = |background| {
        let profile = PhotoProfile { background, ..PhotoProfile::default() };
        let developed = developer.develop(&still, None, &profile).unwrap();
        (developed.portrait.unwrap().pixels.clone(), developed.crop.unwrap())
    };
    let (on_white, crop) = on(WHITE);
    let (on_blue, _) = on([100, 197, 255]);
    let resampled = raster::resample(&still, crop, 480, 640);
    // Where the background shows through nowhere, there is only the person.
    let mut person = 0;
    for ((white, blue), own) in on_white.pixels().zip(on_blue.pixels()).zip(resampled.pixels()) {
        if white == blue {
            assert_eq!(white, own);
            person += 1;
        }
    }
    assert!(person > 480 * 640 / 3, "only {person} pixels are the person");
}

#[test]
fn mattes_are_told_in_json_and_a_file_that_is_no_picture_stops_none() {
    let folder = tempfile::tempdir().unwrap();
    let (alpha, white, junk) = (folder.path().join("alpha"), folder.path().join("white"), folder.path().join("a.jpg"));
    fs::write(&junk, "no picture").unwrap();
    let mut command = kiosk();
    command.args(["matte", "--json", "--alpha"]).arg(&alpha).arg("--white").arg(&white);
    let output = command.arg(&junk).arg(fixture("astronaut.jpg")).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    let said = json_lines(&output);
    assert!(said[0]["file"] == junk.to_str().unwrap() && said[0]["error"].is_string(), "{said:?}");
    for part in ["alpha", "white"] {
        assert!(Path::new(said[1][part].as_str().unwrap()).is_file(), "{said:?}");
    }
}

#[derive(Debug, Default)]
struct Score {
    /// Mean difference of opacity, × 1000.
    mad: f64,
    /// Mean difference of colour on white over the true edge, 0..=255.
    halo: f64,
}

/// Scores the mean over all composites, as the field does: opacity over the picture, colour at the edge.
fn score(folder: &Path, developer: &mut Developer, with_plate: bool) -> Score {
    let mut sum = Score::default();
    let mut count = 0.0;
    for entry in fs::read_dir(folder.join("image")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let subject = name.split("__").next().unwrap();
        let open = |kind: &str, file: String| image::open(folder.join(kind).join(file)).unwrap();
        let picture = image::open(&path).unwrap().into_rgb8();
        let plate = with_plate.then(|| open("plate", format!("{name}.jpg")).into_rgb8());
        let alpha = open("alpha", format!("{subject}.png")).into_luma8();
        let colours = open("fg", format!("{subject}.jpg")).into_rgb8();

        let cut_out = developer.cut_out(&picture, plate.as_ref()).unwrap();
        assert_eq!(cut_out.misfit, None, "{name}");
        let on_white = foreground::compose(&picture, &cut_out.colours, &cut_out.matte, WHITE);
        sum.mad += mad(&cut_out.matte.alpha, &alpha);
        sum.halo += halo(&on_white, &colours, &alpha);
        count += 1.0;
    }
    assert!(count > 0.0, "no composites");
    Score { mad: sum.mad / count, halo: sum.halo / count }
}

fn mad(found: &[f32], truth: &GrayImage) -> f64 {
    let differences = found.iter().zip(truth.pixels()).map(|(a, b)| f64::from((a - f32::from(b.0[0]) / 255.0).abs()));
    differences.sum::<f64>() / found.len() as f64 * 1000.0
}

fn halo(on_white: &RgbImage, colours: &RgbImage, truth: &GrayImage) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for ((got, colour), alpha) in on_white.pixels().zip(colours.pixels()).zip(truth.pixels()) {
        let alpha = f64::from(alpha.0[0]) / 255.0;
        if alpha > 0.02 && alpha < 0.98 {
            let wanted = |n: usize| alpha * f64::from(colour.0[n]) + (1.0 - alpha) * 255.0;
            sum += (0..3).map(|n| (f64::from(got.0[n]) - wanted(n)).abs()).sum::<f64>() / 3.0;
            count += 1.0;
        }
    }
    sum / count
}

#[test]
fn people_are_cut_out_as_well_as_was_measured() {
    let Some(folder) = test_data().map(|data| data.join("matting_composites")) else { return };
    let mut developer = developer();
    let guessed = score(&folder, &mut developer, false);
    let solved = score(&folder, &mut developer, true);
    println!("without a plate {guessed:?}, with a plate {solved:?}");
    assert!(guessed.mad <= 6.0 && guessed.halo <= 11.0, "{guessed:?}");
    assert!(solved.mad <= 3.4 && solved.halo <= 8.1, "{solved:?}");
}

#[test]
fn a_plate_of_another_room_is_not_used_and_the_matte_is_as_without() {
    let Some(folder) = test_data().map(|data| data.join("matting_composites")) else { return };
    let open = |file: &str| image::open(folder.join(file)).unwrap().into_rgb8();
    let picture = open("image/s00__room.jpg");
    let mut developer = developer();
    let without = developer.cut_out(&picture, None).unwrap();
    for (plate, misfit) in [
        (open("plate/s00__wall-grey.jpg"), Misfit::Scene),
        (imageops::rotate180(&open("plate/s00__room.jpg")), Misfit::Scene),
        (imageops::huerotate(&open("plate/s00__room.jpg"), 120), Misfit::Scene),
        (open("plate/s05__room.jpg"), Misfit::Size),
    ] {
        let with = developer.cut_out(&picture, Some(&plate)).unwrap();
        let reason = with.misfit.expect("the plate does not fit");
        assert!(reason == misfit || reason == Misfit::Light, "{reason:?}");
        assert_eq!(with.matte.alpha, without.matte.alpha);
    }
}
