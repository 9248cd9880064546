//! What the checks of a photo say: their names, what was measured, what is allowed, what to do.

use crate::photo::{Check, Finding};
use crate::visit::Language;
pub use crate::words::check_name;

use Language::{Chinese, English};

/// A check that passed, with its number.
pub fn passed(language: Language, finding: &Finding) -> String {
    let name = check_name(language, finding.check);
    match (language, finding.measured.is_nan()) {
        (Chinese, true) => format!("{name}：未能测量"),
        (English, true) => format!("{name}: not measured"),
        (Chinese, false) => format!("{name}：{}", measured(language, finding)),
        (English, false) => format!("{name}: {}", measured(language, finding)),
    }
}

/// The measured value with its unit.
pub fn measured(language: Language, finding: &Finding) -> String {
    value(language, finding.check, finding.measured)
}

/// The allowed range with its unit.
pub fn allowed(language: Language, finding: &Finding) -> String {
    let (low, high) = finding.allowed;
    let check = finding.check;
    if low == high {
        value(language, check, low)
    } else if high == f32::INFINITY {
        format!("≥ {}", value(language, check, low))
    } else if low <= 0.0 && low != -high {
        format!("≤ {}", value(language, check, high))
    } else if low == -high {
        format!("±{}", value(language, check, high))
    } else {
        format!("{}–{}", number(check, low), value(language, check, high))
    }
}

fn number(check: Check, value: f32) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    // Adding zero turns the -0 that rounding leaves into 0.
    match check {
        Check::Resolution => format!("{:.2}", value + 0.0),
        Check::HeadRoll
        | Check::HeadYaw
        | Check::HeadPitch
        | Check::ShouldersLevel
        | Check::EyesOpen
        | Check::MouthClosed
        | Check::Sharpness
        | Check::MotionBlur
        | Check::Background => format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0),
        Check::FileSize => format!("{:.0}", (value / 1000.0).round() + 0.0),
        _ => format!("{:.0}", value.round() + 0.0),
    }
}

fn value(language: Language, check: Check, value: f32) -> String {
    let number = number(check, value);
    match (language, check) {
        (Chinese, Check::FaceCount) => format!("{number} 张"),
        (Chinese, Check::Resolution) => format!("{number} 倍"),
        (English, Check::Resolution) => format!("{number}×"),
        (_, Check::HeadRoll | Check::HeadYaw | Check::HeadPitch | Check::ShouldersLevel) => format!("{number}°"),
        (_, Check::FileSize) => format!("{number} KB"),
        (
            _,
            Check::Crown
            | Check::Eyes
            | Check::FaceWidth
            | Check::Centre
            | Check::FaceSize
            | Check::Sharpness
            | Check::MotionBlur
            | Check::Cropping
            | Check::ShouldersCropped,
        ) => format!("{number} px"),
        (
            _,
            Check::EyesOpen
            | Check::MouthClosed
            | Check::OverExposure
            | Check::UnevenLight
            | Check::RedEye
            | Check::Background
            | Check::Gaze
            | Check::BrowsVisible
            | Check::EarsVisible
            | Check::Glare
            | Check::TintedLenses
            | Check::Glasses
            | Check::Shine,
        ) => format!("{number}%"),
        (English, Check::FaceCount)
        | (_, Check::UnderExposure | Check::ColourCast | Check::Headwear | Check::ClothesContrast) => number,
    }
}

/// What could be better and how, without numbers: there is nothing to reach.
pub fn advice(language: Language, finding: &Finding) -> String {
    let (what, todo) = fault_of_photo(language, finding);
    match language {
        Chinese => format!("{what}：{todo}"),
        English => format!("{what}: {todo}"),
    }
}

/// Why a photo was refused and what to do: "(measured, allowed)" only where numbers help.
pub fn retake(language: Language, finding: &Finding) -> String {
    let nobody = finding.check == Check::FaceCount && finding.measured < 1.0;
    if nobody || matches!(finding.check, Check::Cropping | Check::ShouldersCropped) {
        return advice(language, finding);
    }
    let (what, todo) = fault_of_photo(language, finding);
    let (measured, allowed) = (measured(language, finding), allowed(language, finding));
    match language {
        Chinese => format!("{what}（{measured}，要求 {allowed}）：{todo}"),
        English => format!("{what} ({measured}, required {allowed}): {todo}"),
    }
}

/// What is wrong, and what to do.
fn fault_of_photo(language: Language, finding: &Finding) -> (&'static str, &'static str) {
    let above = finding.measured > finding.allowed.1;
    match (language, finding.check, above) {
        (Chinese, Check::FaceCount, false) => ("没有检测到人脸", "请正对镜头坐好，摘下口罩和帽子"),
        (English, Check::FaceCount, false) => ("No face found", "face the camera, no mask, no hat"),
        (Chinese, Check::FaceCount, true) => ("画面里不止一个人", "请其他同学退到画面外"),
        (English, Check::FaceCount, true) => ("More than one person in view", "others please step aside"),
        (Chinese, Check::Resolution, _) => ("人离镜头太远，照片不够清晰", "请靠近一点"),
        (English, Check::Resolution, _) => ("Too far away for a sharp photo", "come closer"),
        (Chinese, Check::Crown, false) => ("头顶离上边缘太近", "请坐低一点，或稍微后退"),
        (English, Check::Crown, false) => ("Top of head too near the edge", "sit lower or move back a little"),
        (Chinese, Check::Crown, true) => ("头顶离上边缘太远", "请坐高一点，或稍微靠近"),
        (English, Check::Crown, true) => ("Top of head too far from the edge", "sit higher or come a little closer"),
        (Chinese, Check::Eyes, false) => ("眼睛位置偏高", "请坐低一点"),
        (English, Check::Eyes, false) => ("Eyes too high", "sit a little lower"),
        (Chinese, Check::Eyes, true) => ("眼睛位置偏低", "请坐高一点"),
        (English, Check::Eyes, true) => ("Eyes too low", "sit a little higher"),
        (Chinese, Check::FaceWidth, false) => ("脸部太小", "请靠近镜头"),
        (English, Check::FaceWidth, false) => ("Face too small", "come closer"),
        (Chinese, Check::FaceWidth, true) => ("脸部太大", "请后退一点"),
        (English, Check::FaceWidth, true) => ("Face too large", "move back a little"),
        // Right in the picture, which is not mirrored, is the sitter's left.
        (Chinese, Check::Centre, true) => ("脸部没有居中", "请向右移一点"),
        (English, Check::Centre, true) => ("Face off centre", "move a little to your right"),
        (Chinese, Check::Centre, false) => ("脸部没有居中", "请向左移一点"),
        (English, Check::Centre, false) => ("Face off centre", "move a little to your left"),
        (Chinese, Check::HeadRoll, _) => ("头部倾斜", "请把头摆正，两眼保持水平"),
        (English, Check::HeadRoll, _) => ("Head tilted", "hold it straight, eyes level"),
        (Chinese, Check::FaceSize, _) => ("人脸在画面中太小", "请靠近镜头"),
        (English, Check::FaceSize, _) => ("Face too small to judge", "come closer"),
        (Chinese, Check::UnderExposure, _) => ("脸部太暗", "请面向灯光坐好，不要背对窗户"),
        (English, Check::UnderExposure, _) => ("Face too dark", "face the light, do not sit before a window"),
        (Chinese, Check::OverExposure, _) => ("脸部过亮，细节丢失", "请离灯光远一点，或请工作人员调低灯光"),
        (English, Check::OverExposure, _) => {
            ("Face burnt out", "sit further from the lamp, or ask the staff to dim it")
        }
        (Chinese, Check::Sharpness, _) => ("照片模糊", "请坐在标记处；若仍模糊，请工作人员擦拭镜头"),
        (English, Check::Sharpness, _) => {
            ("Photo out of focus", "sit at the mark; if it persists, ask the staff to clean the lens")
        }
        (Chinese, Check::MotionBlur, _) => ("拍摄时有晃动", "拍摄时请保持不动"),
        (English, Check::MotionBlur, _) => ("Blurred by motion", "hold still for the photo"),
        (Chinese, Check::UnevenLight, _) => ("脸部一边亮一边暗（阴阳脸）", "请正对灯光，避开侧面的窗户"),
        (English, Check::UnevenLight, _) => ("Light from one side", "face the lamp, away from side windows"),
        (Chinese, Check::ColourCast, _) => ("肤色偏色", "请避开彩色灯光，请工作人员检查灯光"),
        (English, Check::ColourCast, _) => {
            ("Skin has a colour cast", "avoid coloured light; ask the staff to check the lamps")
        }
        (Chinese, Check::RedEye, _) => ("出现红眼", "请工作人员关闭闪光灯后重拍"),
        (English, Check::RedEye, _) => ("Red eyes", "ask the staff to switch the flash off"),
        (Chinese, Check::Background, _) => ("背景不干净", "请让身后只有幕布，再拍一张"),
        (English, Check::Background, _) => ("Background not plain", "have only the backdrop behind you and try again"),
        (Chinese, Check::MouthClosed, _) => ("嘴唇没有闭合", "请闭上嘴，不露牙齿"),
        (English, Check::MouthClosed, _) => ("Lips not closed", "close your mouth, no teeth"),
        (Chinese, Check::BrowsVisible, _) => ("头发遮住了眉毛", "请把刘海拨开，露出眉毛"),
        (English, Check::BrowsVisible, _) => ("Hair over the brows", "sweep the fringe aside"),
        (Chinese, Check::EarsVisible, _) => ("耳朵没有露出来", "请把头发别到耳后"),
        (English, Check::EarsVisible, _) => ("Ears not visible", "tuck your hair behind your ears"),
        (Chinese, Check::Glare, _) => ("镜片反光", "请稍微低头或转动镜片，避开反光，也可以摘下眼镜"),
        (English, Check::Glare, _) => ("Glare on the glasses", "tilt the glasses a little or take them off"),
        (Chinese, Check::TintedLenses, _) => ("镜片有颜色或眼周太暗", "请摘下有色眼镜"),
        (English, Check::TintedLenses, _) => ("Lenses tinted, or dark around the eyes", "take tinted glasses off"),
        (Chinese, Check::Glasses, _) => ("似乎戴着眼镜", "请摘下眼镜"),
        (English, Check::Glasses, _) => ("Glasses seen", "take them off"),
        (Chinese, Check::Headwear, _) => ("似乎戴着帽子或头饰", "请摘下帽子和头饰；因宗教或医疗原因佩戴的可以保留"),
        (English, Check::Headwear, _) => {
            ("Headwear seen", "take it off, unless you wear it for religious or medical reasons")
        }
        (Chinese, Check::Shine, _) => ("面部有油光", "请用纸巾轻轻擦去额头和鼻子上的油光"),
        (English, Check::Shine, _) => ("Face shines", "blot forehead and nose with a tissue"),
        (Chinese, Check::ShouldersLevel, _) => ("双肩高低不一", "请坐正，双肩放平"),
        (English, Check::ShouldersLevel, _) => ("Shoulders not level", "sit straight, shoulders level"),
        (Chinese, Check::ClothesContrast, _) => ("衣服颜色与背景太接近", "请换一件深色上衣"),
        (English, Check::ClothesContrast, _) => ("Clothes too like the background", "wear a darker top"),
        (Chinese, Check::Cropping, _) => ("头部没有拍全", "请坐到画面中间，整个头部和双肩都要入镜"),
        (English, Check::Cropping, _) => ("Head cut off", "sit in the middle, with the whole head in the picture"),
        (Chinese, Check::ShouldersCropped, _) => ("双肩或上身没有拍全", "请坐到画面中间，双肩都要入镜"),
        (English, Check::ShouldersCropped, _) => {
            ("Shoulders cut off", "sit in the middle, with both shoulders in the picture")
        }
        // Right in the picture, which is not mirrored, is the sitter's left.
        (Chinese, Check::HeadYaw, true) => ("脸转向了一侧", "请把脸向右转，正对镜头"),
        (English, Check::HeadYaw, true) => ("Face turned aside", "turn to your right, towards the camera"),
        (Chinese, Check::HeadYaw, false) => ("脸转向了一侧", "请把脸向左转，正对镜头"),
        (English, Check::HeadYaw, false) => ("Face turned aside", "turn to your left, towards the camera"),
        (Chinese, Check::HeadPitch, true) => ("头仰得太高", "请收一点下巴，平视镜头"),
        (English, Check::HeadPitch, true) => ("Head tipped back", "lower your chin, look straight ahead"),
        (Chinese, Check::HeadPitch, false) => ("头低得太多", "请抬一点头，平视镜头"),
        (English, Check::HeadPitch, false) => ("Head bent down", "raise your chin, look straight ahead"),
        (Chinese, Check::EyesOpen, _) => ("眼睛没有睁开", "请睁大眼睛，看向镜头"),
        (English, Check::EyesOpen, _) => ("Eyes not open", "open your eyes wide and look at the camera"),
        (Chinese, Check::Gaze, _) => ("眼睛没有看镜头", "请目视镜头"),
        (English, Check::Gaze, _) => ("Looking aside", "look into the camera"),
        (Chinese, Check::FileSize, _) => ("照片文件大小不合要求", "请再拍一张；若仍出现，请联系工作人员"),
        (English, Check::FileSize, _) => {
            ("File size out of range", "take another photo; if it persists, ask the staff")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::Severity;

    fn finding(check: Check, measured: f32, low: f32, high: f32) -> Finding {
        Finding { check, measured, allowed: (low, high), severity: Severity::Block }
    }

    #[test]
    fn sentences_name_both_numbers_and_what_to_do() {
        let eyes = finding(Check::Eyes, 312.4, 200.0, 300.0);
        assert_eq!(retake(Language::Chinese, &eyes), "眼睛位置偏低（312 px，要求 200–300 px）：请坐高一点");
        assert_eq!(retake(Language::English, &eyes), "Eyes too low (312 px, required 200–300 px): sit a little higher");
        // Right in the unmirrored picture is the sitter's left, so the sitter moves right.
        let right = finding(Check::Centre, 31.0, -24.0, 24.0);
        assert!(retake(Language::Chinese, &right).ends_with("请向右移一点"));
        assert_eq!(allowed(Language::Chinese, &right), "±24 px");
        let resolution = finding(Check::Resolution, 1.4, 1.0, f32::INFINITY);
        assert_eq!(allowed(Language::English, &resolution), "≥ 1.00×");
        let size = finding(Check::FileSize, 35_210.0, 30_000.0, 40_000.0);
        assert_eq!(allowed(Language::English, &size), "30–40 KB");
        assert_eq!(measured(Language::English, &size), "35 KB");
    }
}
