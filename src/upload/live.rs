//! What a student at the booth waits for and the queue cannot carry: whose a code is, SMS codes, orders to be paid,
//! links with WeChat. One short POST each, as `docs/central-api.yaml` describes them; every answer but
//! ours, late ones too, counts as "not reachable now".

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::client::HttpUploader;
use super::wire::SCHEMA;
use crate::code::payload::check_enrolment;
use crate::code::{CodeDigest, Enrolment, Payload};
use crate::submission::{PublicKey, SubmissionId};

pub const CODES_PATH: &str = "/v1/codes/resolve";
pub const SMS_PATH: &str = "/v1/sms";
pub const SMS_CHECK_PATH: &str = "/v1/sms/check";
pub const ORDERS_PATH: &str = "/v1/orders";
pub const LINKS_PATH: &str = "/v1/links";

/// Asks whose collection code this is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeQuestion {
    pub schema: u32,
    pub device: PublicKey,
    /// The text of the code, which may be all that the issuer's own server understands.
    pub payload: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct CodeAnswer {
    pub schema: u32,
    /// Of the payload that was asked about.
    pub code_digest: CodeDigest,
    /// `None` when the server does not know the code.
    pub enrolment: Option<Enrolment>,
}

/// Sends a code to a phone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsRequest {
    pub schema: u32,
    pub device: PublicKey,
    /// 11 digits.
    pub phone: String,
}

/// Whether this is the code that was sent last.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsCheck {
    pub schema: u32,
    pub device: PublicKey,
    pub phone: String,
    /// Six digits.
    pub code: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SmsAnswer {
    pub schema: u32,
    /// After a check: whether the code was right. After a request: always false.
    pub verified: bool,
}

/// Opens an order, or asks again how it stands: the same order may be asked any number of times.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderQuestion {
    pub schema: u32,
    pub device: PublicKey,
    pub order_number: String,
    /// In 分, hundredths of a yuan.
    pub fee_fen: u32,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct OrderAnswer {
    pub schema: u32,
    pub order_number: String,
    pub paid: bool,
    /// What the student's phone opens to pay.
    pub pay_url: String,
}

/// Whether the claim of a submission was used.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkQuestion {
    pub schema: u32,
    pub device: PublicKey,
    pub submission_id: SubmissionId,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct LinkAnswer {
    pub schema: u32,
    pub submission_id: SubmissionId,
    pub linked: bool,
}

/// The server did not answer, or not as ours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the central server cannot be reached")]
pub struct NotReachable;

impl HttpUploader {
    /// The student of a code; `None` when the server knows nobody.
    pub fn resolve(&self, payload: &Payload) -> Result<Option<Enrolment>, NotReachable> {
        let question = CodeQuestion { schema: SCHEMA, device: self.device(), payload: payload.expose().to_owned() };
        let answer: CodeAnswer = self.ask(CODES_PATH, &question)?;
        let is_ours = answer.schema == SCHEMA && answer.code_digest == payload.digest();
        let is_presentable = answer.enrolment.as_ref().is_none_or(|enrolment| check_enrolment(enrolment).is_ok());
        if is_ours && is_presentable { Ok(answer.enrolment) } else { Err(NotReachable) }
    }

    pub fn send_sms(&self, phone: &str) -> Result<(), NotReachable> {
        let phone = phone.to_owned();
        let answer: SmsAnswer = self.ask(SMS_PATH, &SmsRequest { schema: SCHEMA, device: self.device(), phone })?;
        if answer.schema == SCHEMA { Ok(()) } else { Err(NotReachable) }
    }

    pub fn check_sms(&self, phone: &str, code: &str) -> Result<bool, NotReachable> {
        let (phone, code) = (phone.to_owned(), code.to_owned());
        let question = SmsCheck { schema: SCHEMA, device: self.device(), phone, code };
        let answer: SmsAnswer = self.ask(SMS_CHECK_PATH, &question)?;
        if answer.schema == SCHEMA { Ok(answer.verified) } else { Err(NotReachable) }
    }

    pub fn ask_order(&self, order_number: &str, fee_fen: u32) -> Result<OrderAnswer, NotReachable> {
        let order_number = order_number.to_owned();
        let question = OrderQuestion { schema: SCHEMA, device: self.device(), order_number, fee_fen };
        let answer: OrderAnswer = self.ask(ORDERS_PATH, &question)?;
        // An answer about another order is nobody's.
        let is_ours = answer.schema == SCHEMA && answer.order_number == question.order_number;
        if is_ours { Ok(answer) } else { Err(NotReachable) }
    }

    pub fn ask_link(&self, submission_id: SubmissionId) -> Result<bool, NotReachable> {
        let question = LinkQuestion { schema: SCHEMA, device: self.device(), submission_id };
        let answer: LinkAnswer = self.ask(LINKS_PATH, &question)?;
        let is_ours = answer.schema == SCHEMA && answer.submission_id == submission_id;
        if is_ours { Ok(answer.linked) } else { Err(NotReachable) }
    }

    /// Sends one question and reads the answer; anything but a 200 with such an answer is none.
    pub(super) fn ask<A: DeserializeOwned>(&self, path: &str, question: &impl Serialize) -> Result<A, NotReachable> {
        let body = serde_json::to_vec(question).map_err(|_| NotReachable)?;
        let bytes = self.post(path, body).ok_or(NotReachable)?;
        serde_json::from_slice(&bytes).map_err(|_| NotReachable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document and the program say the same words.
    #[test]
    fn the_api_document_names_what_is_asked() {
        let document = include_str!("../../docs/central-api.yaml");
        let defines = |name: &str| document.lines().any(|line| line.trim() == format!("{name}:"));
        for path in [CODES_PATH, SMS_PATH, SMS_CHECK_PATH, ORDERS_PATH, LINKS_PATH] {
            assert!(defines(path), "{path}");
        }
        let answers = [
            serde_json::to_value(SmsAnswer { schema: SCHEMA, verified: true }),
            serde_json::to_value(OrderAnswer {
                schema: SCHEMA,
                order_number: String::new(),
                paid: true,
                pay_url: String::new(),
            }),
        ];
        for answer in answers {
            for field in answer.unwrap().as_object().unwrap().keys() {
                assert!(defines(field), "{field}");
            }
        }
        for field in ["payload", "code_digest", "enrolment", "phone", "code", "fee_fen", "submission_id", "linked"] {
            assert!(defines(field), "{field}");
        }
    }
}
