//! The booth's settings: one TOML file as IT wrote it, checked into what the program runs on.
//! Secrets are never in the file, only in files it points to.
//!
//! A file goes this way: [`document`] reads it and knows where each key stands, [`environment`] lays the fleet's
//! variables over it, [`shape`] holds it against the [`schema`] that is made from the types, [`file`] takes it in,
//! and each section judges what it says. Every [`Problem`] found on the way is reported at once.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::code::payload::Adapter;
use crate::photo::standard::PhotoProfile;
use crate::submission::Algorithm;
use crate::update::Exchange;
use crate::visit::{Language, Patience, Steps};

mod agreement;
mod camera;
mod code;
mod document;
mod environment;
mod file;
mod health;
mod help;
mod kiosk;
mod log;
mod patience;
mod photo;
mod pinned;
mod problem;
mod roster;
pub mod schema;
mod screen;
mod server;
mod shape;
mod sound;
mod storage;
mod texts;
mod visit;
mod words;

#[cfg(test)]
mod tests;

pub use agreement::{Agreement, AgreementText};
pub use camera::{CameraConfig, Setting, StillSize};
pub use environment::Overrides;
pub use help::Help;
pub use kiosk::is_kiosk_id;
pub use log::Log;
pub use photo::find_profile;
pub use pinned::Pinned;
pub use problem::{BadConfig, Place, Problem};
pub use roster::RosterOffers;
pub use screen::Screen;
pub use server::{ServerAccess, ServerConfig};
pub use sound::Sound;
pub use storage::BackupConfig;
pub use texts::BoothTexts;

use document::Document;
use file::Raw;
use problem::{Problems, Rule};

/// What the program runs on: every path absolute, every number in range.
#[derive(Clone, Debug)]
pub struct Config {
    pub kiosk_id: String,
    pub language: Language,
    pub full_screen: bool,
    /// How this booth signs its records.
    pub signature: Algorithm,
    pub data: PathBuf,
    pub secrets: PathBuf,
    pub models: Option<PathBuf>,
    pub onnxruntime: Option<PathBuf>,
    /// Where updates are handed over, on a booth that takes them.
    pub update: Option<Exchange>,
    pub profile: PhotoProfile,
    /// Picture of the empty booth.
    pub plate: Option<PathBuf>,
    pub camera: CameraConfig,
    pub agreement: Agreement,
    /// How codes are understood, keys included: never printed.
    pub code: Adapter,
    pub server: Option<ServerConfig>,
    /// How to speak to the server, also before the booth has enrolled.
    pub server_access: ServerAccess,
    /// Days after the receipt until picture and identity are erased; None keeps them.
    pub retention_days: Option<u32>,
    pub backup: BackupConfig,
    pub patience: Patience,
    pub steps: Steps,
    /// What the code for WeChat begins with.
    pub link_url: Option<String>,
    pub help: Help,
    /// Words of the screens that this booth says in its own way.
    pub texts: BoothTexts,
    pub roster: RosterOffers,
    pub screen: Screen,
    pub sound: Sound,
    pub log: Log,
    /// Where USB sticks are mounted; empty when none is read.
    pub usb_folders: Vec<PathBuf>,
    /// Where the page for phones is, when there may be one.
    pub phone_page: Option<SocketAddr>,
    /// Where the health page is, when there is one: a loopback address.
    pub health: Option<SocketAddr>,
}

impl Config {
    /// The encrypted database.
    pub fn database(&self) -> PathBuf {
        self.data.join("kiosk.db")
    }

    /// A key belongs to one algorithm for good.
    pub fn device_key_file(&self) -> PathBuf {
        self.secrets.join(match self.signature {
            Algorithm::Ed25519 => "device.key",
            Algorithm::Sm2 => "device-sm2.key",
        })
    }
}

/// Reads and checks a config file, with what the environment says over it.
pub fn load(path: &Path) -> Result<Config, BadConfig> {
    load_with(path, &Overrides::of_this_process())
}

pub fn load_with(path: &Path, overrides: &Overrides) -> Result<Config, BadConfig> {
    check(read(path)?, overrides, Enrolment::Pinned)
}

/// As [`load`], for a booth that is about to enrol: an earlier enrolment, or none, is no problem.
pub fn load_to_enrol(path: &Path) -> Result<Config, BadConfig> {
    check(read(path)?, &Overrides::of_this_process(), Enrolment::Awaited)
}

fn read(path: &Path) -> Result<Document, BadConfig> {
    Document::read(path).map_err(|problems| BadConfig::new(path, problems))
}

/// What an earlier enrolment says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Enrolment {
    Pinned,
    Awaited,
}

fn check(mut document: Document, overrides: &Overrides, enrolment: Enrolment) -> Result<Config, BadConfig> {
    let path = document.file.clone();
    let folder = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned)).unwrap_or_default();
    let mut found = overrides.apply(&mut document, schema::kiosk());
    found.extend(shape::fit(&mut document, schema::kiosk()));
    let raw = Raw::deserialize(document.table.clone());
    let language = raw.as_ref().map_or_else(|_| Language::default(), |raw| raw.kiosk.language);
    let mut problems = Problems::new(&document, found);
    let config = match raw {
        Ok(raw) => judge(raw, &folder, enrolment, &mut problems),
        // The schema lets nothing through that the types do not take; were it so, this says it.
        Err(error) => {
            problems.add("", Rule::Syntax(error.message().to_owned()));
            None
        }
    };
    if enrolment == Enrolment::Awaited {
        problems.forgive(&Rule::NotEnrolled);
    }
    match (problems.into_error(&path), config) {
        (Some(bad), _) => Err(BadConfig { language, ..bad }),
        (None, Some(config)) => Ok(config),
        (None, None) => unreachable!("what has no stand-in is among the problems"),
    }
}

/// `None` only when something without a stand-in is wrong, which is then among the problems.
fn judge(raw: Raw, folder: &Path, enrolment: Enrolment, problems: &mut Problems<'_>) -> Option<Config> {
    let secrets = folder.join(&raw.paths.secrets);
    let pinned = match enrolment {
        Enrolment::Pinned => Pinned::load(&secrets).unwrap_or_else(|error| {
            problems.add("server", code::secret_rule(error).1);
            None
        }),
        Enrolment::Awaited => None,
    };
    kiosk::check(&raw.kiosk, pinned.as_ref(), problems);
    let agreement = agreement::check(raw.agreement, folder, problems);
    let code = code::check(raw.code, &secrets, problems);
    let (server_access, server) = server::check(raw.server, pinned.as_ref(), folder, &secrets, problems);
    let profile = photo::check(&raw.photo, folder, problems);
    let judged_by = profile.clone().unwrap_or_default();
    let has_server = server.is_some() || (enrolment == Enrolment::Awaited && server_access.url.is_some());
    let visit = visit::check(raw.visit, &raw.payment, has_server, &judged_by, problems);
    let health = health::check(raw.health, problems);
    let screen = raw.screen.checked(problems);
    let sound = raw.sound.checked(folder, problems);
    let texts = raw.texts.checked(problems);
    let retention_days = raw.retention.checked(problems);
    Some(Config {
        kiosk_id: raw.kiosk.id,
        language: raw.kiosk.language,
        full_screen: raw.kiosk.full_screen,
        signature: raw.kiosk.signature,
        data: folder.join(raw.paths.data),
        secrets,
        models: raw.paths.models.map(|path| folder.join(path)),
        onnxruntime: raw.paths.onnxruntime.map(|path| folder.join(path)),
        update: raw.paths.update.map(|path| Exchange::in_folder(folder.join(path))),
        profile: profile?,
        plate: raw.photo.plate.map(|path| folder.join(path)),
        camera: raw.camera,
        agreement,
        code: code?,
        server,
        server_access,
        retention_days,
        backup: raw.backup.beside(folder),
        patience: raw.patience.into(),
        steps: visit.steps,
        link_url: visit.link_url,
        help: raw.help,
        texts,
        roster: raw.roster,
        screen,
        sound,
        log: raw.log,
        usb_folders: visit.usb_folders,
        phone_page: visit.phone_page,
        health,
    })
}
