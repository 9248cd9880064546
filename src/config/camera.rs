//! `[camera]`: which camera to open, and how.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Which camera to open, and how.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CameraConfig {
    /// Part of the camera's name or of its socket's, or "auto".
    pub device: String,
    #[schemars(range(min = 320, max = 4096))]
    pub width_px: u32,
    #[schemars(range(min = 240, max = 4096))]
    pub height_px: u32,
    pub fps: u32,
    pub stills: StillSize,
    /// Units of 100 µs.
    pub exposure: Setting,
    /// Kelvin.
    pub white_balance: Setting,
    /// The camera's own units.
    pub focus: Setting,
    /// Light flickers at twice this; 0 leaves it alone.
    #[schemars(extend("enum" = [0, 50, 60]))]
    pub power_line_hz: u32,
}

impl Default for CameraConfig {
    fn default() -> Self {
        Self {
            device: AUTO.to_owned(),
            width_px: 1280,
            height_px: 720,
            fps: 30,
            stills: StillSize::Largest,
            exposure: Setting::Auto,
            white_balance: Setting::Auto,
            focus: Setting::Auto,
            power_line_hz: 50,
        }
    }
}

/// How large the pictures are from which photos are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StillSize {
    /// Up to 1920 × 1080, where the camera changes its mode quickly enough.
    #[default]
    Largest,
    /// The preview's own pictures.
    Preview,
}

const AUTO: &str = "auto";

/// What the camera chooses itself, or a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "RawSetting", into = "RawSetting")]
pub enum Setting {
    #[default]
    Auto,
    Fixed(i64),
}

impl JsonSchema for Setting {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Setting".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "const": AUTO }, { "type": "integer" }] })
    }
}

#[derive(Deserialize, Serialize)]
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
            RawSetting::Word(word) if word == AUTO => Ok(Self::Auto),
            RawSetting::Word(word) => Err(format!("{word:?}: give \"auto\" or a whole number")),
        }
    }
}

impl From<Setting> for RawSetting {
    fn from(setting: Setting) -> Self {
        match setting {
            Setting::Auto => Self::Word(AUTO.to_owned()),
            Setting::Fixed(value) => Self::Value(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_setting_is_auto_or_a_whole_number() {
        let camera: CameraConfig = toml::from_str("exposure = 156\nfocus = \"auto\"").unwrap();
        assert_eq!((camera.exposure, camera.focus), (Setting::Fixed(156), Setting::Auto));
        assert!(toml::from_str::<CameraConfig>("exposure = \"bright\"").is_err());
    }
}
