//! Operator mode's sentences with numbers and reasons.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::operator::{Delivery, Filter, Level, Moment, Notice, PinProblem, Place, PlateProblem, Role, Side};
use crate::submission::{Audit, SubmissionId};
use crate::ui::strings::sentences::{grouped_order_number, reason_name};
use crate::visit::Language::{self, Chinese, English};
use crate::words::reasons;

use super::OperatorStrings;

pub fn role(language: Language, role: Role) -> &'static str {
    let strings = OperatorStrings::of(language);
    match role {
        Role::Staff => strings.staff,
        Role::Supervisor => strings.supervisor,
    }
}

pub fn pin_wrong(language: Language, tries_left: u32) -> String {
    match language {
        Chinese => format!("PIN 不正确，还可以试 {tries_left} 次"),
        English => format!("Wrong PIN. Tries left: {tries_left}"),
    }
}

pub fn pin_locked(language: Language, until: Timestamp) -> String {
    let time = clock(until);
    match language {
        Chinese => format!("错误次数过多，{time} 之后才能再试；重启也不会解除"),
        English => format!("Too many wrong tries. Wait until {time}; a restart does not help"),
    }
}

/// Whose PIN is being changed, and what it must be.
pub fn new_pin_of(language: Language, whose: Role) -> String {
    let (whose, note) = (role(language, whose), OperatorStrings::of(language).new_pin_note);
    match language {
        Chinese => format!("{whose}的 PIN：{note}"),
        English => format!("{whose}: {note}"),
    }
}

pub fn pin_changed(language: Language, whose: Role) -> String {
    let whose = role(language, whose);
    match language {
        Chinese => format!("{whose}的 PIN 已修改，请告诉需要的人"),
        English => format!("{whose}: the new PIN holds. Tell those who need it"),
    }
}

pub fn pin_problem(language: Language, problem: PinProblem) -> &'static str {
    match (language, problem) {
        (Chinese, PinProblem::Unfit) => "不能用：请输入 6–12 位数字，不能全部相同",
        (English, PinProblem::Unfit) => "Cannot be used: 6 to 12 digits, not all the same",
        (Chinese, PinProblem::Differs) => "两次输入不同，请重新输入新的 PIN",
        (English, PinProblem::Differs) => "These were two different PINs. Enter the new one again",
        (Chinese, PinProblem::Taken) => "另一个角色已使用这个 PIN，请换一个",
        (English, PinProblem::Taken) => "The other role has this PIN. Choose another one",
    }
}

pub fn place(language: Language, place: Place) -> &'static str {
    match (language, place) {
        (Chinese, Place::Queue) => "照片队列",
        (English, Place::Queue) => "Photo list",
        (Chinese, Place::Payments) => "现场收费",
        (English, Place::Payments) => "Payments",
        (Chinese, Place::Pause) => "暂停服务",
        (English, Place::Pause) => "Pause",
        (Chinese, Place::Stick) => "U盘",
        (English, Place::Stick) => "USB stick",
        (Chinese, Place::Roster) => "导入名单",
        (English, Place::Roster) => "Roster",
        (Chinese, Place::Day) => "日报",
        (English, Place::Day) => "Day report",
        (Chinese, Place::Camera) => "摄像头设置",
        (English, Place::Camera) => "Camera setup",
        (Chinese, Place::Log) => "运行日志",
        (English, Place::Log) => "Log",
        (Chinese, Place::Purge) => "清除照片",
        (English, Place::Purge) => "Erase",
        (Chinese, Place::Plate) => "重拍底图",
        (English, Place::Plate) => "Backdrop",
        (Chinese, Place::Audit) => "操作记录",
        (English, Place::Audit) => "Action log",
        (Chinese, Place::Pins) => "修改 PIN",
        (English, Place::Pins) => "Change PIN",
        (Chinese, Place::Update) => "从U盘更新",
        (English, Place::Update) => "Update from stick",
    }
}

pub fn delivery(language: Language, delivery: Delivery) -> &'static str {
    match (language, delivery) {
        (Chinese, Delivery::Pending) => "待上传",
        (English, Delivery::Pending) => "Waiting",
        (Chinese, Delivery::Received) => "已收到",
        (English, Delivery::Received) => "Received",
        (Chinese, Delivery::Refused) => "被拒收",
        (English, Delivery::Refused) => "Refused",
        (Chinese, Delivery::Conflict) => "有冲突",
        (English, Delivery::Conflict) => "Conflict",
        (Chinese, Delivery::Withdrawn) => "已撤回",
        (English, Delivery::Withdrawn) => "Withdrawn",
    }
}

pub fn filter(language: Language, filter: &Filter) -> &'static str {
    match (language, filter) {
        (Chinese, Filter::All) => "全部",
        (English, Filter::All) => "All",
        (_, Filter::Of(state)) => delivery(language, *state),
        (Chinese, Filter::Due) => "待交费",
        (English, Filter::Due) => "Fee due",
        (Chinese, Filter::Found(_)) => "查找结果",
        (English, Filter::Found(_)) => "Found",
    }
}

/// 审核, with every reason.
pub fn review(language: Language, audit: Audit, reasons: &[String]) -> String {
    let words = match (language, audit) {
        (Chinese, Audit::Pending) => "待审核",
        (English, Audit::Pending) => "Waiting for review",
        (Chinese, Audit::Accepted) => "审核通过",
        (English, Audit::Accepted) => "Approved",
        (Chinese, Audit::Rejected) => "审核未通过",
        (English, Audit::Rejected) => "Not approved",
        (Chinese, Audit::Unknown) => "未知",
        (English, Audit::Unknown) => "Unknown",
    };
    if reasons.is_empty() {
        return words.to_owned();
    }
    let names: Vec<_> = reasons.iter().map(|code| reason_name(language, code).unwrap_or(code)).collect();
    match language {
        Chinese => format!("{words}：{}", names.join("、")),
        English => format!("{words}: {}", names.join(", ")),
    }
}

pub fn picture_facts(px: (u32, u32), bytes: u64, profile: &str) -> String {
    format!("{} × {} px, {:.1} KB, {profile}", px.0, px.1, bytes as f64 / 1000.0)
}

pub fn attempts(language: Language, attempts: u32, code: Option<&str>) -> String {
    let code = code.unwrap_or("–");
    let why = match (language, reasons::known(language, code)) {
        (_, Some(words)) => words.to_owned(),
        (Chinese, None) => format!("代码 {code}"),
        (English, None) => format!("Code {code}"),
    };
    match language {
        Chinese => format!("{why}（已试 {attempts} 次）"),
        English => format!("{why} (tries: {attempts})"),
    }
}

/// Which lines of the log are shown.
pub fn level(language: Language, level: Level) -> &'static str {
    match (language, level) {
        (Chinese, Level::Info) => "全部",
        (English, Level::Info) => "All",
        (Chinese, Level::Warning) => "警告和错误",
        (English, Level::Warning) => "Warnings, errors",
        (Chinese, Level::Error) => "错误",
        (English, Level::Error) => "Errors",
    }
}

/// How bad one of them is.
pub fn level_of_entry(language: Language, level: Level) -> &'static str {
    match (language, level) {
        (Chinese, Level::Info) => "信息",
        (English, Level::Info) => "Info",
        (Chinese, Level::Warning) => "警告",
        (English, Level::Warning) => "Warning",
        (Chinese, Level::Error) => "错误",
        (English, Level::Error) => "Error",
    }
}

pub fn retention(language: Language, days: Option<u32>) -> String {
    match (language, days) {
        (Chinese, Some(days)) => format!("收到回执后 {days} 天"),
        (English, Some(days)) => format!("{days} days after the receipt"),
        (Chinese, None) => "一直保留".to_owned(),
        (English, None) => "For ever".to_owned(),
    }
}

/// The second question.
pub fn purge_sure(language: Language, number: u64) -> String {
    match language {
        Chinese => format!("将永久清除 {number} 张照片和对应的个人信息，不能恢复。签名的记录会保留"),
        English => format!("Photos to be erased for good, with their personal data: {number}. The signed records stay"),
    }
}

pub fn purged(language: Language, number: u64) -> String {
    match language {
        Chinese => format!("已清除 {number} 张照片"),
        English => format!("Photos erased: {number}"),
    }
}

/// The three sides of a record.
pub fn side(language: Language, side: Side) -> &'static str {
    match (language, side) {
        (Chinese, Side::Facts) => "概况",
        (English, Side::Facts) => "Overview",
        (Chinese, Side::History) => "经过",
        (English, Side::History) => "History",
        (Chinese, Side::Checks) => "检测",
        (English, Side::Checks) => "Checks",
    }
}

/// What happened to a record.
pub fn moment(language: Language, moment: Moment) -> &'static str {
    match (language, moment) {
        (Chinese, Moment::Saved) => "保存",
        (English, Moment::Saved) => "Saved",
        (Chinese, Moment::Sent) => "最近发送",
        (English, Moment::Sent) => "Last sent",
        (Chinese, Moment::Received) => "服务器收到",
        (English, Moment::Received) => "Received by server",
        (Chinese, Moment::News) => "审核消息",
        (English, Moment::News) => "News of the review",
        (Chinese, Moment::Paid) => "已交费",
        (English, Moment::Paid) => "Paid",
        (Chinese, Moment::Withdrawn) => "撤回同意",
        (English, Moment::Withdrawn) => "Consent withdrawn",
        (Chinese, Moment::WithdrawalTold) => "服务器确认撤回",
        (English, Moment::WithdrawalTold) => "Withdrawal confirmed",
        (Chinese, Moment::Erased) => "清除",
        (English, Moment::Erased) => "Erased",
    }
}

/// What students read while the booth is closed to them.
pub fn notice(language: Language, notice: Notice) -> &'static str {
    match (language, notice) {
        (Chinese, Notice::BackSoon) => "马上回来，请稍候",
        (English, Notice::BackSoon) => "Back in a few minutes",
        (Chinese, Notice::Break) => "午休时间，请下午再来",
        (English, Notice::Break) => "Lunch break, please come back in the afternoon",
        (Chinese, Notice::Maintenance) => "设备维护中",
        (English, Notice::Maintenance) => "The booth is being looked after",
        (Chinese, Notice::OtherBooth) => "请到旁边的采集点拍摄",
        (English, Notice::OtherBooth) => "Please use another booth",
        (Chinese, Notice::EndOfDay) => "今天的采集已结束，请明天再来",
        (English, Notice::EndOfDay) => "Closed for today, please come back tomorrow",
        (Chinese, Notice::NewVersion) => "正在更新，几分钟后继续，请稍候",
        (English, Notice::NewVersion) => "Being updated, please wait a few minutes",
    }
}

pub fn plate_problem(language: Language, problem: PlateProblem) -> (&'static str, &'static str) {
    match (language, problem) {
        (Chinese, PlateProblem::NotSetUp) => ("还没有设置底图的位置", "请 IT 在 [photo] plate 写好路径并重启"),
        (English, PlateProblem::NotSetUp) => {
            ("Where the plate goes is not set", "IT names a file in [photo] plate and starts again")
        }
        (Chinese, PlateProblem::NoPicture) => ("摄像头没有画面", "返回后点“摄像头”看怎么办"),
        (English, PlateProblem::NoPicture) => ("No picture from the camera", "Go back and open \"Camera\""),
        (Chinese, PlateProblem::Somebody) => ("画面里有人", "请离开画面再拍；原来的底图没有改变"),
        (English, PlateProblem::Somebody) => {
            ("Somebody is in the picture", "Leave the view and take it again; nothing was changed")
        }
        (Chinese, PlateProblem::NoModel) => ("照片处理程序无法运行", "请联系 IT"),
        (English, PlateProblem::NoModel) => ("The photo models do not run", "Call IT"),
        (Chinese, PlateProblem::CannotWrite) => ("底图无法保存", "请联系 IT 检查磁盘和文件权限"),
        (English, PlateProblem::CannotWrite) => {
            ("The plate cannot be written", "IT checks the disk and the file's owner")
        }
    }
}

pub fn fitness(language: Language, score: u8) -> String {
    match language {
        Chinese => format!("适合度 {score} / 100"),
        English => format!("Fitness {score} of 100"),
    }
}

pub fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

pub fn actor(language: Language, name: &str) -> String {
    match (language, name) {
        (Chinese, "staff") => "工作人员",
        (English, "staff") => "Staff",
        (Chinese, "supervisor") => "主管",
        (English, "supervisor") => "Supervisor",
        (Chinese, "nobody") => "未知",
        (English, "nobody") => "Unknown",
        (Chinese, "command_line") => "命令行",
        (English, "command_line") => "Command line",
        (_, other) => other,
    }
    .to_owned()
}

/// As the log names it; what a newer program wrote stays as it is.
pub fn action(language: Language, name: &str) -> String {
    let (failed, stopped) = (name.strip_suffix("_failed"), name.strip_suffix("_stopped"));
    let words = match (language, failed.or(stopped).unwrap_or(name)) {
        (Chinese, "unlock") => "进入",
        (English, "unlock") => "Unlock",
        (Chinese, "unlock_refused") => "PIN 不正确",
        (English, "unlock_refused") => "Wrong PIN",
        (Chinese, "lock") => "退出",
        (English, "lock") => "Lock",
        (Chinese, "open_personal_data") => "查看个人信息",
        (English, "open_personal_data") => "Open personal data",
        (Chinese, "retry") => "重新上传",
        (English, "retry") => "Upload again",
        (Chinese, "confirm_payment") => "确认收费",
        (English, "confirm_payment") => "Confirm payment",
        (Chinese, "pause") => "暂停服务",
        (English, "pause") => "Pause",
        (Chinese, "resume") => "恢复服务",
        (English, "resume") => "Resume",
        (Chinese, "export") => "导出队列",
        (English, "export") => "Export",
        (Chinese, "import_receipts") => "导入回执",
        (English, "import_receipts") => "Import receipts",
        (Chinese, "import_roster") => "导入名单",
        (English, "import_roster") => "Import a roster",
        (Chinese, "take_plate") => "更换背景底图",
        (English, "take_plate") => "New plate",
        (Chinese, "change_camera") => "摄像头设置",
        (English, "change_camera") => "Camera setup",
        (Chinese, "purge") => "清除照片",
        (English, "purge") => "Erase photos",
        (Chinese, "install_update") => "安装新版本",
        (English, "install_update") => "Install update",
        (Chinese, "change_staff_pin") => "修改工作人员 PIN",
        (English, "change_staff_pin") => "Change staff PIN",
        (Chinese, "change_supervisor_pin") => "修改主管 PIN",
        (English, "change_supervisor_pin") => "Change supervisor PIN",
        (Chinese, "see_audit_log") => "查看操作记录",
        (English, "see_audit_log") => "Read this log",
        (Chinese, "enrol") => "登记到服务器",
        (English, "enrol") => "Enrol",
        (Chinese, "backup") => "备份数据库",
        (English, "backup") => "Back up",
        (_, other) => other,
    };
    match (language, failed, stopped) {
        (_, None, None) => words.to_owned(),
        (Chinese, Some(_), _) => format!("{words}（失败）"),
        (English, Some(_), _) => format!("{words} (failed)"),
        (Chinese, None, Some(_)) => format!("{words}（已停止）"),
        (English, None, Some(_)) => format!("{words} (stopped)"),
    }
}

/// A submission by the number that its student has; everything else as it is written.
pub fn audit_subject(language: Language, subject: &str) -> String {
    if let Ok(id) = subject.parse::<SubmissionId>() {
        return grouped_order_number(&id.order_number());
    }
    if let Some(notice) = Notice::ALL.into_iter().find(|notice| notice.name() == subject) {
        return self::notice(language, notice).to_owned();
    }
    match (language, subject) {
        (Chinese, "by itself") => "无人操作，自动锁定".to_owned(),
        // A roster by its digest.
        (Chinese, _) if subject.starts_with("sha256 ") => subject.replace(", bad rows left out", "，有误的行除外"),
        _ => actor(language, subject),
    }
}

fn clock(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%H:%M:%S").to_string()
}

/// 06-20 16:05
pub fn date_and_clock(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%m-%d %H:%M").to_string()
}

/// 06-20 16:05:31
pub fn date_and_seconds(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%m-%d %H:%M:%S").to_string()
}

/// 2026-06-20
pub fn date(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d").to_string()
}
