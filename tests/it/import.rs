//! Pictures that students bring: every bad one has a sentence in both languages, and wherever the frame
//! may be put, the portrait's geometry meets the standard.

use std::fs;

use szz_kiosk::photo::crop::Crop;
use szz_kiosk::photo::decode::open_picture;
use szz_kiosk::photo::develop::{Developed, Developer};
use szz_kiosk::photo::import::ImportProblem;
use szz_kiosk::photo::runtime::ModelLoader;
use szz_kiosk::photo::standard::PhotoProfile;
use szz_kiosk::photo::{Check, Finding};
use szz_kiosk::ui::strings::imports;
use szz_kiosk::visit::Language;

use crate::{fixture, test_data};

fn developer() -> Developer {
    Developer::load(&ModelLoader::new(None, None, 2).unwrap()).unwrap()
}

fn passes(developed: &Developed, check: Check) -> bool {
    developed.findings.iter().find(|finding| finding.check == check).is_some_and(Finding::passed)
}

#[test]
fn wherever_the_frame_may_be_the_portrait_meets_the_standards_geometry() {
    let (mut developer, profile) = (developer(), PhotoProfile::default());
    let picture = open_picture(&fixture("astronaut.jpg")).unwrap();
    let placement = developer.place(&picture, &profile).unwrap().expect("one person");
    let best = placement.best;
    let frames: [Crop; 5] = [
        best,
        placement.zoomed(best, 9.0),
        placement.zoomed(best, 0.1),
        placement.shifted(best, 999.0, 999.0),
        placement.shifted(placement.zoomed(best, 9.0), -999.0, -999.0),
    ];
    for frame in frames {
        let developed = developer.develop_framed(&picture, frame, &profile).unwrap();
        for check in [Check::Crown, Check::Eyes, Check::FaceWidth, Check::Centre, Check::FileSize] {
            assert!(passes(&developed, check), "{check:?} of {frame:?}: {:?}", developed.geometry);
        }
        assert!(developed.crop == Some(frame.rect) && developed.portrait.is_some());
    }
    let by_itself = developer.develop(&picture, None, &profile).unwrap();
    assert_eq!(by_itself.crop, Some(best.rect), "the frame begins where the booth itself would cut");
}

#[test]
fn a_portrait_changes_its_background_and_nothing_of_the_person() {
    let (mut developer, profile) = (developer(), PhotoProfile::default());
    let picture = open_picture(&fixture("astronaut.jpg")).unwrap();
    let white = developer.develop(&picture, None, &profile).unwrap().portrait.unwrap();
    let blue = white.on([100, 197, 255], &profile).unwrap().unwrap();
    assert_eq!((blue.background, blue.pixels.get_pixel(2, 2).0), ([100, 197, 255], [100, 197, 255]));
    let middle = |portrait: &szz_kiosk::photo::Portrait| *portrait.pixels.get_pixel(240, 330);
    assert_eq!(middle(&blue), middle(&white));
    let anew = PhotoProfile { background: [100, 197, 255], ..profile };
    let developed = developer.develop(&picture, None, &anew).unwrap();
    let by_itself = developed.portrait.unwrap();
    assert_eq!((&*blue.jpeg, blue.findings.len()), (&*by_itself.jpeg, by_itself.findings.len()));
    for (chosen, made) in blue.findings.iter().zip(&by_itself.findings) {
        let same = chosen.measured == made.measured || chosen.measured.is_nan();
        assert!(same && chosen.check == made.check, "{chosen:?} instead of {made:?}");
    }
}

#[test]
fn a_picture_without_one_person_is_named() {
    let (mut developer, profile) = (developer(), PhotoProfile::default());
    let person = open_picture(&fixture("astronaut.jpg")).unwrap();
    let mut two = image::RgbImage::new(1024, 512);
    image::imageops::replace(&mut two, &person, 0, 0);
    image::imageops::replace(&mut two, &person, 512, 0);
    let wall = image::RgbImage::from_pixel(800, 600, image::Rgb([200; 3]));
    for (picture, problem) in [(two, ImportProblem::SeveralFaces), (wall, ImportProblem::NoFace)] {
        assert_eq!(developer.place(&picture, &profile).unwrap().err(), Some(problem));
    }
}

/// As a student would choose them, one after the other.
#[test]
fn every_bad_test_picture_is_imported_or_refused_in_both_languages() {
    let Some(data) = test_data() else { return };
    let (mut developer, profile) = (developer(), PhotoProfile::default());
    let mut refused = 0;
    for entry in fs::read_dir(data.join("bad_inputs")).unwrap() {
        let path = entry.unwrap().path();
        let problem = match open_picture(&path) {
            Err(error) => ImportProblem::Picture(error),
            Ok(picture) => match developer.place(&picture, &profile).unwrap() {
                Err(problem) => problem,
                Ok(placement) => {
                    let developed = developer.develop_framed(&picture, placement.best, &profile).unwrap();
                    assert!(developed.passed() || developed.failed().next().is_some(), "{}", path.display());
                    continue;
                }
            },
        };
        refused += 1;
        for language in [Language::Chinese, Language::English] {
            let (headline, todo) = imports::problem(language, problem);
            assert!(!headline.is_empty() && !todo.is_empty(), "{}: {problem:?}", path.display());
        }
    }
    assert!(refused > 15, "only {refused} were refused");
}
