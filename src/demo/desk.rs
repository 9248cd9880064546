//! The reference server's other counters: bundles from sticks, news of submissions, withdrawals, fees.

use std::fs;
use std::path::Path;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::ledger::Ledger;
use super::server::{Books, Shared, is_authorised, json, lock, problem};
use crate::bundle::{Segments, open_body};
use crate::submission::{Audit, Payment, PublicKey, SignedStatement, Status, SubmissionId};
use crate::upload::wire::{BatchAnswer, MAX_CURSOR, SCHEMA, StatementAnswer, StatementBatch, StatusPage};

/// Every record of a bundle, as if it had been uploaded. Nothing is taken from a bundle that is not whole.
pub(super) async fn bundles(
    State(shared): State<Books>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut shared = lock(&shared);
    shared.requests += 1;
    if !is_authorised(&shared, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    let Ok(body) = body else { return problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large") };
    match take_in(&mut shared, &body) {
        Ok(answer) => json(StatusCode::OK, &answer),
        Err((status, code)) => problem(status, code),
    }
}

fn take_in(shared: &mut Shared, bundle: &[u8]) -> Result<BatchAnswer, (StatusCode, &'static str)> {
    const MALFORMED: (StatusCode, &str) = (StatusCode::BAD_REQUEST, "malformed");
    let mut batches = Vec::new();
    for segment in Segments::new(bundle) {
        let segment = segment.map_err(|_| MALFORMED)?;
        if !shared.ledger.knows(&segment.seal.device) {
            return Err((StatusCode::FORBIDDEN, "unknown_device"));
        }
        batches.push(open_body(&segment, &shared.bundle_key).map_err(|_| MALFORMED)?);
    }
    if batches.is_empty() {
        return Err(MALFORMED);
    }
    let mut results = Vec::new();
    for batch in &batches {
        for item in &batch.submissions {
            results.extend(shared.ledger.receive(&batch.device, item, Timestamp::now()));
        }
        shared.ledger.hear(batch);
    }
    Ok(BatchAnswer { schema: SCHEMA, results })
}

#[derive(Deserialize)]
pub(super) struct NewsQuery {
    device: PublicKey,
    after: Option<String>,
}

/// Looks at the photos that arrived.
#[derive(Clone)]
pub struct Reviewer(pub(super) Books);

impl Reviewer {
    /// Finds fault with every one of them, for these reasons.
    pub fn reject_all(&self, reasons: &[&str]) {
        let mut shared = lock(&self.0);
        for id in shared.ledger.ids().to_vec() {
            let status = Status {
                audit: Audit::Rejected,
                reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
                payment: Payment::Unpaid,
                wechat_bound: true,
                updated_at: Timestamp::now(),
            };
            shared.ledger.decide(id, status);
        }
    }

    /// A stick is brought: its bundles are taken in, and the receipts written beside them.
    pub fn answer_bundles(&self, stick: &Path) -> std::io::Result<()> {
        for entry in fs::read_dir(stick)? {
            let path = entry?.path();
            let is_bundle = path.extension().is_some_and(|ending| ending == "bundle");
            // One of a queue in which nothing waited is empty.
            if is_bundle && fs::metadata(&path)?.len() > 0 {
                let answer = take_in(&mut lock(&self.0), &fs::read(&path)?)
                    .map_err(|(_, code)| std::io::Error::other(format!("{} is {code}", path.display())))?;
                fs::write(path.with_extension("json"), serde_json::to_vec(&answer)?)?;
            }
        }
        Ok(())
    }
}

/// One page of what became of a booth's submissions.
pub(super) async fn status(
    State(shared): State<Books>,
    headers: HeaderMap,
    query: Result<Query<NewsQuery>, QueryRejection>,
) -> Response {
    let shared = lock(&shared);
    if !is_authorised(&shared, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    let Ok(Query(query)) = query else { return problem(StatusCode::BAD_REQUEST, "malformed") };
    if !shared.ledger.knows(&query.device) {
        return problem(StatusCode::FORBIDDEN, "unknown_device");
    }
    let cursor = |text: &str| text.parse().ok().filter(|_| text.len() <= MAX_CURSOR);
    let Some(after) = query.after.as_deref().map_or(Some(0), cursor) else {
        return problem(StatusCode::BAD_REQUEST, "malformed");
    };
    let (updates, next, more) = shared.ledger.news(&query.device, after);
    json(StatusCode::OK, &StatusPage { schema: SCHEMA, updates, cursor: next.to_string(), more })
}

/// What students withdrew is erased.
pub(super) async fn withdrawals(State(shared): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    statements(&mut lock(&shared), &headers, &body, Ledger::withdraw)
}

/// What staff took is paid.
pub(super) async fn fees(State(shared): State<Books>, headers: HeaderMap, body: Bytes) -> Response {
    statements(&mut lock(&shared), &headers, &body, Ledger::take_fee)
}

/// `hear` acts upon one statement and tells whose it is, or does nothing when the booth does not say so.
fn statements(
    shared: &mut Shared,
    headers: &HeaderMap,
    body: &Bytes,
    hear: impl Fn(&mut Ledger, &PublicKey, &SignedStatement) -> Option<SubmissionId>,
) -> Response {
    if !is_authorised(shared, headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    let batch: StatementBatch = match serde_json::from_slice(body) {
        Ok(batch) => batch,
        Err(_) => return problem(StatusCode::BAD_REQUEST, "malformed"),
    };
    if batch.schema != SCHEMA {
        return problem(StatusCode::BAD_REQUEST, "malformed");
    }
    if !shared.ledger.knows(&batch.device) {
        return problem(StatusCode::FORBIDDEN, "unknown_device");
    }
    let told = batch.statements.iter();
    let confirmed = told.filter_map(|statement| hear(&mut shared.ledger, &batch.device, statement)).collect();
    json(StatusCode::OK, &StatementAnswer { schema: SCHEMA, confirmed })
}
