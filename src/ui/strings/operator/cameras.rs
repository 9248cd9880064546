//! What the camera page says.

use crate::operator::{CameraControl, ChosenMode, Lock, Look, OfferedControl};
use crate::visit::Language::{self, Chinese, English};

pub fn control(language: Language, control: CameraControl) -> &'static str {
    match (language, control) {
        (Chinese, CameraControl::Exposure) => "曝光",
        (English, CameraControl::Exposure) => "Exposure",
        (Chinese, CameraControl::WhiteBalance) => "白平衡",
        (English, CameraControl::WhiteBalance) => "White balance",
        (Chinese, CameraControl::Focus) => "对焦",
        (English, CameraControl::Focus) => "Focus",
    }
}

/// What its key does, and that it is pressed when the control is held.
pub fn lock(language: Language, control: CameraControl, is_locked: bool) -> String {
    let name = self::control(language, control);
    match (language, is_locked) {
        (Chinese, true) => format!("{name}已锁定"),
        (Chinese, false) => format!("锁定{name}"),
        (English, true) => format!("{name} locked"),
        (English, false) => format!("Lock {}", name.to_lowercase()),
    }
}

/// 15.6 ms, 5000 K, 40
pub fn value(language: Language, control: CameraControl, offered: OfferedControl) -> String {
    let value = match control {
        CameraControl::Exposure => format!("{:.1} ms", offered.now as f32 / 10.0),
        CameraControl::WhiteBalance => format!("{} K", offered.now),
        CameraControl::Focus => offered.now.to_string(),
    };
    match (language, offered.lock) {
        (Chinese, Lock::Auto) => format!("自动（{value}）"),
        (English, Lock::Auto) => format!("Auto ({value})"),
        (_, Lock::Locked(_)) => value,
    }
}

pub fn mode(language: Language, mode: ChosenMode) -> String {
    let size = format!("{} × {}", mode.width_px, mode.height_px);
    match language {
        Chinese => format!("{size}，每秒 {} 帧", mode.fps),
        English => format!("{size}, {} fps", mode.fps),
    }
}

pub fn look(language: Language, look: &Look) -> String {
    let Some(age) = look.age_ms else {
        return if language == Chinese { "没有画面" } else { "No picture" }.to_owned();
    };
    let ((width, height), burnt_out) = (look.size_px, look.burnt_out * 100.0);
    match language {
        Chinese => format!("{width} × {height}，每秒 {:.0} 帧，最新 {age} 毫秒前，过曝 {burnt_out:.1} %", look.fps),
        English => format!("{width} × {height}, {:.0} fps, newest {age} ms ago, burnt out {burnt_out:.1} %", look.fps),
    }
}
