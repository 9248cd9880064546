//! Why a photo has not arrived, or was refused: what the upload and the central server call it, in words.

use crate::visit::Language::{self, Chinese, English};

/// `None` for a code that only another server's or program's manual explains.
pub fn known(language: Language, code: &str) -> Option<&'static str> {
    let (chinese, english) = match code {
        "unreachable" => ("连不上服务器", "The server cannot be reached"),
        "untrusted" => ("服务器证书不受信任，请联系 IT", "The certificate is not trusted: call IT"),
        "timed_out" => ("服务器没有及时回答", "No answer in time"),
        "cut_off" => ("连接中断", "The connection broke"),
        "not_our_server" => {
            ("回答的不是中心服务器，校园网可能要先登录", "Not our server: log in to the network first?")
        }
        "redirected" => ("网络转到了别处，校园网可能要先登录", "Led elsewhere: log in to the network first?"),
        "server_busy" => ("服务器忙，稍后自动再试", "Server busy, tried again by itself"),
        "server_error" => ("服务器出错，稍后自动再试", "Server fault, tried again by itself"),
        "not_authorised" => ("服务器不认识本机，请联系 IT", "The server does not know this booth: call IT"),
        "wrong_address" => ("服务器地址不对，请联系 IT", "Wrong server address: call IT"),
        "too_large" => ("服务器认为太大，请联系 IT", "Too large for the server: call IT"),
        "refused" => ("服务器拒收，请联系 IT", "The server refused it: call IT"),
        "no_receipt" => ("服务器没有给回执", "The server gave no receipt"),
        "contradiction" | "unknown_outcome" => ("服务器的回答有误，请联系 IT", "The answer made no sense: call IT"),
        "forged_receipt" => ("回执的签名不对，请联系 IT", "The receipt is not signed right: call IT"),
        "wrong_receipt" => ("回执不是这张照片的，请联系 IT", "A receipt of another photo: call IT"),
        "bad_signature" => ("服务器认为签名不符，请联系 IT", "The signature does not hold there: call IT"),
        "bad_manifest" => ("服务器读不懂这条记录，请联系 IT", "The server cannot read it: call IT"),
        "wrong_kiosk" => ("记录属于另一台设备，请联系 IT", "It is of another booth: call IT"),
        "other_content" => ("服务器上同一编号的内容不同，请联系 IT", "The server has other content: call IT"),
        "other_place" => ("服务器上这个序号已有别的记录，请联系 IT", "Its place is taken there: call IT"),
        "withdrawn" => ("同学已撤回同意", "The student withdrew consent"),
        "picture_mismatch" => ("收到的照片与记录不符，请重新上传", "Picture damaged on the way: upload again"),
        "contact_mismatch" => ("收到的联系方式与记录不符，请重新上传", "Contact damaged on the way: upload again"),
        _ => return None,
    };
    Some(match language {
        Chinese => chinese,
        English => english,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes stand in two places, neither of which knows a language.
    #[test]
    fn every_code_of_the_upload_and_of_the_reference_server_is_said_in_words() {
        let quoted = |source: &str, before: &str| -> Vec<String> {
            let rest = source.split(before).skip(1);
            rest.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
        };
        let policy = include_str!("../upload/policy.rs");
        let names = policy.split_once("Self::Unreachable => \"").map(|(_, rest)| format!("=> \"{rest}")).unwrap();
        let names = names.split_once("\n        }").unwrap().0;
        let mut codes = quoted(names, "=> \"");
        let ledger = include_str!("../demo/ledger.rs");
        codes.extend(quoted(ledger, "Outcome::Rejected, \""));
        codes.extend(quoted(ledger, "Outcome::Conflict, \""));
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            for language in [Chinese, English] {
                assert!(known(language, &code).is_some(), "{code}");
            }
        }
    }
}
