//! The rules in English.

use super::super::problem::{Kind, Rule, Wanted};
use super::{MOST_LISTED, list, name, range};

/// The rule, and what to do.
pub(super) fn words(rule: &Rule, key: &str) -> (String, String) {
    let name = name(key);
    let say = |rule: &str, hint: &str| (rule.to_owned(), hint.to_owned());
    match rule {
        Rule::NoFile => say("the file does not exist", "check the path, or copy kiosk.minimal.toml there and edit it"),
        Rule::Forbidden => say("the file may not be read", "let the user that runs szz-kiosk read it"),
        Rule::Unreadable(cause) => (format!("the file cannot be read: {cause}"), "check path and disk".to_owned()),
        Rule::TooLong => say("the file is longer than 1 MB", "settings are short: is this the right file?"),
        Rule::NotText => say("this is no UTF-8 text", "save it as UTF-8 without other encodings"),
        Rule::Syntax(cause) => {
            (format!("this is not TOML: {}", cause.trim().replace('\n', "; ")), "correct this line".to_owned())
        }

        Rule::Unknown { near: Some(near), .. } => ("there is no such key".to_owned(), format!("did you mean {near}?")),
        Rule::Unknown { near: None, known } if known.len() > MOST_LISTED => {
            say("there is no such key", "take it away; `szz-kiosk generate texts` prints all that there are")
        }
        Rule::Unknown { near: None, known } => {
            ("there is no such key".to_owned(), format!("take it away; known here: {}", known.join(", ")))
        }
        Rule::Missing => ("this is missing".to_owned(), format!("add {name}; kiosk.minimal.toml has an example")),
        Rule::Type { wanted, found } => {
            let must = list(wanted, ", ", " or ", kind);
            (format!("must be {must}, is {}", kind(*found)), type_hint(wanted, *found).to_owned())
        }
        Rule::Choice { given, wanted, near } => {
            let hint = near.as_ref().map(|near| format!("did you mean {near}?"));
            let must = list(wanted, ", ", " or ", kind);
            (format!("{given} is not allowed: must be {must}"), hint.unwrap_or("choose one of them".to_owned()))
        }
        Rule::Within { given, low, high } => {
            let must = match range(low, high) {
                (low, high) if high.is_empty() => format!("at least {low}"),
                (low, high) if low.is_empty() => format!("at most {high}"),
                (low, high) => format!("{low} to {high}"),
            };
            (format!("{given} is not allowed: must be {must}"), "correct the number".to_owned())
        }
        Rule::Count { given, least, most } => {
            let must = match most {
                Some(most) if most == least => most.to_string(),
                Some(most) => format!("{least} to {most}"),
                None => format!("at least {least}"),
            };
            (format!("has {given} items: must have {must}"), "add or remove items between [ and ]".to_owned())
        }

        Rule::KioskId => say("must be 1 to 40 letters, digits and dashes", "such as \"campus-a-01\""),
        Rule::FileMissing(file) => {
            (format!("the file {} does not exist", file.display()), "put it there, or correct the path".to_owned())
        }
        Rule::FileEmpty(file) => (format!("the file {} is empty", file.display()), "write the text into it".to_owned()),
        Rule::FileUnreadable(file, cause) => {
            (format!("the file {} cannot be read: {cause}", file.display()), "check its permissions".to_owned())
        }
        Rule::FolderMissing(folder) => {
            (format!("the folder {} does not exist", folder.display()), "make it, or correct the path".to_owned())
        }
        Rule::SecretMissing(file) => (
            format!("the secret file {} does not exist", file.display()),
            "restore it from its backup, or create it first".to_owned(),
        ),
        Rule::SecretTooOpen(file) => (
            format!("the secret file {} can be read by others", file.display()),
            "run chmod 600 on it, and replace the secret if others use this machine".to_owned(),
        ),
        Rule::SecretMalformed(file) => (
            format!("the secret file {} does not hold what it should", file.display()),
            "restore it from its backup".to_owned(),
        ),
        Rule::OpaqueNeedsRoster => {
            say("an opaque code means nothing without the roster", "take the line away, or choose another kind")
        }
        Rule::OnlineNeedsNoRoster => {
            say("an online code is one that the roster need not know", "take the line away, or choose another kind")
        }
        Rule::SchoolCode => say(
            "codes of this kind need the school: 1 to 12 digits and capital letters",
            "write the school's 院校代码, such as \"99999\"",
        ),
        Rule::Blank => say("must not be blank", "write something, or take the line away"),
        Rule::Excludes(other) => (
            format!("cannot hold together with {other}"),
            format!("keep one of the two: take this line away, or {other}"),
        ),
        Rule::NeedsKey(other) => (format!("does not work without {other}"), format!("give {other}, too")),
        Rule::HttpsUrl => say("must begin with https://", "ask for the address of the server with its certificate"),
        Rule::ProxyUrl => say("must be of the form http://host:port", "such as \"http://proxy.example.edu.cn:3128\""),
        Rule::ServerKey => {
            say("must be a public key of 64 hexadecimal digits", "copy the key from the central server once more")
        }
        Rule::NotEnrolled => say(
            "nothing says whose receipts to believe: the booth has not enrolled with this server",
            "run `szz-kiosk enroll`, or give public_key and put the token into token_file",
        ),
        Rule::OtherBooth(name) => (
            format!("the booth has enrolled as {name:?}"),
            "write that name here, or enroll once more under the new one".to_owned(),
        ),
        Rule::OtherServer => say(
            "the booth has enrolled with a server that has another key",
            "take this line away, or enroll once more with --replace",
        ),
        Rule::AgeKey => say("is no public age key", "copy the key that begins with age1 from the central server"),
        Rule::Pair { least, most } => (
            format!("must be two numbers from {least} to {most}, the smaller one first"),
            "write them as [smallest, largest]".to_owned(),
        ),
        Rule::LocalAddress => {
            say("must be an address of this machine in a local network, with a port", "such as \"192.168.4.1:8080\"")
        }
        Rule::Loopback => say("must be a loopback address with a port", "such as \"127.0.0.1:9184\""),
        Rule::TextTooWide { most } => (
            format!("must not be wider than {most} characters (a Chinese one counts as two)"),
            "shorten it, or take the line away to have the program's own words".to_owned(),
        ),
        Rule::Fee => say("must be 1 to 100000 分 where a fee is taken", "such as 3000, which is ¥30.00"),
        Rule::SmallTarget { mm, least_mm } => (
            format!("buttons would be {mm:.1} mm high, a finger needs {least_mm} mm"),
            "measure the picture in millimetres, or use a larger screen".to_owned(),
        ),
        Rule::NoProfile { looked } => {
            let looked: Vec<String> = looked.iter().map(|path| path.display().to_string()).collect();
            ("there is no such photo profile".to_owned(), format!("looked for {}", looked.join(", ")))
        }
        Rule::AllowsNothing => say("this limit allows no photo at all", "correct the number"),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Whole => "a whole number",
        Kind::Number => "a number",
        Kind::Truth => "true or false",
        Kind::Time => "a date",
        Kind::List => "a list",
        Kind::Section => "a section",
    }
}

fn type_hint(wanted: &[Wanted], found: Kind) -> &'static str {
    match (wanted.first(), found) {
        (Some(Wanted::Kind(Kind::Text) | Wanted::Word(_)), _) => "put it in quotation marks: \"…\"",
        (Some(Wanted::Kind(Kind::Whole | Kind::Number | Kind::Truth)), Kind::Text) => "take the quotation marks away",
        (Some(Wanted::Kind(Kind::Whole)), Kind::Number) => "write it without a decimal point",
        (Some(Wanted::Kind(Kind::Truth)), _) => "write true or false",
        (Some(Wanted::Kind(Kind::List)), _) => "write a list between [ and ], its items with commas between",
        (Some(Wanted::Kind(Kind::Section)), _) => "write its name in brackets on a line of its own, its keys below",
        _ => "correct the value",
    }
}
