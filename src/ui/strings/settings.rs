//! The page of a booth whose settings are wrong. What each rule says is `config`'s own.

use crate::config::Place;
use crate::visit::Language;

#[derive(Debug)]
pub struct SettingsStrings {
    pub title: &'static str,
    /// For whoever is not IT.
    pub ask_staff: &'static str,
    /// For IT.
    pub what_to_do: &'static str,
    pub again: &'static str,
    pub earlier: &'static str,
    pub later: &'static str,
}

const CHINESE: SettingsStrings = SettingsStrings {
    title: "设置有误，暂停服务",
    ask_staff: "请联系工作人员。已保存的照片不受影响。",
    what_to_do: "请改正下列问题并保存文件。本机每隔几秒重新读取，改正后自动开始服务。",
    again: "立即重新检查",
    earlier: "上一页",
    later: "下一页",
};

const ENGLISH: SettingsStrings = SettingsStrings {
    title: "The settings are wrong",
    ask_staff: "Please ask the staff. Photos that were saved are safe.",
    what_to_do: "Correct what is listed and save the file. The booth reads it again every few seconds and starts by \
                 itself once it is right.",
    again: "Check again",
    earlier: "Back",
    later: "More",
};

impl SettingsStrings {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}

pub fn number_of_problems(language: Language, number: usize) -> String {
    match language {
        Language::Chinese => format!("{number} 个问题"),
        Language::English if number == 1 => "1 problem".to_owned(),
        Language::English => format!("{number} problems"),
    }
}

/// Which part of the list is shown, both from 1.
pub fn page_of(language: Language, page: usize, pages: usize) -> String {
    match language {
        Language::Chinese => format!("第 {page} 页，共 {pages} 页"),
        Language::English => format!("Page {page} of {pages}"),
    }
}

/// Where in `file` it stands; files other than the settings are named.
pub fn place(language: Language, file: &str, place: &Place) -> String {
    match (language, place) {
        (_, Place::File) => file.to_owned(),
        (Language::Chinese, Place::Line { line, column }) => format!("{file} 第 {line} 行，第 {column} 列"),
        (Language::English, Place::Line { line, column }) => format!("{file} line {line}, column {column}"),
        (Language::Chinese, Place::Variable(name)) => format!("环境变量 {name}"),
        (Language::English, Place::Variable(name)) => format!("environment variable {name}"),
    }
}
