//! Sentences with reasons and numbers: what happened, what was measured, what to do.

pub use super::checks::*;
pub use super::codes::*;
pub use super::details::*;
use crate::visit::{Fault, Framing, Language};

use Language::{Chinese, English};

/// A headline and a line that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub headline: &'static str,
    pub detail: &'static str,
}

pub(super) const fn say(headline: &'static str, detail: &'static str) -> Instruction {
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
        (Chinese, Framing::TurnLeft) => say("请把脸向左转一点", "正对镜头"),
        (English, Framing::TurnLeft) => say("Turn your face a little to your left", "Look straight at the camera"),
        (Chinese, Framing::TurnRight) => say("请把脸向右转一点", "正对镜头"),
        (English, Framing::TurnRight) => say("Turn your face a little to your right", "Look straight at the camera"),
        (Chinese, Framing::ChinUp) => say("请抬一点下巴", "平视镜头"),
        (English, Framing::ChinUp) => say("Raise your chin a little", "Look straight at the camera"),
        (Chinese, Framing::ChinDown) => say("请收一点下巴", "平视镜头"),
        (English, Framing::ChinDown) => say("Lower your chin a little", "Look straight at the camera"),
        (Chinese, Framing::HairOverEars) => say("请把头发别到耳后", "露出双耳；没有头发遮挡就保持不动"),
        (English, Framing::HairOverEars) => {
            say("Tuck your hair behind your ears", "Both ears should show. If they do, hold still")
        }
        (Chinese, Framing::Good) => say("很好，请保持不动", "即将自动拍摄"),
        (English, Framing::Good) => say("Good. Hold still", "The photo is taken in a moment"),
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

pub fn last4(last4: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_is_short_enough_to_read_out() {
        let shown = grouped_order_number("0192f3a4-5b6c-7d8e-9f01-23456789abcd");
        assert_eq!(shown, "… 2345 6789 ABCD");
        assert_eq!(grouped_order_number("12345678"), "1234 5678");
        assert_eq!(grouped_order_number(""), "");
    }
}
