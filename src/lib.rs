//! 速证照 booth: reads the student's 图像采集码, takes consent, shoots the photo, replaces the
//! background and queues a signed submission.
//!
//! Reading order: [`visit`] is what happens to one student, [`operator`] what staff do; [`code`], [`photo`] and [`submission`]
//! are what a visit is made of; [`camera`], [`store`] and [`upload`] are the outside world;
//! [`workers`] run them on threads; [`ui`] paints; [`booth`] and [`app`] join everything; [`boot`] leads to them
//! from the settings.

pub mod app;
pub mod boot;
pub mod booth;
pub mod bundle;
pub mod camera;
pub mod code;
pub mod command;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod enrolment;
pub mod gauge;
pub mod hand_scanner;
pub mod health;
pub mod http;
pub mod log;
pub mod office;
pub mod operator;
pub mod phone_page;
pub mod photo;
pub mod platform;
pub mod preview;
pub mod process;
pub mod report;
pub mod roster;
pub mod secret_file;
pub mod sound;
pub mod stick;
pub mod store;
pub mod submission;
pub mod ui;
pub mod update;
pub mod upload;
pub mod visit;
pub mod watchdog;
pub mod words;
pub mod workers;

/// Which program this is. `installer/deb` names the commit of whatever is no release.
pub const VERSION: &str = match option_env!("SZZ_KIOSK_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};
