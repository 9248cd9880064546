//! What staff chose on the camera page. It lies in a small file beside the database and wins over `[camera]` of the
//! config, whose comments and order nobody's program should touch.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::{CameraConfig, Setting};

/// Where it lies.
pub fn file(data: &Path) -> PathBuf {
    data.join("camera.toml")
}

/// What wins over the config; nothing does unless it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chosen {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ChosenMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Lock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub white_balance: Option<Lock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus: Option<Lock>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenMode {
    pub width_px: u32,
    pub height_px: u32,
    pub fps: u32,
}

/// The camera's own choice, or a value that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    Auto,
    Locked(i64),
}

impl From<Lock> for Setting {
    fn from(lock: Lock) -> Self {
        match lock {
            Lock::Auto => Self::Auto,
            Lock::Locked(value) => Self::Fixed(value),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ChosenError {
    #[error("{} cannot be {doing}: {cause}", path.display())]
    Io { path: PathBuf, doing: &'static str, cause: io::Error },
    #[error("{} is not what the camera page writes; remove it, and the config's [camera] holds again: {reason}", path.display())]
    Malformed { path: PathBuf, reason: String },
}

impl Chosen {
    /// Nothing was chosen where there is no file.
    pub fn load(path: &Path) -> Result<Self, ChosenError> {
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| ChosenError::Malformed { path: path.to_owned(), reason: error.message().to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(cause) => Err(ChosenError::Io { path: path.to_owned(), doing: "read", cause }),
        }
    }

    /// Whole or not at all, and still there after a power cut.
    pub fn save(&self, path: &Path) -> Result<(), ChosenError> {
        let failed = |cause| ChosenError::Io { path: path.to_owned(), doing: "written", cause };
        let text = toml::to_string(self).map_err(|error| failed(io::Error::other(error)))?;
        let partial = path.with_extension("partial");
        let mut file = fs::File::create(&partial).map_err(failed)?;
        io::Write::write_all(&mut file, format!("# Written by operator mode: wins over [camera].\n{text}").as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&partial, path))
            .map_err(failed)
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The config with what was chosen.
    pub fn over(&self, config: &CameraConfig) -> CameraConfig {
        let mode =
            self.mode.unwrap_or(ChosenMode { width_px: config.width_px, height_px: config.height_px, fps: config.fps });
        CameraConfig {
            device: self.device.clone().unwrap_or_else(|| config.device.clone()),
            width_px: mode.width_px,
            height_px: mode.height_px,
            fps: mode.fps,
            exposure: self.exposure.map_or(config.exposure, Setting::from),
            white_balance: self.white_balance.map_or(config.white_balance, Setting::from),
            focus: self.focus.map_or(config.focus, Setting::from),
            ..config.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Chosen {
        Chosen {
            device: Some("usb-0000:00:14.0-3".to_owned()),
            mode: Some(ChosenMode { width_px: 1920, height_px: 1080, fps: 30 }),
            exposure: Some(Lock::Locked(156)),
            white_balance: Some(Lock::Auto),
            focus: None,
        }
    }

    #[test]
    fn what_was_chosen_outlives_the_program_and_wins_over_the_config() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path());
        assert!(Chosen::load(&path).unwrap().is_empty());
        all().save(&path).unwrap();
        let chosen = Chosen::load(&path).unwrap();
        assert_eq!(chosen, all());
        let config =
            CameraConfig { white_balance: Setting::Fixed(5000), focus: Setting::Fixed(7), ..CameraConfig::default() };
        let camera = chosen.over(&config);
        assert_eq!((camera.width_px, camera.exposure), (1920, Setting::Fixed(156)));
        assert_eq!(
            (camera.white_balance, camera.focus),
            (Setting::Auto, Setting::Fixed(7)),
            "what was not chosen stays"
        );
        Chosen::default().save(&path).unwrap();
        assert_eq!(Chosen::load(&path).unwrap().over(&config).white_balance, Setting::Fixed(5000));
    }

    #[test]
    fn a_file_that_somebody_spoiled_is_said_so_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path());
        for text in ["exposure = 3", "colour = \"red\"", "\u{0}"] {
            fs::write(&path, text).unwrap();
            let error = Chosen::load(&path).unwrap_err().to_string();
            assert!(error.contains("camera.toml") && error.contains("remove it"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
}
