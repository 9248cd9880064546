//! `kiosk.toml` as written, section by section.

use schemars::JsonSchema;
use serde::Deserialize;

use super::agreement::RawAgreement;
use super::camera::CameraConfig;
use super::code::RawCode;
use super::health::RawHealth;
use super::help::Help;
use super::kiosk::{RawKiosk, RawPaths};
use super::log::Log;
use super::patience::RawPatience;
use super::photo::RawPhoto;
use super::roster::RosterOffers;
use super::screen::Screen;
use super::server::RawServer;
use super::sound::Sound;
use super::storage::{RawBackup, RawRetention};
use super::texts::BoothTexts;
use super::visit::{RawPayment, RawVisit};

/// The booth's settings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub kiosk: RawKiosk,
    pub paths: RawPaths,
    #[serde(default)]
    pub photo: RawPhoto,
    #[serde(default)]
    pub camera: CameraConfig,
    pub agreement: RawAgreement,
    #[serde(default)]
    pub code: RawCode,
    #[serde(default)]
    pub server: RawServer,
    #[serde(default)]
    pub retention: RawRetention,
    #[serde(default)]
    pub backup: RawBackup,
    #[serde(default)]
    pub patience: RawPatience,
    #[serde(default)]
    pub visit: RawVisit,
    #[serde(default)]
    pub payment: RawPayment,
    #[serde(default)]
    pub help: Help,
    #[serde(default)]
    pub texts: BoothTexts,
    #[serde(default)]
    pub roster: RosterOffers,
    #[serde(default)]
    pub screen: Screen,
    #[serde(default)]
    pub sound: Sound,
    #[serde(default)]
    pub log: Log,
    #[serde(default)]
    pub health: RawHealth,
}
