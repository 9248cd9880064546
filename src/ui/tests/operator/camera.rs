//! The camera page.

use std::sync::Arc;

use super::{can_press, press};
use crate::operator::{
    CameraChange, CameraChoice, CameraControl, CameraPage, ChosenMode, Event, Lock, Look, Offer, OfferedControl,
    OfferedDevice, Screen,
};
use crate::ui::strings::operator::{OperatorStrings, cameras};
use crate::ui::tests::booth::LANGUAGES;

const MODES: [ChosenMode; 3] = [
    ChosenMode { width_px: 3840, height_px: 2160, fps: 30 },
    ChosenMode { width_px: 1920, height_px: 1080, fps: 60 },
    ChosenMode { width_px: 1280, height_px: 720, fps: 120 },
];

/// Two cameras, the first in its middle mode, with everything that can be held.
fn offer(lock: fn(i64) -> Lock) -> Offer {
    let device = |name: &str| OfferedDevice { name: name.to_owned(), key: name.to_lowercase() };
    let control = |least, most, now| Some(OfferedControl { least, most, step: 1, now, lock: lock(now) });
    Offer {
        devices: vec![device("Logitech BRIO Ultra HD"), device("HD Webcam C920")],
        in_use: Some(0),
        modes: MODES.to_vec(),
        mode: Some(MODES[1]),
        exposure: control(3, 2047, 156),
        white_balance: control(2800, 6500, 5000),
        focus: control(0, 250, 40),
    }
}

fn page(offer: Offer, is_chosen: bool) -> CameraPage {
    let mut histogram = [0.0; Look::COLUMNS];
    histogram.iter_mut().enumerate().for_each(|(column, share)| *share = column as f32 / Look::COLUMNS as f32);
    let look = Look { fps: 29.7, age_ms: Some(134), size_px: (3840, 2160), histogram, burnt_out: 0.034 };
    let choice = CameraChoice { offer, is_chosen };
    CameraPage { choice: Some(Arc::new(choice)), look: Some(Arc::new(look)), has_failed: false }
}

fn held() -> Screen {
    Screen::Camera(page(offer(Lock::Locked), true))
}

fn by_itself() -> Screen {
    Screen::Camera(page(offer(|_| Lock::Auto), false))
}

/// More cameras than have room side by side, the second of them in use.
fn many() -> Screen {
    let device = |number: usize| OfferedDevice { name: format!("Camera {number}"), key: format!("key {number}") };
    let devices = (1..=5).map(device).collect();
    Screen::Camera(page(Offer { devices, in_use: Some(1), ..offer(|_| Lock::Auto) }, false))
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let (language, own) = (words.language, |text: &str| text.to_owned());
    let failed = CameraPage { has_failed: true, ..page(offer(|_| Lock::Auto), false) };
    let blind = CameraPage { look: Some(Arc::default()), ..page(Offer::default(), false) };
    vec![
        (Screen::Camera(CameraPage::default()), own(words.camera_asking)),
        (Screen::Camera(failed), own(words.camera_failed)),
        (Screen::Camera(blind.clone()), own(words.camera_none)),
        (Screen::Camera(blind), own(words.camera_not_offered)),
        (by_itself(), own(words.camera_config)),
        (by_itself(), own(words.camera_hint)),
        (by_itself(), own(words.camera_histogram)),
        (held(), own(words.camera_chosen)),
        (many(), "2 / 5  Camera 2".to_owned()),
        (held(), cameras::mode(language, MODES[1])),
        (held(), cameras::control(language, CameraControl::WhiteBalance).to_owned()),
    ]
}

fn change(screen: Screen, language: crate::visit::Language, label: &str) -> CameraChange {
    match press(screen, language, label) {
        Event::ChangeCamera(change) => change,
        other => panic!("{label}: {other:?}"),
    }
}

#[test]
fn device_mode_and_what_is_held_are_chosen() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        assert_eq!(change(held(), language, "HD Webcam C920"), CameraChange::Device("hd webcam c920".to_owned()));
        let smaller = format!("{} –", words.camera_mode);
        let larger = format!("{} +", words.camera_mode);
        assert_eq!(change(held(), language, &smaller), CameraChange::Mode(MODES[2]));
        assert_eq!(change(held(), language, &larger), CameraChange::Mode(MODES[0]));
        for control in CameraControl::ALL {
            let now = control.of(&offer(|_| Lock::Auto)).unwrap().now;
            let hold = cameras::lock(language, control, false);
            assert_eq!(change(by_itself(), language, &hold), CameraChange::Hold(control, Lock::Locked(now)));
            let free = cameras::lock(language, control, true);
            assert_eq!(change(held(), language, &free), CameraChange::Hold(control, Lock::Auto));
            let more = format!("{} +", cameras::control(language, control));
            let raised = change(held(), language, &more);
            assert!(
                matches!(raised, CameraChange::Hold(which, Lock::Locked(value)) if which == control && value > now),
                "{raised:?}"
            );
            assert!(!can_press(by_itself(), language, &more), "nothing is stepped that the camera chooses");
        }
        for (step, key) in [("–", "key 1"), ("+", "key 3")] {
            let label = format!("{} {step}", words.camera_title);
            assert_eq!(change(many(), language, &label), CameraChange::Device(key.to_owned()));
        }
        assert_eq!(change(held(), language, words.camera_forget), CameraChange::Forget);
        assert!(!can_press(by_itself(), language, words.camera_forget), "the settings file holds already");
    }
}
