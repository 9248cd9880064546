//! `[visit]` and `[payment]`: the steps of a visit, as written and as checked.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};
use crate::photo::standard::PhotoProfile;
use crate::visit::{Imports, NumberForm, Payment, PaymentMode, PhoneStep, Steps};

/// Which steps a visit has.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawVisit {
    /// Asks for the 学号 of everybody whose number the roster or the code knows.
    student_number: bool,
    /// Shortest and longest.
    student_number_length: [u32; 2],
    student_number_letters: bool,
    /// "sms" verifies the phone number, "unverified" checks its form only, "off" does not ask.
    phone: RawPhone,
    /// What the code for WeChat begins with.
    #[schemars(regex(pattern = "^https://"))]
    wechat_url: Option<String>,
    /// The six tips before the camera.
    tips: bool,
    /// Lets a student bring a picture on a USB stick.
    import_from_stick: bool,
    /// An address of this machine in a local network: lets a student send a picture from a phone.
    import_from_phone: Option<String>,
    /// Where the system mounts USB sticks.
    usb_folders: Vec<PathBuf>,
    /// Lets a student show a code that is saved as a picture on a USB stick.
    code_from_stick: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RawPhone {
    Off,
    Unverified,
    Sms,
}

impl Default for RawVisit {
    fn default() -> Self {
        Self {
            student_number: true,
            student_number_length: [11, 11],
            student_number_letters: false,
            phone: RawPhone::Sms,
            wechat_url: None,
            tips: true,
            import_from_stick: false,
            import_from_phone: None,
            usb_folders: Vec::new(),
            code_from_stick: true,
        }
    }
}

/// Who pays what.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPayment {
    mode: PaymentMode,
    /// In 分: 3000 is ¥30.00.
    fee_fen: u32,
}

/// What a visit asks for, and where it finds it.
pub(super) struct CheckedVisit {
    pub steps: Steps,
    pub link_url: Option<String>,
    pub usb_folders: Vec<PathBuf>,
    pub phone_page: Option<SocketAddr>,
}

pub(super) fn check(
    visit: RawVisit,
    payment: &RawPayment,
    server_is_there: bool,
    profile: &PhotoProfile,
    problems: &mut Problems<'_>,
) -> CheckedVisit {
    let may_import = !profile.live_only;
    let backgrounds = profile.backgrounds();
    let [shortest, longest] = visit.student_number_length;
    if !(4 <= shortest && shortest <= longest && longest <= 20) {
        problems.add("visit.student_number_length", Rule::Pair { least: 4, most: 20 });
    }
    if visit.wechat_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
        problems.add("visit.wechat_url", Rule::HttpsUrl);
    }
    if visit.import_from_stick && visit.usb_folders.is_empty() {
        problems.add("visit.import_from_stick", Rule::NeedsKey("visit.usb_folders"));
    }
    let phone_page = visit.import_from_phone.and_then(|text| {
        let address = text.parse().ok().filter(|at: &SocketAddr| is_local(at.ip()) && at.port() > 0);
        if address.is_none() {
            problems.add("visit.import_from_phone", Rule::LocalAddress);
        }
        address
    });
    check_payment(payment, server_is_there, problems);
    let form =
        NumberForm { shortest: shortest as usize, longest: longest as usize, letters: visit.student_number_letters };
    let steps = Steps {
        usb_stick: visit.code_from_stick && !visit.usb_folders.is_empty(),
        student_number: visit.student_number.then_some(form),
        phone: match visit.phone {
            RawPhone::Off => PhoneStep::Off,
            RawPhone::Unverified => PhoneStep::Unverified,
            RawPhone::Sms => PhoneStep::Sms,
        },
        wechat: visit.wechat_url.is_some(),
        tips: visit.tips,
        imports: Imports { stick: visit.import_from_stick && may_import, phone: phone_page.is_some() && may_import },
        backgrounds: if backgrounds.len() > 1 { backgrounds } else { Vec::new() },
        payment: Payment { mode: payment.mode, fee_fen: payment.fee_fen },
    };
    CheckedVisit { steps, link_url: visit.wechat_url, usb_folders: visit.usb_folders, phone_page }
}

fn check_payment(payment: &RawPayment, server_is_there: bool, problems: &mut Problems<'_>) {
    if payment.mode != PaymentMode::None && !(1..=100_000).contains(&payment.fee_fen) {
        problems.add("payment.fee_fen", Rule::Fee);
    }
    if payment.mode == PaymentMode::Online && !server_is_there && !problems.has("server") {
        problems.add("payment.mode", Rule::NeedsKey("server.url"));
    }
}

/// Nothing that could be reached from the internet.
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_loopback() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::judged;

    fn checked(visit: &str, payment: &str, server_is_there: bool) -> (Steps, Vec<String>) {
        let (visit, payment) = (toml::from_str(visit).unwrap(), toml::from_str(payment).unwrap());
        let mut steps = Steps::default();
        let problems = judged("", |problems| {
            steps = check(visit, &payment, server_is_there, &PhotoProfile::default(), problems).steps;
        });
        (steps, problems.into_iter().map(|problem| problem.key).collect())
    }

    #[test]
    fn each_step_can_be_left_out() {
        let (steps, problems) = checked("student_number = false\nphone = \"off\"\ntips = false", "", false);
        assert_eq!((steps, problems), (Steps::default(), Vec::new()));
        let (steps, _) = checked("wechat_url = \"https://example.org/?c=\"", "mode = \"staff\"\nfee_fen = 3000", false);
        assert!(steps.wechat && steps.tips && steps.student_number.is_some() && steps.phone == PhoneStep::Sms);
        assert_eq!(steps.payment, Payment { mode: PaymentMode::Staff, fee_fen: 3000 });
    }

    #[test]
    fn a_profile_may_forbid_what_the_config_allows() {
        let imports = |live_only| {
            let visit = toml::from_str("import_from_stick = true\nusb_folders = [\"/media\"]").unwrap();
            let profile = PhotoProfile { live_only, ..PhotoProfile::default() };
            let mut imports = Imports::default();
            judged("", |problems| {
                imports = check(visit, &RawPayment::default(), false, &profile, problems).steps.imports;
            });
            imports
        };
        assert!(imports(false).stick && !imports(false).phone && !imports(true).any());
    }

    #[test]
    fn what_cannot_work_is_named() {
        for (visit, payment, named) in [
            ("student_number_length = [12, 6]", "", "visit.student_number_length"),
            ("student_number_length = [1, 99]", "", "visit.student_number_length"),
            ("wechat_url = \"http://example.org\"", "", "visit.wechat_url"),
            ("import_from_stick = true", "", "visit.import_from_stick"),
            ("import_from_phone = \"0.0.0.0:8080\"", "", "visit.import_from_phone"),
            ("import_from_phone = \"8.8.8.8:8080\"", "", "visit.import_from_phone"),
            ("import_from_phone = \"192.168.4.1:0\"", "", "visit.import_from_phone"),
            ("", "mode = \"deferred\"", "payment.fee_fen"),
            ("", "mode = \"online\"\nfee_fen = 3000", "payment.mode"),
        ] {
            let problems = checked(visit, payment, false).1;
            assert!(problems == [named], "{visit} {payment}: {problems:?}");
        }
    }
}
