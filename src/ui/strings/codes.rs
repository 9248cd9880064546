//! Why a collection code was refused, and what to do.

use super::sentences::{Instruction, say};
use crate::code::CodeProblem;
use crate::code::payload::{Foreign, Rejected};
use crate::visit::Language;

use Language::{Chinese, English};

pub fn code_problem(language: Language, problem: CodeProblem) -> Instruction {
    match (language, problem) {
        (Chinese, CodeProblem::Asking) => say("正在核对采集码", "正在向学校查询，请稍候"),
        (English, CodeProblem::Asking) => say("Checking your code", "Asking your school, one moment"),
        (Chinese, CodeProblem::LookingAtStick) => say("正在读取U盘", "正在查找图片中的采集码，请稍候"),
        (English, CodeProblem::LookingAtStick) => {
            say("Reading the USB stick", "Looking for your code in its pictures, one moment")
        }
        (Chinese, CodeProblem::ServerAway) => say("暂时无法核对采集码", "核对需要网络：请稍后再试，或联系现场工作人员"),
        (English, CodeProblem::ServerAway) => {
            say("Your code cannot be checked now", "This needs the network: try again later, or ask the staff")
        }
        (Chinese, CodeProblem::SeveralCodes) => say("画面中有多个二维码", "请只出示一个采集码，收起其他二维码"),
        (English, CodeProblem::SeveralCodes) => {
            say("More than one code in view", "Show only your collection code and put the others away")
        }
        (Chinese, CodeProblem::NoStick) => say("没有找到U盘", "请插入存有采集码图片的U盘，几秒后再试"),
        (English, CodeProblem::NoStick) => say("No USB stick found", "Plug in the stick with your code and try again"),
        (Chinese, CodeProblem::NoCodeOnStick) => {
            say("U盘的图片中没有采集码", "请把采集码存成 JPG 或 PNG 图片，放进U盘再试")
        }
        (English, CodeProblem::NoCodeOnStick) => {
            say("No code in the stick's pictures", "Save your code as a JPG or PNG picture on it and try again")
        }
        (Chinese, CodeProblem::Rejected(rejected)) => rejected_code_in_chinese(rejected),
        (English, CodeProblem::Rejected(rejected)) => rejected_code_in_english(rejected),
    }
}

/// A code that is not a 采集码 is named as what it is.
fn foreign_code(language: Language, foreign: Foreign) -> Instruction {
    const OPEN: &str = "请打开“学信网”公众号、APP 或学信档案，出示图像采集码";
    const OPEN_ENGLISH: &str = "Open your image collection code: CHSI WeChat account, CHSI app or My CHSI.";
    match (language, foreign) {
        (Chinese, Foreign::WeChat) => say("这是微信的二维码，不是采集码", OPEN),
        (English, Foreign::WeChat) => say("This is a WeChat code, not a collection code", OPEN_ENGLISH),
        (Chinese, Foreign::Alipay) => say("这是支付宝的二维码，不是采集码", OPEN),
        (English, Foreign::Alipay) => say("This is an Alipay code, not a collection code", OPEN_ENGLISH),
        (Chinese, Foreign::UnionPay) => say("这是银联付款码，不是采集码", OPEN),
        (English, Foreign::UnionPay) => say("This is a UnionPay code, not a collection code", OPEN_ENGLISH),
        (Chinese, Foreign::Link) => say("这是网页链接的二维码，不是采集码", OPEN),
        (English, Foreign::Link) => say("This is a link to a web page, not a collection code", OPEN_ENGLISH),
        (Chinese, Foreign::Other) => say("这个二维码不是采集码", OPEN),
        (English, Foreign::Other) => say("This is not a collection code", OPEN_ENGLISH),
    }
}

fn rejected_code_in_chinese(rejected: Rejected) -> Instruction {
    match rejected {
        Rejected::Foreign(foreign) => foreign_code(Chinese, foreign),
        Rejected::TooLong => say("这个二维码内容过长，不是采集码", "请打开图像采集码，重新出示"),
        Rejected::OtherKind => say("本机不支持这种采集码", "请确认是本校发放的采集码；仍不行请联系现场工作人员"),
        Rejected::UnknownVersion => say("本机还不支持这个版本的采集码", "请联系现场工作人员，或换一台设备"),
        Rejected::Unreadable => say("采集码内容不完整", "请重新打开采集码再出示；仍不行请向学校重新领取"),
        Rejected::WrongKey => {
            say("这个采集码不是为本机发放的", "请确认是本校本次发放的采集码；仍不行请联系现场工作人员")
        }
        Rejected::BadSignature => say("采集码未通过验证", "请出示学校发放的原始采集码，不要使用修改过的图片"),
        Rejected::OddText => say("采集码中有不规范的字符", "请向学校重新领取采集码"),
        Rejected::NotMasked => say("采集码中的个人信息没有隐去", "为保护您的信息，请向学校重新领取采集码"),
        Rejected::WrongSchool => say("这是其他学校的采集码", "请出示本校的采集码，或到所属学校的采集点拍摄"),
        Rejected::NotYetValid => say("采集码还没有生效", "请在学校规定的时间再来；时间无误请联系现场工作人员"),
        Rejected::Expired => say("采集码已过期", "请向学校重新领取采集码，再来拍摄"),
        Rejected::NotInRoster => {
            say("没有查到这个采集码", "请确认出示的是学信网的图像采集码，且属于本校；仍不行请联系现场工作人员")
        }
        Rejected::DiffersFromRoster => say("采集码与学校名单不一致", "请联系现场工作人员核对学籍信息"),
    }
}

fn rejected_code_in_english(rejected: Rejected) -> Instruction {
    match rejected {
        Rejected::Foreign(foreign) => foreign_code(English, foreign),
        Rejected::TooLong => {
            say("Too long for a collection code", "Open your image collection code and show it again.")
        }
        Rejected::OtherKind => say(
            "This booth does not take such codes",
            "Is it the code your school gave you? If so, please ask the staff.",
        ),
        Rejected::UnknownVersion => {
            say("This booth does not know such codes yet", "Please ask the staff, or use another booth.")
        }
        Rejected::Unreadable => {
            say("Your code is incomplete", "Open it again and show it. If that fails, ask your school for a new one.")
        }
        Rejected::WrongKey => say(
            "Your code was not made for this booth",
            "Is it the code your school gave you this time? If so, please ask the staff.",
        ),
        Rejected::BadSignature => say(
            "Your code could not be verified",
            "Show the code as your school gave it to you, not an edited picture.",
        ),
        Rejected::OddText => say("Your code has invalid characters", "Please ask your school for a new code."),
        Rejected::NotMasked => {
            say("Your code shows data that should be hidden", "To protect you, please ask your school for a new code.")
        }
        Rejected::WrongSchool => {
            say("This code is for another school", "Show the code of this school, or go to a booth of yours.")
        }
        Rejected::NotYetValid => {
            say("Your code is not valid yet", "Come back at the time your school named, or ask the staff.")
        }
        Rejected::Expired => say("Your code has expired", "Get a new code from your school and come again."),
        Rejected::NotInRoster => say(
            "This code is not on our list",
            "Is it your CHSI image collection code for this school? If so, please ask the staff.",
        ),
        Rejected::DiffersFromRoster => {
            say("Your code differs from the school's list", "Please ask the staff to check your record.")
        }
    }
}
