//! Codes that are something else: what students hold up by mistake, told by how the text begins.

use std::fmt;

/// Whose code it is, when it is not a collection code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// A WeChat contact, group, mini-program or payment code.
    WeChat,
    Alipay,
    /// UnionPay, or the payment code that all banks share.
    UnionPay,
    /// Any other address on the web.
    Link,
    /// Nothing that is known here.
    Other,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WeChat => "a WeChat code",
            Self::Alipay => "an Alipay code",
            Self::UnionPay => "a UnionPay code",
            Self::Link => "a link to a web page",
            Self::Other => "something else",
        })
    }
}

const WECHAT_HOSTS: [&str; 4] = ["weixin.qq.com", "u.wechat.com", "wx.tenpay.com", "servicewechat.com"];
const ALIPAY_HOSTS: [&str; 2] = ["alipay.com", "alipayobjects.com"];
const UNIONPAY_HOSTS: [&str; 2] = ["95516.com", "unionpay.com"];
/// 学信网: a link there may be a collection code of another school.
const CHSI_HOSTS: [&str; 2] = ["chsi.com.cn", "chsi.cn"];

impl Foreign {
    /// `None` for a text that shows no sign of being something else.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::of_digits(text);
        }
        let (scheme, rest) = text.split_once(':')?;
        match scheme.to_ascii_lowercase().as_str() {
            "wxp" | "weixin" => Some(Self::WeChat),
            "alipay" | "alipays" | "alipayqr" => Some(Self::Alipay),
            "upwallet" | "upwrp" => Some(Self::UnionPay),
            "http" | "https" => Self::of_host(host(rest)?),
            "wifi" | "begin" | "mailto" | "tel" | "smsto" | "sms" | "geo" | "mecard" | "otpauth" => Some(Self::Other),
            _ => None,
        }
    }

    fn of_host(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        let belongs_to = |domains: &[&str]| {
            domains.iter().any(|domain| {
                host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            })
        };
        if belongs_to(&CHSI_HOSTS) {
            None
        } else if belongs_to(&WECHAT_HOSTS) {
            Some(Self::WeChat)
        } else if belongs_to(&ALIPAY_HOSTS) {
            Some(Self::Alipay)
        } else if belongs_to(&UNIONPAY_HOSTS) {
            Some(Self::UnionPay)
        } else {
            Some(Self::Link)
        }
    }

    /// Payment codes that a shop scans are digits only, and each has its own beginnings.
    fn of_digits(digits: &str) -> Option<Self> {
        match (digits.get(..2)?.parse().ok()?, digits.len()) {
            (10..=15, 18) => Some(Self::WeChat),
            (25..=30, 16..=24) => Some(Self::Alipay),
            (62, 19) => Some(Self::UnionPay),
            _ => None,
        }
    }
}

/// `//user@host:port/path` without all but the host.
fn host(rest: &str) -> Option<&str> {
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_students_hold_up_by_mistake_are_told_apart() {
        for (text, expected) in [
            ("wxp://f2f0Zm9yIHRlc3RzIG9ubHk", Some(Foreign::WeChat)),
            ("https://u.wechat.com/kForTestsOnly", Some(Foreign::WeChat)),
            ("http://weixin.qq.com/r/for-tests-only", Some(Foreign::WeChat)),
            ("HTTPS://PAYAPP.WEIXIN.QQ.COM/x", Some(Foreign::WeChat)),
            ("130000000000000000", Some(Foreign::WeChat)),
            ("https://qr.alipay.com/fkx00000fortests", Some(Foreign::Alipay)),
            ("alipays://platformapi/startapp", Some(Foreign::Alipay)),
            ("2800000000000000000", Some(Foreign::Alipay)),
            ("https://qr.95516.com/00010000/0", Some(Foreign::UnionPay)),
            ("6200000000000000000", Some(Foreign::UnionPay)),
            ("https://example.org/weixin.qq.com", Some(Foreign::Link)),
            ("https://weixin.qq.com.example.org", Some(Foreign::Link)),
            ("https://notweixin.qq.com/", Some(Foreign::Link)),
            ("https://weixin.qq.com@example.org:8080/", Some(Foreign::Link)),
            ("WIFI:T:WPA;S:x;P:y;;", Some(Foreign::Other)),
            ("BEGIN:VCARD", Some(Foreign::Other)),
            ("https://www.chsi.com.cn/x", None),
            ("SZZ-DEMO-1.abc", None),
            ("130000000000000", None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(Foreign::of(text), expected, "{text}");
        }
    }
}
