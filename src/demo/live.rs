//! The reference server's answers to a student who waits: whose a code is, SMS codes, orders, links with WeChat. No
//! SMS is sent and no money moves: every phone gets [`SMS_CODE`], and [`Phones`] says who pays.

use std::collections::{HashMap, HashSet};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use serde::de::DeserializeOwned;

use super::server::{Books, Shared, is_authorised, json, lock, problem};
use crate::code::payload::MOST_BYTES;
use crate::code::{CodeDigest, Enrolment, Payload};
use crate::submission::{PublicKey, SubmissionId};
use crate::upload::live::{
    CODES_PATH, CodeAnswer, CodeQuestion, LINKS_PATH, LinkAnswer, LinkQuestion, ORDERS_PATH, OrderAnswer,
    OrderQuestion, SMS_CHECK_PATH, SMS_PATH, SmsAnswer, SmsCheck, SmsRequest,
};
use crate::upload::wire::SCHEMA;
use crate::visit::Phone;

/// What every SMS of the demonstration says.
pub const SMS_CODE: &str = "123456";

/// What students do with their phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phones {
    /// They scan what the booth shows, and are done when the booth has asked this often.
    After(u32),
    /// They pay and link nothing.
    Never,
    /// This part of the server does not answer.
    Unreachable,
}

pub(super) struct Live {
    pub phones: Phones,
    sent: HashSet<String>,
    /// How often the booth asked, by order and by submission.
    orders: HashMap<String, u32>,
    links: HashMap<SubmissionId, u32>,
    students: HashMap<CodeDigest, Enrolment>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            phones: Phones::After(4),
            sent: HashSet::new(),
            orders: HashMap::new(),
            links: HashMap::new(),
            students: HashMap::new(),
        }
    }
}

impl Live {
    /// From now on the code with this digest is known.
    pub fn enrol(&mut self, code: CodeDigest, enrolment: Enrolment) {
        self.students.insert(code, enrolment);
    }

    fn is_done(&self, asked: u32) -> bool {
        matches!(self.phones, Phones::After(times) if asked >= times)
    }
}

pub(super) fn routes() -> Router<Books> {
    Router::new()
        .route(CODES_PATH, post(codes))
        .route(SMS_PATH, post(sms))
        .route(SMS_CHECK_PATH, post(sms_check))
        .route(ORDERS_PATH, post(orders))
        .route(LINKS_PATH, post(links))
}

async fn codes(State(books): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&books, &headers, &body, |shared, question: CodeQuestion| {
        let code_digest = Payload::new(question.payload).digest();
        let enrolment = shared.live.students.get(&code_digest).cloned();
        json(StatusCode::OK, &CodeAnswer { schema: SCHEMA, code_digest, enrolment })
    })
}

async fn sms(State(books): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&books, &headers, &body, |shared, question: SmsRequest| {
        shared.live.sent.insert(question.phone);
        json(StatusCode::OK, &SmsAnswer { schema: SCHEMA, verified: false })
    })
}

async fn sms_check(State(books): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&books, &headers, &body, |shared, question: SmsCheck| {
        let verified = shared.live.sent.contains(&question.phone) && question.code == SMS_CODE;
        json(StatusCode::OK, &SmsAnswer { schema: SCHEMA, verified })
    })
}

async fn orders(State(books): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&books, &headers, &body, |shared, question: OrderQuestion| {
        let asked = shared.live.orders.entry(question.order_number.clone()).or_default();
        *asked += 1;
        let asked = *asked;
        let pay_url = format!("https://demo.invalid/pay/{}", question.order_number);
        let paid = shared.live.is_done(asked);
        json(StatusCode::OK, &OrderAnswer { schema: SCHEMA, order_number: question.order_number, paid, pay_url })
    })
}

async fn links(State(books): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&books, &headers, &body, |shared, question: LinkQuestion| {
        let asked = shared.live.links.entry(question.submission_id).or_default();
        *asked += 1;
        let asked = *asked;
        let linked = shared.live.is_done(asked);
        json(StatusCode::OK, &LinkAnswer { schema: SCHEMA, submission_id: question.submission_id, linked })
    })
}

/// What every question has.
trait Question: DeserializeOwned {
    fn sender(&self) -> (u32, PublicKey);
    /// Whether it says what docs/central-api.yaml allows.
    fn is_sound(&self) -> bool;
}

macro_rules! questions {
    ($($question:ty: $is_sound:expr;)+) => {$(
        impl Question for $question {
            fn sender(&self) -> (u32, PublicKey) {
                (self.schema, self.device)
            }

            fn is_sound(&self) -> bool {
                let is_sound: fn(&Self) -> bool = $is_sound;
                is_sound(self)
            }
        }
    )+};
}
questions! {
    CodeQuestion: |asked| asked.payload.len() <= MOST_BYTES;
    SmsRequest: |asked| Phone::parse(&asked.phone).is_some();
    SmsCheck: |asked| Phone::parse(&asked.phone).is_some() && is_sms_code(&asked.code);
    OrderQuestion: |asked| is_order_number(&asked.order_number);
    LinkQuestion: |_| true;
}

fn is_sms_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_order_number(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn answer<Q: Question>(
    books: &Books,
    headers: &HeaderMap,
    body: &[u8],
    reply: impl FnOnce(&mut Shared, Q) -> Response,
) -> Response {
    let mut shared = lock(books);
    if shared.live.phones == Phones::Unreachable {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "busy");
    }
    if !is_authorised(&shared, headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    let question: Q = match serde_json::from_slice(body) {
        Ok(question) => question,
        Err(_) => return problem(StatusCode::BAD_REQUEST, "malformed"),
    };
    match question.sender() {
        (SCHEMA, device) if question.is_sound() && shared.ledger.knows(&device) => reply(&mut shared, question),
        (SCHEMA, _) if question.is_sound() => problem(StatusCode::FORBIDDEN, "unknown_device"),
        _ => problem(StatusCode::BAD_REQUEST, "malformed"),
    }
}
