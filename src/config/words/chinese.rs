//! The rules in Chinese.

use super::super::problem::{Kind, Rule, Wanted};
use super::{MOST_LISTED, list, name, range};

/// The rule, and what to do.
pub(super) fn words(rule: &Rule, key: &str) -> (String, String) {
    let name = name(key);
    let say = |rule: &str, hint: &str| (rule.to_owned(), hint.to_owned());
    match rule {
        Rule::NoFile => say("文件不存在", "请检查路径，或将 kiosk.minimal.toml 复制到此处后修改"),
        Rule::Forbidden => say("没有读取此文件的权限", "请允许运行 szz-kiosk 的用户读取"),
        Rule::Unreadable(cause) => (format!("无法读取文件：{cause}"), "请检查路径和磁盘".to_owned()),
        Rule::TooLong => say("文件超过 1 MB", "设置文件很短，请确认是否选错了文件"),
        Rule::NotText => say("不是 UTF-8 文本", "请以 UTF-8 编码保存"),
        Rule::Syntax(cause) => {
            let detail = cause.trim().replace('\n', "；");
            (format!("{}（解析器原文：{detail}）", syntax(&detail)), "请改正这一行".to_owned())
        }

        Rule::Unknown { near: Some(near), .. } => ("没有这个键".to_owned(), format!("是否应为 {near}？")),
        Rule::Unknown { near: None, known } if known.len() > MOST_LISTED => {
            say("没有这个键", "请删除；szz-kiosk generate texts 可列出全部可用的键")
        }
        Rule::Unknown { near: None, known } => {
            ("没有这个键".to_owned(), format!("请删除；此处可用的键：{}", known.join("、")))
        }
        Rule::Missing => ("缺少此项".to_owned(), format!("请补上 {name}，可参考 kiosk.minimal.toml")),
        Rule::Type { wanted, found } => {
            let must = list(wanted, "、", "或", kind);
            (format!("应为{must}，实际为{}", kind(*found)), type_hint(wanted, *found).to_owned())
        }
        Rule::Choice { given, wanted, near } => {
            let hint = near.as_ref().map(|near| format!("是否应为 {near}？"));
            let must = list(wanted, "、", "或", kind);
            (format!("不能为 {given}，应为{must}"), hint.unwrap_or("请从中选择".to_owned()))
        }
        Rule::Within { given, low, high } => {
            let must = match range(low, high) {
                (low, high) if high.is_empty() => format!("不小于 {low}"),
                (low, high) if low.is_empty() => format!("不大于 {high}"),
                (low, high) => format!("在 {low} 到 {high} 之间"),
            };
            (format!("不能为 {given}，应{must}"), "请改正数值".to_owned())
        }
        Rule::Count { given, least, most } => {
            let must = match most {
                Some(most) if most == least => format!("应有 {most} 项"),
                Some(most) => format!("应有 {least} 到 {most} 项"),
                None => format!("至少应有 {least} 项"),
            };
            (format!("有 {given} 项，{must}"), "请在方括号 [ ] 内增减".to_owned())
        }

        Rule::KioskId => say("应为 1 到 40 个字母、数字或短横线", "例如 \"campus-a-01\""),
        Rule::FileMissing(file) => (format!("文件 {} 不存在", file.display()), "请放入该文件，或改正路径".to_owned()),
        Rule::FileEmpty(file) => (format!("文件 {} 是空的", file.display()), "请写入内容".to_owned()),
        Rule::FileUnreadable(file, cause) => {
            (format!("无法读取文件 {}：{cause}", file.display()), "请检查权限".to_owned())
        }
        Rule::FolderMissing(folder) => {
            (format!("文件夹 {} 不存在", folder.display()), "请新建该文件夹，或改正路径".to_owned())
        }
        Rule::SecretMissing(file) => {
            (format!("密钥文件 {} 不存在", file.display()), "请从备份恢复，或先创建".to_owned())
        }
        Rule::SecretTooOpen(file) => (
            format!("密钥文件 {} 可被他人读取", file.display()),
            "请对它执行 chmod 600；若有他人使用本机，请更换密钥".to_owned(),
        ),
        Rule::SecretMalformed(file) => (format!("密钥文件 {} 的内容不正确", file.display()), "请从备份恢复".to_owned()),
        Rule::OpaqueNeedsRoster => say("没有名册，opaque 码没有意义", "请删除这一行，或改用其他 kind"),
        Rule::OnlineNeedsNoRoster => say("online 码无需在名册中", "请删除这一行，或改用其他 kind"),
        Rule::SchoolCode => say("这类采集码需要院校代码：1 到 12 位数字或大写字母", "请填写院校代码，例如 \"99999\""),
        Rule::Blank => say("不能为空", "请填写内容，或删除这一行"),
        Rule::Excludes(other) => {
            (format!("不能与 {other} 同时填写"), format!("请保留其中一项：删除这一行，或删除 {other}"))
        }
        Rule::NeedsKey(other) => (format!("缺少 {other} 时无法使用"), format!("请同时填写 {other}")),
        Rule::HttpsUrl => say("应以 https:// 开头", "请填写中心服务器带证书的地址"),
        Rule::ProxyUrl => say("格式应为 http://主机:端口", "例如 \"http://proxy.example.edu.cn:3128\""),
        Rule::ServerKey => say("应为 64 位十六进制数字的公钥", "请从中心服务器重新复制公钥"),
        Rule::NotEnrolled => say(
            "本机尚未在该服务器登记，无法确认回执真伪",
            "请运行 szz-kiosk enroll，或填写 public_key 并将令牌放入 token_file",
        ),
        Rule::OtherBooth(name) => (format!("本机登记的名称是 {name:?}"), "请改为该名称，或以新名称重新登记".to_owned()),
        Rule::OtherServer => say("与登记时服务器的公钥不同", "请删除这一行，或用 --replace 重新登记"),
        Rule::AgeKey => say("不是 age 公钥", "请从中心服务器复制以 age1 开头的公钥"),
        Rule::Pair { least, most } => {
            (format!("应为 {least} 到 {most} 之间的两个数，小的在前"), "请写成 [最小, 最大]".to_owned())
        }
        Rule::LocalAddress => say("应为本机在局域网中的地址和端口", "例如 \"192.168.4.1:8080\""),
        Rule::Loopback => say("应为本机回环地址和端口", "例如 \"127.0.0.1:9184\""),
        Rule::TextTooWide { most } => (
            format!("文字宽度不能超过 {most} 个字符（一个汉字算两个）"),
            "请缩短，或删除这一行以使用原有文字".to_owned(),
        ),
        Rule::Fee => say("需要收费时应为 1 到 100000 分", "例如 3000 表示 ¥30.00"),
        Rule::SmallTarget { mm, least_mm } => (
            format!("按钮高度将只有 {mm:.1} mm，手指至少需要 {least_mm} mm"),
            "请以毫米量出画面尺寸，或换用更大的屏幕".to_owned(),
        ),
        Rule::NoProfile { looked } => {
            let looked: Vec<String> = looked.iter().map(|path| path.display().to_string()).collect();
            ("没有这个照片标准".to_owned(), format!("已查找：{}", looked.join("、")))
        }
        Rule::AllowsNothing => say("按此限值没有照片能通过", "请改正数值"),
    }
}

/// What the words of toml's parser mean; the general sentence for those that are rare.
fn syntax(cause: &str) -> &'static str {
    const KNOWN: [(&str, &str); 15] = [
        ("duplicate key", "同一个键或表写了两次"),
        ("key with no value", "键后面没有等号和值"),
        ("string values must be quoted", "缺少值，或文本没有加英文引号"),
        ("missing opening quote", "文本前面缺少引号"),
        ("invalid basic string", "文本后面缺少引号"),
        ("invalid literal string", "文本后面缺少引号"),
        ("missing escaped value", "文本里的反斜杠 \\ 要写两次"),
        ("unclosed array", "列表缺少右方括号 ]"),
        ("unclosed table", "表名缺少右方括号 ]"),
        ("invalid unquoted key", "键里有不能使用的字符"),
        ("unquoted keys cannot be empty", "等号前面没有键"),
        ("extra `=`", "多了一个等号"),
        ("unexpected leading zero", "数字不能以 0 开头"),
        ("invalid boolean", "应为 true 或 false"),
        ("unexpected key or value", "值的后面还有多余的内容"),
    ];
    let known = KNOWN.iter().find(|(words, _)| cause.contains(words));
    known.map_or("不符合 TOML 格式", |(_, sentence)| sentence)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "文本",
        Kind::Whole => "整数",
        Kind::Number => "数字",
        Kind::Truth => " true 或 false",
        Kind::Time => "日期",
        Kind::List => "列表",
        Kind::Section => "小节",
    }
}

fn type_hint(wanted: &[Wanted], found: Kind) -> &'static str {
    match (wanted.first(), found) {
        (Some(Wanted::Kind(Kind::Text) | Wanted::Word(_)), _) => "请加上引号：\"…\"",
        (Some(Wanted::Kind(Kind::Whole | Kind::Number | Kind::Truth)), Kind::Text) => "请去掉引号",
        (Some(Wanted::Kind(Kind::Whole)), Kind::Number) => "请去掉小数点",
        (Some(Wanted::Kind(Kind::Truth)), _) => "请写 true 或 false",
        (Some(Wanted::Kind(Kind::List)), _) => "请写成方括号 [ ] 中的列表，各项以逗号隔开",
        (Some(Wanted::Kind(Kind::Section)), _) => "请将名称写在单独一行的方括号中，各键写在其下",
        _ => "请改正此值",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_errors_are_said_in_chinese_with_the_parsers_words_as_detail() {
        let said = |file: &str| {
            let error = toml::from_str::<toml::Table>(file).unwrap_err();
            words(&Rule::Syntax(error.message().to_owned()), "").0
        };
        for (file, sentence) in [
            ("a = 1\na = 2", "同一个键或表写了两次"),
            ("[a]\n[a]", "同一个键或表写了两次"),
            ("a", "键后面没有等号和值"),
            ("a：1", "键后面没有等号和值"),
            ("a =", "缺少值"),
            ("a = “b”", "缺少值，或文本没有加英文引号"),
            ("a = b\"", "文本前面缺少引号"),
            ("a = \"b", "文本后面缺少引号"),
            ("a = 'b", "文本后面缺少引号"),
            ("a = \"C:\\q\"", "文本里的反斜杠"),
            ("a = [1", "列表缺少右方括号 ]"),
            ("[a", "表名缺少右方括号 ]"),
            ("a，b = 1", "键里有不能使用的字符"),
            ("= 1", "等号前面没有键"),
            ("a == 1", "多了一个等号"),
            ("a = 01", "数字不能以 0 开头"),
            ("a = tru", "应为 true 或 false"),
            ("a = \"b\"c", "值的后面还有多余的内容"),
            ("a = 2026-13-13", "不符合 TOML 格式"),
        ] {
            assert!(said(file).starts_with(sentence) && said(file).contains("解析器原文："), "{file}: {}", said(file));
        }
    }
}
