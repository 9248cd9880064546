//! What the dashboard's lights are about, in numbers, and what staff do about them.

use jiff::SignedDuration;

use super::sentences::{date, date_and_clock};
use crate::operator::{Backups, Certificate, Facts, Light, PlateFacts, Subject};
use crate::submission::ClockTrust;
use crate::ui::strings::camera;
use crate::visit::Language::{self, Chinese, English};

pub fn subject(language: Language, subject: Subject) -> &'static str {
    match (language, subject) {
        (Chinese, Subject::Camera) => "摄像头",
        (English, Subject::Camera) => "Camera",
        (Chinese, Subject::Models) => "照片处理",
        (English, Subject::Models) => "Photo models",
        (Chinese, Subject::Plate) => "背景底图",
        (English, Subject::Plate) => "Backdrop picture",
        (Chinese, Subject::Database) => "数据库",
        (English, Subject::Database) => "Database",
        (Chinese, Subject::Disk) => "磁盘",
        (English, Subject::Disk) => "Disk",
        (Chinese, Subject::Clock) => "时钟",
        (English, Subject::Clock) => "Clock",
        (Chinese, Subject::Queue) => "队列",
        (English, Subject::Queue) => "Queue",
        (Chinese, Subject::Upload) => "上传",
        (English, Subject::Upload) => "Upload",
        (Chinese, Subject::Certificate) => "证书",
        (English, Subject::Certificate) => "Certificate",
        (Chinese, Subject::Version) => "版本",
        (English, Subject::Version) => "Version",
    }
}

/// What the light of a subject is about, in numbers.
pub fn value(language: Language, facts: &Facts, subject: Subject) -> String {
    let say = |chinese: &str, english: &str| if language == Chinese { chinese } else { english }.to_owned();
    match subject {
        Subject::Camera => match facts.camera_trouble {
            Some(trouble) => camera::trouble(language, trouble).0.to_owned(),
            None => match (language, facts.last_frame_ms) {
                (Chinese, Some(age)) => format!("每秒 {:.0} 帧，最新 {age} 毫秒前", facts.fps),
                (English, Some(age)) => format!("{:.0} fps, newest {age} ms ago", facts.fps),
                (Chinese, None) => "没有画面".to_owned(),
                (English, None) => "No picture".to_owned(),
            },
        },
        Subject::Models if facts.models_loaded => say("模型已载入", "Loaded"),
        Subject::Models => say("模型未载入", "Not loaded"),
        Subject::Plate => match facts.plate {
            PlateFacts::NotUsed => say("未设置", "Not set up"),
            PlateFacts::Wanted => say("需要重拍", "To be taken again"),
            PlateFacts::Fits => say("合适", "Fits"),
        },
        Subject::Database if facts.can_save => match (language, facts.backups) {
            (Chinese, Backups::Newest(at)) => format!("可以保存，备份于 {}", date(at)),
            (English, Backups::Newest(at)) => format!("Photos can be saved; backup of {}", date(at)),
            (_, Backups::NoneYet) => say("可以保存，还没有备份", "Photos can be saved; no backup yet"),
            (_, Backups::Off) => say("可以保存", "Photos can be saved"),
        },
        Subject::Database => say("无法保存", "Photos cannot be saved"),
        Subject::Disk => match (language, facts.free_disk_mb) {
            (Chinese, Some(mb)) => format!("剩余 {}", gigabytes(mb)),
            (English, Some(mb)) => format!("{} free", gigabytes(mb)),
            (_, None) => say("未知", "Unknown"),
        },
        Subject::Clock => {
            let trust = match facts.clock {
                ClockTrust::Confirmed => say("与服务器一致", "agrees with the server"),
                ClockTrust::Unconfirmed => say("未与服务器核对", "not compared"),
                ClockTrust::Doubtful => say("与服务器不一致", "differs from the server"),
            };
            format!("{} {trust}", date_and_clock(facts.seen_at))
        }
        Subject::Queue => queue(language, facts),
        Subject::Upload => match (facts.has_server, facts.last_receipt) {
            (false, _) => say("未设置服务器", "No server set up"),
            (true, None) => say("还没有上传过", "Nothing uploaded yet"),
            (true, Some(at)) => {
                let ago = ago(language, facts.seen_at.duration_since(at));
                if language == Chinese { format!("最近成功：{ago}") } else { format!("Last success {ago}") }
            }
        },
        Subject::Certificate => certificate(language, facts),
        Subject::Version => facts.version.to_owned(),
    }
}

fn certificate(language: Language, facts: &Facts) -> String {
    let Some((whose, end)) = facts.certificate else {
        return if language == Chinese { "还不知道" } else { "Not known yet" }.to_owned();
    };
    let whose = match (language, whose) {
        (Chinese, Certificate::Server) => "服务器",
        (English, Certificate::Server) => "Server",
        (Chinese, Certificate::Booth) => "本机",
        (English, Certificate::Booth) => "Booth",
        (Chinese, Certificate::Authority) => "颁发机构",
        (English, Certificate::Authority) => "Authority",
    };
    let (days, end) = (end.duration_since(facts.seen_at).as_hours() / 24, date(end));
    match (language, days) {
        (Chinese, ..0) => format!("{whose}：{end} 已过期"),
        (English, ..0) => format!("{whose}: ended {end}"),
        (Chinese, _) => format!("{whose}：{end} 到期，还有 {days} 天"),
        (English, _) => format!("{whose}: until {end}, {days} days"),
    }
}

fn queue(language: Language, facts: &Facts) -> String {
    let Some(counts) = facts.queue else {
        return if language == Chinese { "无法读取" } else { "Cannot be read" }.to_owned();
    };
    let refused = counts.refused + counts.conflict;
    let oldest = facts.oldest_pending.map(|oldest| ago(language, facts.seen_at.duration_since(oldest)));
    match (language, oldest) {
        (Chinese, None) => format!("待上传 0，被拒 {refused}"),
        (English, None) => format!("0 waiting, {refused} refused"),
        (Chinese, Some(oldest)) => format!("待上传 {}，最早 {oldest}，被拒 {refused}", counts.pending),
        (English, Some(oldest)) => format!("{} waiting, oldest {oldest}, {refused} refused", counts.pending),
    }
}

/// What staff do about a light.
pub fn advice(language: Language, facts: &Facts, subject: Subject, light: Light) -> Vec<String> {
    let (chinese, english): (&[&str], &[&str]) = match (subject, light) {
        (_, Light::Green) => (&["一切正常，不用做什么"], &["All is well, nothing to do"]),
        (Subject::Camera, _) => (
            &["把 USB 线插紧，打开灯和镜头盖", "一分钟后仍不正常：换一根线或换一个接口，再联系 IT"],
            &[
                "Plug the USB cable in firmly; lamps on, lens uncovered",
                "After a minute: another cable or socket, then IT",
            ],
        ),
        (Subject::Models, _) => (
            &["照片无法处理：关闭程序后重新启动一次", "仍不正常请联系 IT 重装，已保存的照片不受影响"],
            &[
                "Photos cannot be made: start the program again once",
                "If that fails, IT reinstalls; stored photos are safe",
            ],
        ),
        (Subject::Plate, Light::Off) => (
            &["不影响拍摄。IT 在 [photo] plate 写好路径后，可以在这里拍摄底图"],
            &["Photos are taken all the same. Once IT names a file in [photo] plate, the plate is taken here"],
        ),
        (Subject::Plate, _) => (
            &["摄像头、灯光或背景变了：返回后点“重拍底图”", "不影响拍摄，只是边缘没有那么精确"],
            &[
                "Camera, lamps or backdrop changed: go back, press \"Backdrop\" and take it again",
                "Photos are taken all the same, with a less exact edge",
            ],
        ),
        (Subject::Database, Light::Amber) => (
            &["照片照常保存，只是没有新的备份：请 IT 检查 [backup] folder", "用 szz-kiosk doctor 可以看到原因"],
            &[
                "Photos are saved as always, but there is no new backup: have IT look at [backup] folder",
                "`szz-kiosk doctor` says more",
            ],
        ),
        (Subject::Database, _) => (
            &["停用本机，联系 IT；不要删除任何文件", "重启前已显示“照片已提交”的照片都在"],
            &[
                "Close the booth and call IT; delete nothing",
                "Photos for which the screen said \"submitted\" are there",
            ],
        ),
        (Subject::Disk, Light::Off) => (&["系统没有提供剩余空间"], &["The system does not tell how much room is left"]),
        (Subject::Disk, _) => (
            &["请 IT 清理磁盘；照片收到回执并到期后自动清除", "不要自己删除文件"],
            &["IT makes room; photos are erased by themselves after receipt and time", "Do not delete files yourself"],
        ),
        (Subject::Clock, Light::Amber) => (
            &["与手机对一下时间：相差不到两分钟就不用做什么", "联网上传一次后会自动核对"],
            &["Compare with your phone: up to two minutes is fine", "It is compared by itself with the next upload"],
        ),
        (Subject::Clock, _) => (
            &["时间不对会使采集码被误判为过期：请 IT 校准系统时间"],
            &["A wrong clock refuses good codes as expired: have IT set the system's time"],
        ),
        (Subject::Queue, _) => (
            &["等得久：检查网络，或用 U 盘导出", "被拒：打开“照片队列”看原因，处理后点“重新上传”"],
            &[
                "Waiting long: check the network, or export to a stick",
                "Refused: open \"Photo list\", read why, then \"Upload again\"",
            ],
        ),
        (Subject::Upload, Light::Off) => (
            &["本机不联网：用 U 盘导出队列，再导入服务器的回执"],
            &["This booth has no server: export to a stick, then import the server's receipts"],
        ),
        (Subject::Upload, _) => (
            &["检查网线或无线网络；照片都在本机，不会丢失", "一天后仍没有上传：用 U 盘导出，并告诉 IT"],
            &[
                "Check the cable or Wi-Fi; photos stay here and are not lost",
                "After a day: export to a stick and tell IT",
            ],
        ),
        (Subject::Certificate, Light::Off) => (
            &["第一次连上服务器以后会显示；没有服务器时不需要证书"],
            &["It is known after the first contact with the server; a booth without one needs none"],
        ),
        (Subject::Certificate, _) => (
            &[
                "到期后照片不能上传，但都保存在本机：请 IT 及时更换证书",
                "服务器的由中心更换；本机的在 [server] client_certificate_file",
            ],
            &[
                "Once it has ended nothing is uploaded; photos stay here. Have IT renew it in time",
                "The server's is the centre's; the booth's is [server] client_certificate_file",
            ],
        ),
        (Subject::Version, _) => (&["联系 IT 时请告诉他们这个版本号"], &["Tell IT this number when you call"]),
    };
    let mut lines: Vec<String> =
        if language == Chinese { chinese } else { english }.iter().map(|line| (*line).to_owned()).collect();
    if let (Subject::Camera, Some(trouble)) = (subject, facts.camera_trouble) {
        // More to the point than what to do about any camera.
        lines[0] = camera::trouble(language, trouble).1.to_owned();
    }
    lines
}

/// How long ago, in one unit.
fn ago(language: Language, age: SignedDuration) -> String {
    let minutes = age.as_mins().max(0);
    match (language, minutes) {
        (Chinese, 0) => "刚刚".to_owned(),
        (English, 0) => "just now".to_owned(),
        (Chinese, 1..60) => format!("{minutes} 分钟前"),
        (English, 1..60) => format!("{minutes} min ago"),
        (Chinese, 60..2880) => format!("{} 小时前", minutes / 60),
        (English, 60..2880) => format!("{} h ago", minutes / 60),
        (Chinese, _) => format!("{} 天前", minutes / 1440),
        (English, _) => format!("{} days ago", minutes / 1440),
    }
}

fn gigabytes(mb: u64) -> String {
    format!("{:.1} GB", mb as f64 / 1024.0)
}
