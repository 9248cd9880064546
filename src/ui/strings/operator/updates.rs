//! What is said about updates from a USB stick.

use super::sentences::date_and_clock;
use crate::operator::UpdateProblem;
use crate::update::{Outcome, Refusal, Stage};
use crate::visit::Language::{self, Chinese, English};

/// Which version runs.
pub fn now(language: Language) -> String {
    match language {
        Chinese => format!("现在的版本：{}", crate::VERSION),
        English => format!("This is version {}", crate::VERSION),
    }
}

/// The question: headline and what will happen.
pub fn sure(language: Language, version: &str) -> (String, String) {
    match language {
        Chinese => (
            format!("安装 {version}？"),
            "安装时设备暂停服务几分钟，请不要断电；新版本不正常会自动恢复现在的版本。照片和设置都保留".to_owned(),
        ),
        English => (
            format!("Install {version}?"),
            "The booth closes for some minutes: leave the power on. If the new version does not do well, this one \
             comes back by itself. Photos and settings stay"
                .to_owned(),
        ),
    }
}

pub fn handing_over(language: Language) -> (String, String) {
    let (headline, line) = match language {
        Chinese => ("正在复制并核对签名…", "请不要拔出 U 盘"),
        English => ("Copying, and checking the signature…", "Do not unplug the stick"),
    };
    (headline.to_owned(), line.to_owned())
}

pub fn problem(language: Language, problem: UpdateProblem) -> (String, String) {
    let (headline, line) = match (language, problem) {
        (Chinese, UpdateProblem::NotSetUp) => {
            ("这台设备不能从 U 盘更新", "设置里没有 [paths] update：请 IT 用安装包更新")
        }
        (English, UpdateProblem::NotSetUp) => {
            ("This booth takes no updates from a stick", "[paths] update is not set: IT updates it with the package")
        }
        (Chinese, UpdateProblem::Gone) => ("U 盘已拔出", "请重新插入后再试；什么都没有改变"),
        (English, UpdateProblem::Gone) => ("The stick is gone", "Plug it in again; nothing was changed"),
        (Chinese, UpdateProblem::CannotCopy) => ("无法从 U 盘复制", "请再试一次或换一个 U 盘；什么都没有改变"),
        (English, UpdateProblem::CannotCopy) => {
            ("The package cannot be copied", "Try again, or use another stick; nothing was changed")
        }
        (Chinese, UpdateProblem::NoAnswer) => {
            ("更新程序没有回应", "什么都没有改变；请 IT 查看 journalctl -u szz-kiosk-update")
        }
        (English, UpdateProblem::NoAnswer) => {
            ("The updater does not answer", "Nothing was changed; IT looks at journalctl -u szz-kiosk-update")
        }
    };
    (headline.to_owned(), line.to_owned())
}

/// What came of the last update: headline, and what to do.
pub fn outcome(language: Language, outcome: &Outcome) -> (String, String) {
    let (version, time) = (outcome.version.as_deref().unwrap_or_default(), date_and_clock(outcome.at));
    match (language, outcome.stage) {
        (Chinese, Stage::Installing) => {
            (format!("正在安装 {version}"), "设备会自己重新启动，需要几分钟，请不要断电".to_owned())
        }
        (English, Stage::Installing) => (
            format!("{version} is being installed"),
            "The booth starts again by itself, within minutes. Leave the power on".to_owned(),
        ),
        (Chinese, Stage::Installed) => (format!("上次更新：{version}，{time}"), "安装成功".to_owned()),
        (English, Stage::Installed) => (format!("Last update: {version}, {time}"), "It was installed".to_owned()),
        (Chinese, Stage::RolledBack) => {
            (format!("{version} 运行不正常，{time} 已恢复原来的版本"), "照片都在；请把这件事告诉 IT".to_owned())
        }
        (English, Stage::RolledBack) => (
            format!("{version} did not do well: the version before is back ({time})"),
            "All photos are here. Tell IT about it".to_owned(),
        ),
        (Chinese, Stage::Refused(why)) => (format!("没有安装（{time}）"), refusal(language, why).to_owned()),
        (English, Stage::Refused(why)) => (format!("Not installed ({time})"), refusal(language, why).to_owned()),
    }
}

fn refusal(language: Language, why: Refusal) -> &'static str {
    match (language, why) {
        (Chinese, Refusal::Incomplete) => "文件不完整：请重新复制安装包、SHA256SUMS 和 SHA256SUMS.sig",
        (English, Refusal::Incomplete) => "Something is missing: copy package, SHA256SUMS and SHA256SUMS.sig again",
        (Chinese, Refusal::NotSigned) => "签名不对，不是发布方的安装包：请不要使用，并告诉 IT",
        (English, Refusal::NotSigned) => "It is not signed by those who publish this program. Do not use it; tell IT",
        (Chinese, Refusal::Damaged) => "安装包损坏：请重新下载并复制",
        (English, Refusal::Damaged) => "The package is damaged: download and copy it again",
        (Chinese, Refusal::OtherPackage) => "这是别的程序或别的机型的安装包",
        (English, Refusal::OtherPackage) => "It is for another program, or another kind of machine",
        (Chinese, Refusal::NotNewer) => "它不比现在的版本新",
        (English, Refusal::NotNewer) => "It is not newer than what runs now",
        (Chinese, Refusal::NoRoom) => "磁盘空间不够：请 IT 腾出空间",
        (English, Refusal::NoRoom) => "There is no room on the disk: IT makes some",
    }
}
