//! Whole visits through the real workers, with nobody at the window.

use image::{Rgb, RgbImage};

use super::*;
use crate::camera::simulated::{SimulatedCamera, Stage};
use crate::camera::stills::Use;
use crate::camera::{Camera as _, CameraError};
use crate::code::CodeProblem;
use crate::code::payload::Adapter;
use crate::config::Config;
use crate::photo::Check;
use crate::submission::Manifest;
use crate::visit::{Ending, PictureSource, Review};

/// After one visit with this plate: whether staff are asked for another.
fn asks_for_a_plate(plate: Option<&RgbImage>) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plate.png");
    if let Some(plate) = plate {
        plate.save(&path).unwrap();
    }
    let mut demo = Demo::set_up(1).unwrap();
    demo.config = Arc::new(Config { plate: Some(path), ..demo.config.as_ref().clone() });
    let mut student = Student::enter(&mut demo, &Script::default()).unwrap();
    student.visit().unwrap();
    student.booth.needs_plate()
}

#[test]
fn staff_are_asked_for_a_plate_that_fits_and_served_all_the_same() {
    let mut wall = RgbImage::default();
    SimulatedCamera::open(Stage::default(), 30).unwrap().next_picture(&mut wall).unwrap();
    assert!(!asks_for_a_plate(Some(&wall)), "the booth's own wall");
    let striped = RgbImage::from_fn(wall.width(), wall.height(), |x, _| Rgb([(x / 40 % 2 * 120 + 60) as u8; 3]));
    assert!(asks_for_a_plate(Some(&striped)), "another wall");
    let small = RgbImage::from_pixel(640, 480, Rgb([200; 3]));
    assert!(asks_for_a_plate(Some(&small)), "another camera mode");
    assert!(asks_for_a_plate(None), "no file where the config says");
}

#[test]
fn a_code_that_only_the_server_knows_is_asked_about_until_the_server_answers() {
    let mut demo = Demo::set_up(1).unwrap();
    demo.config = Arc::new(Config { code: Adapter::Online, ..demo.config.as_ref().clone() });
    Office::open(&demo.config).unwrap().store.replace_roster(&[]).unwrap();
    let mut student = Student::enter(&mut demo, &Script::default()).unwrap();
    demo.server.phones(Phones::Unreachable);
    student.touch(Event::Start);
    let says =
        |wanted| move |state: &State| matches!(state, State::Scan { problem: Some(problem), .. } if *problem == wanted);
    student.pause("the question", says(CodeProblem::Asking)).unwrap();
    student.pause("the server is away", says(CodeProblem::ServerAway)).unwrap();
    for minted in &demo.students {
        demo.server.enrol(minted.payload.digest(), minted.enrolment.clone());
    }
    demo.server.phones(Phones::Never);
    student.pause("Confirm", |state| matches!(state, State::Confirm { .. })).unwrap();
}

#[test]
fn the_server_hears_how_the_booth_is() {
    let mut demo = Demo::set_up(1).unwrap();
    let mut student = Student::enter(&mut demo, &Script::default()).unwrap();
    student.pause("a heartbeat", |_| demo.server.heartbeat(&demo.config.kiosk_id).is_some()).unwrap();
    let heartbeat = demo.server.heartbeat(&demo.config.kiosk_id).unwrap();
    assert!(heartbeat.camera_fps > 0.0 && heartbeat.queue.is_some() && heartbeat.lights.len() == 10, "{heartbeat:?}");
}

/// What the newest record says of its picture's source.
fn newest_source(demo: &Demo) -> Option<PictureSource> {
    let store = Office::open(&demo.config).unwrap().store;
    let newest = store.records().map(Result::unwrap).last().unwrap();
    Manifest::from_bytes(&newest.manifest).unwrap().picture.source
}

#[test]
fn a_picture_from_a_stick_or_a_phone_becomes_a_record_that_says_so() {
    let mut demo = Demo::set_up(3).unwrap();
    let mut student = Student::enter(&mut demo, &Script::default()).unwrap();
    student.visit().unwrap();

    student.arrive().unwrap();
    student.agree().unwrap();
    student.touch(Event::Bring(PictureSource::Stick));
    let shown =
        |state: &State| matches!(state, State::Pictures { album, .. } if album.shown.iter().flatten().count() == 5);
    student.pause("the thumbnails", shown).unwrap();
    let says = |state: &State| matches!(state, State::Pictures { album, .. } if album.problem.is_some());
    for useless in [2, 3, 4] {
        student.touch(Event::ChoosePicture(useless));
        student.pause("what is wrong with it", says).unwrap();
    }
    student.touch(Event::ChoosePicture(0));
    student.pause("Crop", |state| matches!(state, State::Crop { .. })).unwrap();
    student.touch(Event::Accept);
    student.pause("Review", |state| matches!(state, State::Review { .. })).unwrap();
    student.submit().unwrap();
    student.pay_and_leave().unwrap();
    assert_eq!(newest_source(&demo), Some(PictureSource::Stick));

    student.arrive().unwrap();
    student.agree().unwrap();
    student.touch(Event::Bring(PictureSource::Phone));
    student.pause("the page", |state| matches!(state, State::Upload { url: Some(_), .. })).unwrap();
    let State::Upload { url: Some(url), .. } = student.booth.state() else { unreachable!() };
    let (url, file) = (url.clone(), std::fs::read(demo.config.usb_folders[0].join("DEMO-STICK/room.jpg")).unwrap());
    let sent = reqwest::blocking::Client::new().post(&url).body(file).send().unwrap();
    assert!(sent.status().is_success(), "{}", sent.status());
    student.pause("Crop", |state| matches!(state, State::Crop { .. })).unwrap();
    student.touch(Event::Accept);
    student.pause("Review", |state| matches!(state, State::Review { .. })).unwrap();
    assert!(reqwest::blocking::get(&url).is_err(), "the page is gone");
    student.submit().unwrap();
    student.pay_and_leave().unwrap();
    assert_eq!(newest_source(&demo), Some(PictureSource::Phone));
}

#[test]
fn a_rejected_photo_is_told_with_its_reasons_and_a_withdrawn_one_is_gone_everywhere() {
    let mut demo = Demo::set_up(1).unwrap();
    let mut student = Student::enter(&mut demo, &Script::default()).unwrap();
    student.visit().unwrap();
    student.wait_until("the receipt", |booth| booth.acknowledged() >= 1).unwrap();
    demo.server.reviewer().reject_all(&["head_roll"]);
    let office = Office::open(&demo.config).unwrap();
    let code = demo.students[0].payload.digest();
    let is_told = |_: &Booth| {
        let account = office.store.find_account(code).unwrap();
        account.and_then(|account| account.status).is_some_and(|status| !status.reasons.is_empty())
    };
    student.wait_until("the news", is_told).unwrap();

    student.arrive().unwrap();
    let State::Centre { record, .. } = student.booth.state() else { panic!("{:?}", student.booth.state()) };
    assert_eq!(record.review, Review::Rejected { reasons: vec!["head_roll".to_owned()] });
    assert!(record.as_of.is_some() && record.portrait.is_some());
    let submission = record.submission;
    student.touch(Event::Withdraw);
    student.touch(Event::ConfirmWithdrawal);
    student.pause("Ended", |state| matches!(state, State::Ended { .. })).unwrap();
    let ending = Ending::Withdrawn { known_to_server: true };
    assert!(matches!(student.booth.state(), State::Ended { ending: told } if *told == ending));
    assert!(office.store.find_account(code).unwrap().is_none() && office.store.picture(submission).unwrap().is_none());
    let is_erased = |_: &Booth| demo.server.content(submission).is_some_and(|(_, picture)| picture.is_empty());
    student.wait_until("the server erases it", is_erased).unwrap();
}

/// The simulated camera with a mode for stills half as large again.
struct TwoModes {
    camera: SimulatedCamera,
    using: Use,
}

impl camera::Camera for TwoModes {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        let came_at = self.camera.next_picture(into)?;
        if self.using == Use::Still {
            *into = image::imageops::resize(into, 1920, 1080, image::imageops::FilterType::Triangle);
        }
        Ok(came_at)
    }

    fn still_mode(&self) -> Option<String> {
        Some("1920 × 1080".to_owned())
    }

    fn change(&mut self, to: Use) -> Result<(), CameraError> {
        self.using = to;
        Ok(())
    }
}

/// Pixels of the still in one of the newest portrait.
fn resolution_of_newest(demo: &Demo) -> f32 {
    let store = Office::open(&demo.config).unwrap().store;
    let newest = store.records().map(Result::unwrap).last().unwrap();
    let id = Manifest::from_bytes(&newest.manifest).unwrap().submission_id;
    let checks = store.checks(id).unwrap();
    checks.iter().find(|record| record.check == Check::Resolution).and_then(|record| record.measured).unwrap()
}

#[test]
fn a_photo_is_cut_out_of_the_larger_stills_of_a_camera_that_changes_quickly() {
    let mut demo = Demo::set_up(2).unwrap();
    let mut student = Student::enter(&mut demo, &Script::default()).unwrap();
    student.visit().unwrap();
    drop(student);
    let of_the_preview = resolution_of_newest(&demo);

    let (stage, fps) = (demo.stage.clone(), demo.config.camera.fps);
    let open = move || {
        let camera = SimulatedCamera::open(stage.clone(), fps)?;
        Ok(Box::new(TwoModes { camera, using: Use::Preview }) as Box<dyn camera::Camera>)
    };
    let mut director = demo.director(Pace::HURRIED);
    director.visits = 1;
    let mut student = Student::at(demo.config.clone(), Arc::new(open), director, STEP).unwrap();
    student.wait_until("the trial of the change", |booth| booth.frames().count() > 45).unwrap();
    student.visit().unwrap();
    let ratio = resolution_of_newest(&demo) / of_the_preview;
    assert!((1.4..1.6).contains(&ratio), "{ratio}");
    student
        .wait_until("the preview", |booth| booth.frames().newest().is_some_and(|frame| frame.picture.width() == 1280))
        .unwrap();
}
