//! The steps of a visit, the payment and the help page, as written and as checked.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::photo::standard::PhotoProfile;
use crate::visit::{Imports, NumberForm, Payment, PaymentMode, PhoneStep, ScreenLimits, Steps};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawVisit {
    student_number: bool,
    student_number_length: [usize; 2],
    student_number_letters: bool,
    phone: RawPhone,
    pub(super) wechat_url: Option<String>,
    tips: bool,
    import_from_stick: bool,
    pub(super) import_from_phone: Option<SocketAddr>,
    pub(super) usb_folders: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
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
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPayment {
    mode: PaymentMode,
    fee_fen: u32,
}

/// `[patience.screens]`: seconds, by screen.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawScreens {
    scan_s: Option<u64>,
    identity_s: Option<u64>,
    agreement_s: Option<u64>,
    wechat_s: Option<u64>,
    tips_s: Option<u64>,
    import_s: Option<u64>,
    framing_s: Option<u64>,
    review_s: Option<u64>,
    payment_s: Option<u64>,
    centre_s: Option<u64>,
    help_s: Option<u64>,
}

impl RawScreens {
    /// `seconds` checks one number, named by its key.
    pub(super) fn check(&self, seconds: &mut impl FnMut(&str, u64, (u64, u64)) -> Duration) -> ScreenLimits {
        let mut limit = |key: &str, value: Option<u64>| value.map(|value| seconds(key, value, (20, 600)));
        ScreenLimits {
            scan: limit("screens.scan_s", self.scan_s),
            identity: limit("screens.identity_s", self.identity_s),
            agreement: limit("screens.agreement_s", self.agreement_s),
            wechat: limit("screens.wechat_s", self.wechat_s),
            tips: limit("screens.tips_s", self.tips_s),
            import: limit("screens.import_s", self.import_s),
            framing: limit("screens.framing_s", self.framing_s),
            review: limit("screens.review_s", self.review_s),
            payment: limit("screens.payment_s", self.payment_s),
            centre: limit("screens.centre_s", self.centre_s),
            help: limit("screens.help_s", self.help_s),
        }
    }
}

/// How students reach people.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Help {
    pub phone: Option<String>,
    pub hours: Option<String>,
    /// What the WeChat code of the customer service says.
    pub wechat: Option<String>,
    /// What the code of the phone's mini-program says.
    pub mini_program: Option<String>,
    /// Today's notice on the welcome screen.
    pub notice: Option<String>,
    pub notice_en: Option<String>,
}

pub(super) fn check(
    visit: &RawVisit,
    payment: &RawPayment,
    server_is_there: bool,
    profile: &PhotoProfile,
    problems: &mut Vec<String>,
) -> Steps {
    let may_import = !profile.live_only;
    let backgrounds = profile.backgrounds();
    let [shortest, longest] = visit.student_number_length;
    if !(4 <= shortest && shortest <= longest && longest <= 20) {
        problems.push(format!(
            "[visit] student_number_length = [{shortest}, {longest}]: give the shortest and the longest, within 4–20"
        ));
    }
    if visit.wechat_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
        problems.push("[visit] wechat_url must begin with https://".to_owned());
    }
    if payment.mode != PaymentMode::None && !(1..=100_000).contains(&payment.fee_fen) {
        problems.push(format!("[payment] fee_fen = {}: with this mode, 1–100000 分 (3000 is ¥30.00)", payment.fee_fen));
    }
    if payment.mode == PaymentMode::Online && !server_is_there {
        problems.push("[payment] mode = \"online\" needs [server]".to_owned());
    }
    if visit.import_from_stick && visit.usb_folders.is_empty() {
        problems.push("[visit] import_from_stick needs usb_folders: where sticks are mounted".to_owned());
    }
    if let Some(address) = visit.import_from_phone
        && !(is_local(address.ip()) && address.port() > 0)
    {
        problems.push(format!(
            "[visit] import_from_phone = {address}: give an address of this machine in a local network, and a port"
        ));
    }
    let form = NumberForm { shortest, longest, letters: visit.student_number_letters };
    Steps {
        usb_stick: !visit.usb_folders.is_empty(),
        student_number: visit.student_number.then_some(form),
        phone: match visit.phone {
            RawPhone::Off => PhoneStep::Off,
            RawPhone::Unverified => PhoneStep::Unverified,
            RawPhone::Sms => PhoneStep::Sms,
        },
        wechat: visit.wechat_url.is_some(),
        tips: visit.tips,
        imports: Imports {
            stick: visit.import_from_stick && may_import,
            phone: visit.import_from_phone.is_some() && may_import,
        },
        backgrounds: if backgrounds.len() > 1 { backgrounds } else { Vec::new() },
        payment: Payment { mode: payment.mode, fee_fen: payment.fee_fen },
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

    fn checked(visit: &str, payment: &str, server_is_there: bool) -> (Steps, Vec<String>) {
        let mut problems = Vec::new();
        let (visit, payment) = (toml::from_str(visit).unwrap(), toml::from_str(payment).unwrap());
        let steps = check(&visit, &payment, server_is_there, &PhotoProfile::default(), &mut problems);
        (steps, problems)
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
        let visit = toml::from_str("import_from_stick = true\nusb_folders = [\"/media\"]").unwrap();
        let imports = |live_only| {
            let profile = PhotoProfile { live_only, ..PhotoProfile::default() };
            check(&visit, &RawPayment::default(), false, &profile, &mut Vec::new()).imports
        };
        assert!(imports(false).stick && !imports(false).phone && !imports(true).any());
    }

    #[test]
    fn what_cannot_work_is_named() {
        for (visit, payment, named) in [
            ("student_number_length = [12, 6]", "", "student_number_length"),
            ("student_number_length = [1, 99]", "", "student_number_length"),
            ("wechat_url = \"http://example.org\"", "", "wechat_url"),
            ("import_from_stick = true", "", "usb_folders"),
            ("import_from_phone = \"0.0.0.0:8080\"", "", "import_from_phone"),
            ("import_from_phone = \"8.8.8.8:8080\"", "", "import_from_phone"),
            ("import_from_phone = \"192.168.4.1:0\"", "", "import_from_phone"),
            ("", "mode = \"deferred\"", "fee_fen"),
            ("", "mode = \"online\"\nfee_fen = 3000", "[server]"),
        ] {
            let problems = checked(visit, payment, false).1;
            assert!(problems.len() == 1 && problems[0].contains(named), "{visit} {payment}: {problems:?}");
        }
    }
}
