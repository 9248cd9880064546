//! The reference server's counter for booths: who enrols with a one-time token, and who sent a sign of life.

use std::collections::HashMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use jiff::Timestamp;

use super::server::{Books, Shared, is_authorised, json, lock, problem};
use crate::config::is_kiosk_id;
use crate::enrolment::seal_token;
use crate::submission::{EnrolAnswer, EnrolRequest, PublicKey};
use crate::upload::enrol::{ENROLMENTS_PATH, EnrolmentAnswer, EnrolmentRequest};
use crate::upload::heartbeat::{HEARTBEATS_PATH, Heartbeat, HeartbeatAnswer};
use crate::upload::wire::SCHEMA;

#[derive(Default)]
pub(super) struct Registry {
    /// One-time tokens, and the key that each was used with.
    invitations: HashMap<String, Option<PublicKey>>,
    /// The last of each booth.
    heartbeats: HashMap<String, Heartbeat>,
}

impl Registry {
    /// A one-time token: good for one key.
    pub fn invite(&mut self, token: &str) {
        self.invitations.insert(token.to_owned(), None);
    }

    pub fn heartbeat(&self, kiosk_id: &str) -> Option<&Heartbeat> {
        self.heartbeats.get(kiosk_id)
    }

    /// Whether the token may be used with this key: again, too, since an answer can be lost.
    fn admits(&self, token: &str, device: &PublicKey) -> bool {
        self.invitations.get(token).is_some_and(|used| used.is_none_or(|key| key == *device))
    }
}

pub(super) fn routes() -> Router<Books> {
    Router::new().route(ENROLMENTS_PATH, post(enrolments)).route(HEARTBEATS_PATH, post(heartbeats))
}

async fn enrolments(State(books): State<Books>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let mut shared = lock(&books);
    let Ok(body) = body else { return problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large") };
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let Some(token) = token.filter(|token| shared.registry.invitations.contains_key(*token)) else {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    };
    let request = serde_json::from_slice(&body).ok().filter(|body: &EnrolmentRequest| body.schema == SCHEMA);
    let Some(request) =
        request.and_then(|body| body.enrolment.verify()).filter(|request| is_kiosk_id(&request.kiosk_id))
    else {
        return problem(StatusCode::BAD_REQUEST, "malformed");
    };
    if !shared.registry.admits(token, &request.device) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    if shared.ledger.keys_of(&request.kiosk_id).any(|key| *key != request.device) {
        return problem(StatusCode::CONFLICT, "name_taken");
    }
    let Some(answer) = take(&shared, &request) else { return problem(StatusCode::BAD_REQUEST, "malformed") };
    shared.registry.invitations.insert(token.to_owned(), Some(request.device));
    shared.ledger.register(&request.kiosk_id, request.device);
    json(StatusCode::OK, &answer)
}

/// `None` when the booth's answer key is none.
fn take(shared: &Shared, request: &EnrolRequest) -> Option<EnrolmentAnswer> {
    let answer = EnrolAnswer {
        kiosk_id: request.kiosk_id.clone(),
        device: request.device,
        server_key: shared.ledger.key().public(),
        bundle_key: shared.bundle_key.to_public().to_string(),
        sealed_token: seal_token(&shared.token, &request.answer_key)?,
        enrolled_at: Timestamp::now(),
    };
    Some(EnrolmentAnswer { schema: SCHEMA, enrolment: answer.sign(shared.ledger.key()).ok()? })
}

async fn heartbeats(State(books): State<Books>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let mut shared = lock(&books);
    let Ok(body) = body else { return problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large") };
    if !is_authorised(&shared, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    let heartbeat = serde_json::from_slice(&body).ok().filter(|beat: &Heartbeat| beat.schema == SCHEMA);
    let Some(heartbeat) = heartbeat else { return problem(StatusCode::BAD_REQUEST, "malformed") };
    if !shared.ledger.keys_of(&heartbeat.kiosk_id).any(|key| *key == heartbeat.device) {
        return problem(StatusCode::FORBIDDEN, "unknown_device");
    }
    shared.registry.heartbeats.insert(heartbeat.kiosk_id.clone(), heartbeat);
    json(StatusCode::OK, &HeartbeatAnswer { schema: SCHEMA })
}
