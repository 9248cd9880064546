//! The booth's settings: one TOML file as IT wrote it, checked into what the program runs on.
//! All problems are reported at once. Secrets are never in the file, only in files it points to.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::code::payload::Adapter;
use crate::photo::runtime::places_around_the_program;
use crate::photo::standard::PhotoProfile;
use crate::submission::{Algorithm, ServerKey};
use crate::visit::{Language, Patience, Steps};

mod screen;
mod sound;
mod visit;

pub use screen::Screen;
pub use sound::Sound;
pub use visit::Help;

mod code;

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{path} cannot be read: {cause}")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("{path} is not valid TOML for this program:\n{reason}")]
    Malformed { path: PathBuf, reason: String },
    #[error("{path} has {} problem(s):\n  - {}", problems.len(), problems.join("\n  - "))]
    Problems { path: PathBuf, problems: Vec<String> },
    #[error("there is no photo profile {name}; looked in: {looked}")]
    NoProfile { name: String, looked: String },
}

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kiosk: RawKiosk,
    paths: RawPaths,
    #[serde(default)]
    photo: RawPhoto,
    #[serde(default)]
    camera: CameraConfig,
    agreement: RawAgreement,
    #[serde(default)]
    code: code::RawCode,
    #[serde(default)]
    server: RawServer,
    #[serde(default)]
    retention: RawRetention,
    #[serde(default)]
    backup: RawBackup,
    #[serde(default)]
    patience: RawPatience,
    #[serde(default)]
    visit: visit::RawVisit,
    #[serde(default)]
    payment: visit::RawPayment,
    #[serde(default)]
    help: Help,
    #[serde(default)]
    screen: Screen,
    #[serde(default)]
    sound: Sound,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawRetention {
    days: u32,
    for_ever: bool,
}

impl Default for RawRetention {
    fn default() -> Self {
        Self { days: 30, for_ever: false }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawBackup {
    folder: Option<PathBuf>,
    keep: usize,
}

impl Default for RawBackup {
    fn default() -> Self {
        Self { folder: None, keep: 3 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKiosk {
    id: String,
    #[serde(default)]
    language: Language,
    #[serde(default = "yes")]
    full_screen: bool,
    #[serde(default)]
    signature: Algorithm,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPaths {
    data: PathBuf,
    secrets: PathBuf,
    models: Option<PathBuf>,
    onnxruntime: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawPhoto {
    profile: String,
    plate: Option<PathBuf>,
}

impl Default for RawPhoto {
    fn default() -> Self {
        Self { profile: "national".to_owned(), plate: None }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAgreement {
    version: String,
    folder: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawServer {
    url: Option<String>,
    public_key: Option<String>,
    token_file: PathBuf,
    interval_s: u64,
    proxy: Option<String>,
    ca_file: Option<PathBuf>,
    trust_only_ca: bool,
    client_certificate_file: Option<PathBuf>,
    bundle_key: Option<String>,
}

impl Default for RawServer {
    fn default() -> Self {
        Self {
            url: None,
            public_key: None,
            token_file: "server.token".into(),
            interval_s: 30,
            proxy: None,
            ca_file: None,
            trust_only_ca: false,
            client_certificate_file: None,
            bundle_key: None,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawPatience {
    idle_s: u64,
    countdown_s: u64,
    done_s: u64,
    screens: visit::RawScreens,
}

impl Default for RawPatience {
    fn default() -> Self {
        Self { idle_s: 60, countdown_s: 3, done_s: 15, screens: visit::RawScreens::default() }
    }
}

/// Which camera to open, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CameraConfig {
    /// Part of the camera's name or of its socket's, or "auto".
    pub device: String,
    pub width_px: u32,
    pub height_px: u32,
    pub fps: u32,
    /// Units of 100 µs.
    pub exposure: Setting,
    /// Kelvin.
    pub white_balance: Setting,
    /// The camera's own units.
    pub focus: Setting,
    /// Light flickers at twice this; 0 leaves it alone.
    pub power_line_hz: u32,
}

/// What the camera chooses itself, or a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawSetting")]
pub enum Setting {
    #[default]
    Auto,
    Fixed(i64),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawSetting {
    Word(String),
    Value(i64),
}

impl TryFrom<RawSetting> for Setting {
    type Error = String;

    fn try_from(raw: RawSetting) -> Result<Self, String> {
        match raw {
            RawSetting::Value(value) => Ok(Self::Fixed(value)),
            RawSetting::Word(word) if word == "auto" => Ok(Self::Auto),
            RawSetting::Word(word) => Err(format!("{word:?}: give \"auto\" or a whole number")),
        }
    }
}

impl Default for CameraConfig {
    fn default() -> Self {
        Self {
            device: "auto".to_owned(),
            width_px: 1280,
            height_px: 720,
            fps: 30,
            exposure: Setting::Auto,
            white_balance: Setting::Auto,
            focus: Setting::Auto,
            power_line_hz: 50,
        }
    }
}

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
    pub profile: PhotoProfile,
    /// Picture of the empty booth.
    pub plate: Option<PathBuf>,
    pub camera: CameraConfig,
    pub agreement: Agreement,
    /// How codes are understood, keys included: never printed.
    pub code: Adapter,
    pub server: Option<ServerConfig>,
    /// Days after the receipt until picture and identity are erased; None keeps them.
    pub retention_days: Option<u32>,
    pub backup: BackupConfig,
    pub patience: Patience,
    pub steps: Steps,
    /// What the code for WeChat begins with.
    pub link_url: Option<String>,
    pub help: Help,
    pub screen: Screen,
    pub sound: Sound,
    /// Where USB sticks are mounted; empty when none is read.
    pub usb_folders: Vec<PathBuf>,
    /// Where the page for phones is, when there may be one.
    pub phone_page: Option<SocketAddr>,
}

#[derive(Clone, Debug)]
pub struct ServerConfig {
    pub url: String,
    /// Public key that receipts are checked with.
    pub public_key: ServerKey,
    pub token_file: PathBuf,
    pub interval: Duration,
    /// `http://host:port`. The environment's proxies are never used.
    pub proxy: Option<String>,
    /// PEM certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Trust `ca_file` alone, not the system's certificates.
    pub trust_only_ca: bool,
    /// PEM of the booth's own certificate and key.
    pub client_certificate: Option<PathBuf>,
    /// The server's public age key: whom bundles are encrypted for.
    pub bundle_key: Option<age::x25519::Recipient>,
}

/// Copies of the database.
#[derive(Clone, Debug)]
pub struct BackupConfig {
    /// None: no copies by itself.
    pub folder: Option<PathBuf>,
    /// How many copies stay.
    pub keep: usize,
}

impl Config {
    /// A key belongs to one algorithm for good.
    pub fn device_key_file(&self) -> PathBuf {
        self.secrets.join(match self.signature {
            Algorithm::Ed25519 => "device.key",
            Algorithm::Sm2 => "device-sm2.key",
        })
    }
}

/// The texts a student agrees to, by language.
#[derive(Clone, Debug)]
pub struct Agreement {
    pub version: String,
    chinese: AgreementText,
    english: AgreementText,
}

#[derive(Clone, Debug)]
pub struct AgreementText {
    pub agreement: String,
    pub photo_consent: String,
}

impl Agreement {
    pub fn text(&self, language: Language) -> &AgreementText {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }

    /// Reads the four text files of `folder`; a missing one is described in `problems`.
    pub fn read(folder: &Path, version: String, problems: &mut Vec<String>) -> Self {
        let mut read = |name: &str| {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Ok(text) if !text.trim().is_empty() => text.trim().to_owned(),
                Ok(_) => {
                    problems.push(format!("[agreement] {} is empty", path.display()));
                    String::new()
                }
                Err(error) => {
                    problems.push(format!("[agreement] {} cannot be read: {error}", path.display()));
                    String::new()
                }
            }
        };
        let mut texts = |language: &str| AgreementText {
            agreement: read(&format!("user-agreement.{language}.txt")),
            photo_consent: read(&format!("photo-consent.{language}.txt")),
        };
        Self { version, chinese: texts("zh-CN"), english: texts("en") }
    }
}

impl AgreementText {
    /// SHA-256 of the two texts as shown: what a consent record names.
    pub fn digests(&self) -> ([u8; 32], [u8; 32]) {
        (Sha256::digest(&self.agreement).into(), Sha256::digest(&self.photo_consent).into())
    }
}

/// Reads and checks a config file.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let text = fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })?;
    let raw: Raw = toml::from_str(&text)
        .map_err(|error| ConfigError::Malformed { path: path.to_owned(), reason: error.to_string() })?;
    let folder = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned)).unwrap_or_default();
    let mut problems = Vec::new();
    let config = check(raw, &folder, &mut problems);
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError::Problems { path: path.to_owned(), problems }),
    }
}

/// `None` only when something without a stand-in is wrong, which is then among the problems.
fn check(raw: Raw, folder: &Path, problems: &mut Vec<String>) -> Option<Config> {
    let id = &raw.kiosk.id;
    if id.is_empty() || id.len() > 40 || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        problems.push(format!("[kiosk] id = {id:?}: use 1–40 letters, digits and dashes"));
    }
    let mut seconds = |key: &str, value: u64, (low, high): (u64, u64)| {
        if !(low..=high).contains(&value) {
            problems.push(format!("[patience] {key} = {value}: must be within {low}–{high} seconds"));
        }
        Duration::from_secs(value.clamp(low, high))
    };
    let patience = Patience {
        screens: raw.patience.screens.check(&mut seconds),
        idle: seconds("idle_s", raw.patience.idle_s, (20, 600)),
        countdown: seconds("countdown_s", raw.patience.countdown_s, (1, 10)),
        done: seconds("done_s", raw.patience.done_s, (3, 120)),
        ..Patience::default()
    };
    let camera = &raw.camera;
    if !(320..=4096).contains(&camera.width_px) || !(240..=4096).contains(&camera.height_px) {
        problems.push(format!("[camera] {} × {} px: too small or too large", camera.width_px, camera.height_px));
    }
    if ![0, 50, 60].contains(&camera.power_line_hz) {
        problems.push(format!("[camera] power_line_hz = {}: must be 50, 60 or 0", camera.power_line_hz));
    }
    let agreement = Agreement::read(&folder.join(&raw.agreement.folder), raw.agreement.version, problems);
    let secrets = folder.join(&raw.paths.secrets);
    let code = code::check(raw.code, &secrets, problems);
    let server = check_server(raw.server, folder, &secrets, problems);
    let profile = match find_profile_near(&raw.photo.profile, Some(folder)) {
        Ok(profile) => Some(profile),
        Err(error) => {
            problems.push(format!("[photo] profile: {error}"));
            None
        }
    };
    let server_is_there = server.is_some();
    let profile = profile?;
    let steps = visit::check(&raw.visit, &raw.payment, server_is_there, &profile, problems);
    Some(Config {
        kiosk_id: raw.kiosk.id,
        language: raw.kiosk.language,
        full_screen: raw.kiosk.full_screen,
        signature: raw.kiosk.signature,
        data: folder.join(raw.paths.data),
        secrets,
        models: raw.paths.models.map(|path| folder.join(path)),
        onnxruntime: raw.paths.onnxruntime.map(|path| folder.join(path)),
        profile,
        plate: raw.photo.plate.map(|path| folder.join(path)),
        camera: raw.camera,
        agreement,
        code: code?,
        server,
        retention_days: (!raw.retention.for_ever).then_some(raw.retention.days),
        backup: BackupConfig { folder: raw.backup.folder.map(|path| folder.join(path)), keep: raw.backup.keep.max(1) },
        patience,
        steps,
        link_url: raw.visit.wechat_url,
        help: raw.help,
        screen: raw.screen.checked(problems),
        sound: raw.sound.checked(folder, problems),
        usb_folders: raw.visit.usb_folders,
        phone_page: raw.visit.import_from_phone,
    })
}

fn check_server(raw: RawServer, folder: &Path, secrets: &Path, problems: &mut Vec<String>) -> Option<ServerConfig> {
    let (url, key) = match (raw.url, raw.public_key) {
        (None, None) => return None,
        (Some(url), Some(key)) => (url, key),
        _ => {
            problems.push("[server] url and public_key belong together: give both or neither".to_owned());
            return None;
        }
    };
    if !url.starts_with("https://") && !url.starts_with("http://127.0.0.1") {
        problems.push("[server] url must begin with https://".to_owned());
    }
    if raw.trust_only_ca && raw.ca_file.is_none() {
        problems.push("[server] trust_only_ca = true: name the certificates in ca_file".to_owned());
    }
    if raw.proxy.as_ref().is_some_and(|proxy| !proxy.starts_with("http://") && !proxy.starts_with("https://")) {
        problems.push("[server] proxy must be of the form http://host:port".to_owned());
    }
    let bundle_key = raw.bundle_key.and_then(|key| {
        key.parse()
            .map_err(|reason| problems.push(format!("[server] bundle_key is no age public key (age1…): {reason}")))
            .ok()
    });
    let public_key = match key.parse() {
        Ok(key) => key,
        Err(error) => {
            problems.push(format!("[server] public_key: {error}"));
            return None;
        }
    };
    let interval = Duration::from_secs(raw.interval_s.max(1));
    Some(ServerConfig {
        url,
        public_key,
        token_file: secrets.join(raw.token_file),
        interval,
        proxy: raw.proxy,
        ca_file: raw.ca_file.map(|path| folder.join(path)),
        trust_only_ca: raw.trust_only_ca,
        client_certificate: raw.client_certificate_file.map(|path| secrets.join(path)),
        bundle_key,
    })
}

/// A photo profile by name, from the `kiosk-config/profiles` beside the program, or a file.
pub fn find_profile(name: &str) -> Result<PhotoProfile, ConfigError> {
    find_profile_near(name, None)
}

fn find_profile_near(name: &str, folder: Option<&Path>) -> Result<PhotoProfile, ConfigError> {
    let file = format!("{name}.toml");
    let beside = folder.map(|folder| folder.join("profiles").join(&file));
    let around = places_around_the_program().into_iter().map(|place| place.join("kiosk-config/profiles").join(&file));
    let candidates: Vec<PathBuf> = [PathBuf::from(name)].into_iter().chain(beside).chain(around).collect();
    let path = candidates.iter().find(|path| path.is_file()).ok_or_else(|| ConfigError::NoProfile {
        name: name.to_owned(),
        looked: candidates.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    })?;
    let text = fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable { path: path.clone(), cause })?;
    let profile: PhotoProfile = toml::from_str(&text)
        .map_err(|error| ConfigError::Malformed { path: path.clone(), reason: error.to_string() })?;
    match profile.problems() {
        problems if problems.is_empty() => Ok(profile),
        problems => Err(ConfigError::Problems { path: path.clone(), problems }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn example(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config").join(name)
    }

    #[test]
    fn the_example_config_is_sound() {
        let config = load(&example("kiosk.toml")).unwrap();
        assert_eq!(config.profile, PhotoProfile::default());
        assert!(config.server.is_none());
    }

    #[test]
    fn every_profile_that_ships_is_sound() {
        for entry in fs::read_dir(example("profiles")).unwrap() {
            let path = entry.unwrap().path();
            find_profile(path.to_str().unwrap()).unwrap();
        }
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let text = fs::read_to_string(example("kiosk.toml"))
            .unwrap()
            .replace("id = \"campus-a-01\"", "id = \"campus a\"")
            .replace("idle_s = 60", "idle_s = 5")
            .replace("profile = \"national\"", "profile = \"no-such\"")
            .replace("# url =", "url =");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, text).unwrap();
        let message = load(&path).unwrap_err().to_string();
        for key in ["[kiosk] id", "[patience] idle_s", "[photo] profile", "[agreement]", "[server]"] {
            assert!(message.contains(key), "{key} is not named in: {message}");
        }
    }

    #[test]
    fn a_camera_setting_is_auto_or_a_whole_number() {
        let camera: CameraConfig = toml::from_str("exposure = 156\nfocus = \"auto\"").unwrap();
        assert_eq!((camera.exposure, camera.focus), (Setting::Fixed(156), Setting::Auto));
        let error = toml::from_str::<CameraConfig>("exposure = \"bright\"").unwrap_err().to_string();
        assert!(error.contains("exposure") && error.contains("whole number"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let text = fs::read_to_string(example("kiosk.toml")).unwrap().replace("idle_s = 60", "idel_s = 60");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, text).unwrap();
        let message = load(&path).unwrap_err().to_string();
        assert!(message.contains("idel_s") && message.contains("line"), "{message}");
    }
}
