//! Of the visit only what a record says: the whole of it would bring the window's languages along.

use serde::{Deserialize, Serialize};

pub(crate) use super::typed::{Contact, NumberForm, Typed};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSource {
    #[default]
    Camera,
    Stick,
    Phone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMode {
    None,
    Online,
    Deferred,
    Staff,
}
