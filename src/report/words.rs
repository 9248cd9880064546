//! The words of a day's report, on the screen and in its files.

use crate::photo::Check;
use crate::visit::Language::{self, Chinese, English};
use crate::visit::PaymentMode;
use crate::words::{check_name, reasons};

/// What a line or a title says; what is not known stays as it is written.
pub fn word(language: Language, name: &str) -> &str {
    match (language, name) {
        (Chinese, "title") => "采集日报",
        (English, "title") => "Report of the day",
        (Chinese, "signed_staff") => "工作人员签字",
        (English, "signed_staff") => "Staff",
        (Chinese, "signed_supervisor") => "主管签字",
        (English, "signed_supervisor") => "Supervisor",

        (Chinese, "photos") => "拍摄",
        (English, "photos") => "Photos",
        (Chinese, "photographed") => "提交的照片",
        (English, "photographed") => "Photos submitted",
        (Chinese, "brought") => "其中自带照片",
        (English, "brought") => "Of these brought along",
        (Chinese, "shots") => "按下快门",
        (English, "shots") => "Shots",
        (Chinese, "retakes") => "检测未通过",
        (English, "retakes") => "Shots that failed a check",
        (Chinese, "withdrawn") => "当天撤回同意",
        (English, "withdrawn") => "Consents withdrawn today",

        (Chinese, "delivery") => "上传",
        (English, "delivery") => "Upload",
        (Chinese, "pending") => "待上传",
        (English, "pending") => "Waiting",
        (Chinese, "received") => "服务器已收到",
        (English, "received") => "Received by server",
        (Chinese, "refused") => "服务器拒收",
        (English, "refused") => "Refused by server",
        (Chinese, "conflict") => "有冲突",
        (English, "conflict") => "In conflict",
        (Chinese, "taken_back") => "已撤回",
        (English, "taken_back") => "Withdrawn",
        (Chinese, "sent") => "当天发送",
        (English, "sent") => "Sent on this day",
        (Chinese, "acknowledged") => "当天收到回执",
        (English, "acknowledged") => "Receipts on this day",

        (Chinese, "payments") => "收费",
        (English, "payments") => "Payments",
        (Chinese, "due") => "未交费",
        (English, "due") => "Due",

        (Chinese, "events") => "故障与求助",
        (English, "events") => "Faults and calls",
        (Chinese, "staff_called") => "呼叫工作人员",
        (English, "staff_called") => "Calls for staff",
        (Chinese, "wrong_numbers") => "学号三次不符",
        (English, "wrong_numbers") => "Three wrong student numbers",
        (Chinese, "camera") => "摄像头故障",
        (English, "camera") => "Camera faults",
        (Chinese, "studio") => "照片处理故障",
        (English, "studio") => "Photo model faults",
        (Chinese, "storage") => "无法保存",
        (English, "storage") => "Database faults",
        (_, other) => other,
    }
}

pub fn retake_reason(language: Language, check: Check) -> String {
    let name = check_name(language, check);
    match language {
        Chinese => format!("未通过：{name}"),
        English => format!("Failed: {name}"),
    }
}

/// Why photos were refused, in words; a code that nobody here knows stays as the server wrote it.
pub fn refusal(language: Language, code: &str) -> String {
    let reason = reasons::known(language, code);
    match (language, reason) {
        (Chinese, Some(reason)) => format!("拒收：{reason}"),
        (English, Some(reason)) => format!("Refused: {reason}"),
        (Chinese, None) => format!("拒收：代码 {code}"),
        (English, None) => format!("Refused: code {code}"),
    }
}

pub fn payment(language: Language, mode: PaymentMode) -> &'static str {
    match (language, mode) {
        (Chinese, PaymentMode::Online) => "扫码支付",
        (English, PaymentMode::Online) => "Paid online",
        (Chinese, PaymentMode::Staff) => "现场收费",
        (English, PaymentMode::Staff) => "Paid to staff",
        (Chinese, PaymentMode::Deferred) => "稍后支付",
        (English, PaymentMode::Deferred) => "Paid later",
        (Chinese, PaymentMode::None) => "免费",
        (English, PaymentMode::None) => "Free",
    }
}
