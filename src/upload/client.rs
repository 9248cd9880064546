//! The HTTP client: posts a batch and brings back whatever the server said. Follows no redirect, trusts
//! no length, judges nothing (that is [`super::policy`]).

use std::io::Read;
use std::time::Duration;

use reqwest::blocking::{Client, Response};
use reqwest::header::RETRY_AFTER;
use reqwest::redirect;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Uploader;
use super::policy::Answer;
use crate::submission::Record;

/// The path of the API under the server's address.
pub const SUBMISSIONS: &str = "/v1/submissions";

/// No answer of the API is longer.
const LONGEST_ANSWER: u64 = 1 << 20;
const CONNECT: Duration = Duration::from_secs(10);
const WHOLE_REQUEST: Duration = Duration::from_secs(60);

/// The body of a POST.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    pub kiosk_id: String,
    pub items: Vec<BatchItem>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchItem {
    /// The manifest's canonical bytes, as text (they are JSON in UTF-8).
    pub manifest: String,
    /// Ed25519, 128 hexadecimal digits.
    pub signature: String,
    /// The JPEG, hexadecimal.
    pub picture: String,
}

impl std::fmt::Debug for BatchItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BatchItem(…)")
    }
}

pub struct HttpUploader {
    client: Client,
    url: String,
    kiosk_id: String,
    token: Zeroizing<String>,
}

impl HttpUploader {
    pub fn new(url: &str, kiosk_id: &str, token: Zeroizing<String>) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE_REQUEST)
            .user_agent(concat!("szz-kiosk/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let url = format!("{}{SUBMISSIONS}", url.trim_end_matches('/'));
        Ok(Self { client, url, kiosk_id: kiosk_id.to_owned(), token })
    }
}

impl Uploader for HttpUploader {
    fn post(&self, batch: &[Record]) -> Answer {
        let items = batch
            .iter()
            .map(|record| BatchItem {
                manifest: String::from_utf8_lossy(&record.manifest).into_owned(),
                signature: hex::encode(record.signature),
                picture: hex::encode(&record.jpeg),
            })
            .collect();
        let body = Batch { kiosk_id: self.kiosk_id.clone(), items };
        match self.client.post(&self.url).bearer_auth(self.token.as_str()).json(&body).send() {
            Ok(response) => read(response),
            Err(error) => {
                // Its Display would name the address.
                tracing::debug!(timeout = error.is_timeout(), connect = error.is_connect(), "no answer");
                Answer::None
            }
        }
    }
}

fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut body = Vec::new();
    match response.take(LONGEST_ANSWER + 1).read_to_end(&mut body) {
        Ok(_) => {
            let body = (body.len() as u64 <= LONGEST_ANSWER).then_some(body);
            Answer::Http { status, retry_after: seconds.map(Duration::from_secs), body }
        }
        // Broken off in the middle: as good as no answer.
        Err(_) => Answer::None,
    }
}
