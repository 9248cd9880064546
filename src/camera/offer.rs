//! What a driver offers to choose from.

use super::chosen::{ChosenMode, Lock};

/// Every camera there is, and what the one in use can be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    pub devices: Vec<OfferedDevice>,
    /// Of `devices`, the one in use.
    pub in_use: Option<usize>,
    /// Of the device in use, largest first.
    pub modes: Vec<ChosenMode>,
    /// The one that is asked for.
    pub mode: Option<ChosenMode>,
    pub exposure: Option<OfferedControl>,
    pub white_balance: Option<OfferedControl>,
    pub focus: Option<OfferedControl>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedDevice {
    pub name: String,
    /// What the config would call it: its socket, or its name where the system tells none.
    pub key: String,
}

/// Something that can be held at a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferedControl {
    pub least: i64,
    pub most: i64,
    pub step: i64,
    /// What it is now, chosen by the camera or not.
    pub now: i64,
    pub lock: Lock,
}

/// Modes by size and rate, without the encodings: largest first, each once.
pub(super) fn by_size(modes: impl Iterator<Item = ChosenMode>) -> Vec<ChosenMode> {
    let mut modes: Vec<_> = modes.collect();
    modes.sort_by_key(|mode| std::cmp::Reverse((mode.width_px * mode.height_px, mode.fps)));
    modes.dedup();
    modes
}
