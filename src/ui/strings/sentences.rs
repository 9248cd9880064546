//! Sentences with reasons and numbers: what happened, what was measured, what to do.

use crate::code::CodeProblem;
use crate::photo::{Check, Finding};
use crate::visit::{Fault, Framing, Language};

use Language::{Chinese, English};

/// A headline and a line that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub headline: &'static str,
    pub detail: &'static str,
}

const fn say(headline: &'static str, detail: &'static str) -> Instruction {
    Instruction { headline, detail }
}

/// What the sitter has to change. Left and right are the sitter's own, as in the mirrored preview.
pub fn framing(language: Language, framing: Framing) -> Instruction {
    match (language, framing) {
        (Chinese, Framing::NoFace) => say("请坐到镜头前", "没有看到人脸：请正对镜头，不要遮挡面部"),
        (English, Framing::NoFace) => say("Sit in front of the camera", "No face in view: face the camera, uncovered"),
        (Chinese, Framing::SeveralFaces) => say("一次只拍一位", "画面里有多张人脸：请其他同学退到画面外"),
        (English, Framing::SeveralFaces) => {
            say("One person at a time", "Several faces in view: others please step aside")
        }
        (Chinese, Framing::TooFar) => say("请靠近一点", "让头部填满轮廓线"),
        (English, Framing::TooFar) => say("Come closer", "Your head should fill the outline"),
        (Chinese, Framing::TooNear) => say("请后退一点", "让整个头部回到轮廓线内"),
        (English, Framing::TooNear) => say("Move back a little", "Your whole head should fit the outline"),
        (Chinese, Framing::MoveLeft) => say("请向左移一点", "让脸部对准画面中间"),
        (English, Framing::MoveLeft) => say("Move a little to your left", "Your face should be in the middle"),
        (Chinese, Framing::MoveRight) => say("请向右移一点", "让脸部对准画面中间"),
        (English, Framing::MoveRight) => say("Move a little to your right", "Your face should be in the middle"),
        (Chinese, Framing::TooHigh) => say("请坐低一点", "让眼睛与“眼睛”线对齐，也可以调低座椅"),
        (English, Framing::TooHigh) => say("Sit a little lower", "Bring your eyes to the eye line, or lower the seat"),
        (Chinese, Framing::TooLow) => say("请坐高一点", "让眼睛与“眼睛”线对齐，也可以调高座椅"),
        (English, Framing::TooLow) => say("Sit a little higher", "Bring your eyes to the eye line, or raise the seat"),
        (Chinese, Framing::HeadTilted) => say("请把头摆正", "两眼保持水平"),
        (English, Framing::HeadTilted) => say("Hold your head straight", "Keep both eyes level"),
        (Chinese, Framing::Good) => say("很好，请保持不动", "即将自动拍摄"),
        (English, Framing::Good) => say("Good. Hold still", "The photo is taken in a moment"),
    }
}

pub fn code_problem(language: Language, problem: CodeProblem) -> Instruction {
    match (language, problem) {
        (Chinese, CodeProblem::NotInRoster) => {
            say("没有查到这个采集码", "请确认出示的是学信网的图像采集码，且属于本校；仍不行请联系现场工作人员")
        }
        (English, CodeProblem::NotInRoster) => say(
            "This code is not on our list",
            "Is it your CHSI image collection code for this school? If so, please ask the staff.",
        ),
        (Chinese, CodeProblem::SeveralCodes) => say("画面中有多个二维码", "请只出示一个采集码，收起其他二维码"),
        (English, CodeProblem::SeveralCodes) => {
            say("More than one code in view", "Show only your collection code and put the others away")
        }
    }
}

pub fn fault(language: Language, fault: Fault) -> &'static str {
    match (language, fault) {
        (Chinese, Fault::Camera) => "摄像头没有画面",
        (English, Fault::Camera) => "The camera gives no picture",
        (Chinese, Fault::Studio) => "照片处理程序无法运行",
        (English, Fault::Studio) => "Photos cannot be processed",
        (Chinese, Fault::Storage) => "照片无法保存",
        (English, Fault::Storage) => "Photos cannot be saved",
    }
}

/// What is said after the fault: whether anything of the student is lost.
pub fn fault_consequence(language: Language, fault: Fault) -> &'static str {
    match (language, fault) {
        (Chinese, Fault::Storage) => "刚才的照片可能没有提交成功，请重新采集一次",
        (English, Fault::Storage) => "A photo taken just now may not be submitted: please take it again",
        (Chinese, _) => "未提交的照片已清除，已提交的照片不受影响",
        (English, _) => "Unfinished photos were erased; submitted photos are safe",
    }
}

pub fn agreement_tick(language: Language, title: &str) -> String {
    match language {
        Chinese => format!("我已阅读并同意《{title}》"),
        English => format!("I have read and agree to the {title}"),
    }
}

pub fn ends_in(language: Language, seconds: u64) -> String {
    match language {
        Chinese => format!("{seconds} 秒后将结束本次采集，并清除您的信息"),
        English if seconds == 1 => "In 1 second this visit ends and your data are erased".to_owned(),
        English => format!("In {seconds} seconds this visit ends and your data are erased"),
    }
}

pub fn returns_in(language: Language, seconds: u64) -> String {
    match language {
        Chinese => format!("{seconds} 秒后自动返回首页"),
        English => format!("Back to the start in {seconds} s"),
    }
}

pub fn document_last4(last4: &str) -> String {
    format!("**** {last4}")
}

/// The end of an order number in groups of four: enough to find it, short enough to read out.
pub fn grouped_order_number(order_number: &str) -> String {
    let shown: Vec<char> = order_number.chars().filter(|c| c.is_alphanumeric()).collect();
    let tail = &shown[shown.len().saturating_sub(12)..];
    let groups: Vec<String> = tail.chunks(4).map(|group| group.iter().collect::<String>().to_uppercase()).collect();
    let cut = if tail.len() < shown.len() { "… " } else { "" };
    format!("{cut}{}", groups.join(" "))
}

/// What a check looks at, as a row of the checklist.
pub fn check_name(language: Language, check: Check) -> &'static str {
    match (language, check) {
        (Chinese, Check::FaceCount) => "人脸数量",
        (English, Check::FaceCount) => "Faces",
        (Chinese, Check::Resolution) => "清晰度",
        (English, Check::Resolution) => "Resolution",
        (Chinese, Check::Crown) => "头顶到上边缘",
        (English, Check::Crown) => "Top of head to edge",
        (Chinese, Check::Eyes) => "眼睛到上边缘",
        (English, Check::Eyes) => "Eyes to top edge",
        (Chinese, Check::FaceWidth) => "脸部宽度",
        (English, Check::FaceWidth) => "Face width",
        (Chinese, Check::Centre) => "左右居中",
        (English, Check::Centre) => "Centred",
        (Chinese, Check::HeadRoll) => "头部端正",
        (English, Check::HeadRoll) => "Head straight",
        (Chinese, Check::Cropping) => "头肩完整",
        (English, Check::Cropping) => "Head and shoulders",
        (Chinese, Check::FileSize) => "文件大小",
        (English, Check::FileSize) => "File size",
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
    let open_above = high > 1e6 && check != Check::FileSize || high > 1e9;
    let open_below = low < -1e6 || (low <= 0.0 && !matches!(check, Check::Centre | Check::HeadRoll));
    if low == high {
        value(language, check, low)
    } else if open_above {
        format!("≥ {}", value(language, check, low))
    } else if open_below {
        format!("≤ {}", value(language, check, high))
    } else if low == -high {
        format!("±{}", value(language, check, high))
    } else {
        format!("{}–{}", number(check, low), value(language, check, high))
    }
}

fn number(check: Check, value: f32) -> String {
    // Adding zero turns the -0 that rounding leaves into 0.
    match check {
        Check::Resolution => format!("{:.2}", value + 0.0),
        Check::HeadRoll => format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0),
        Check::FileSize => format!("{:.0}", (value / 1000.0).round() + 0.0),
        _ => format!("{:.0}", value.round() + 0.0),
    }
}

fn value(language: Language, check: Check, value: f32) -> String {
    let number = number(check, value);
    match (language, check) {
        (Chinese, Check::FaceCount) => format!("{number} 张"),
        (English, Check::FaceCount) | (_, Check::Cropping) => number,
        (Chinese, Check::Resolution) => format!("{number} 倍"),
        (English, Check::Resolution) => format!("{number}×"),
        (_, Check::HeadRoll) => format!("{number}°"),
        (_, Check::FileSize) => format!("{number} KB"),
        (_, Check::Crown | Check::Eyes | Check::FaceWidth | Check::Centre) => format!("{number} px"),
    }
}

/// Why a photo was refused and what to do: "(measured, allowed)" only where numbers help.
pub fn retake(language: Language, finding: &Finding) -> String {
    let above = finding.measured > finding.allowed.1;
    let (what, todo) = match (language, finding.check, above) {
        (Chinese, Check::FaceCount, false) => return "没有检测到人脸：请正对镜头坐好，摘下口罩和帽子".to_owned(),
        (English, Check::FaceCount, false) => return "No face found: face the camera, no mask, no hat".to_owned(),
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
        (Chinese, Check::Cropping, _) => return "头部或双肩没有拍全：请坐到画面中间，头顶和双肩都要入镜".to_owned(),
        (English, Check::Cropping, _) => {
            return "Head or shoulders cut off: sit in the middle of the picture".to_owned();
        }
        (Chinese, Check::FileSize, _) => ("照片文件大小不合要求", "请再拍一张；若仍出现，请联系工作人员"),
        (English, Check::FileSize, _) => {
            ("File size out of range", "take another photo; if it persists, ask the staff")
        }
    };
    let (measured, allowed) = (measured(language, finding), allowed(language, finding));
    match language {
        Chinese => format!("{what}（{measured}，要求 {allowed}）：{todo}"),
        English => format!("{what} ({measured}, required {allowed}): {todo}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(check: Check, measured: f32, low: f32, high: f32) -> Finding {
        Finding { check, measured, allowed: (low, high) }
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

    #[test]
    fn an_order_number_is_short_enough_to_read_out() {
        let shown = grouped_order_number("0192f3a4-5b6c-7d8e-9f01-23456789abcd");
        assert_eq!(shown, "… 2345 6789 ABCD");
        assert_eq!(grouped_order_number("12345678"), "1234 5678");
        assert_eq!(grouped_order_number(""), "");
    }
}
