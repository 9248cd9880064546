//! `szz-kiosk enroll`: makes the booth's keys, introduces it to the central server and pins the server's key.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use serde_json::json;
use zeroize::Zeroizing;

use super::exit::Exit;
use super::queue::print;
use super::{MAX_LINE, secret_line};
use crate::config::{self, Config};
use crate::enrolment::{accept, introduce};
use crate::office::Office;
use crate::submission::{ServerKey, SignedEnrolAnswer};
use crate::upload::enrol::{EnrolmentAnswer, EnrolmentRequest};
use crate::upload::wire::{MAX_ANSWER_BYTES, SCHEMA};
use crate::upload::{ClientConfig, HttpUploader};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(30);

/// Introduce the booth to the central server: makes its keys, gets its token, pins the server's key.
///
/// Over the network with a one-time token of the central server, or by two files on a stick: --write-request makes the
/// one that the central server is given, --read-answer takes what it gives back.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("way").args(["token_file", "write_request", "read_answer"])))]
pub struct EnrollArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// The central server [default: [server] url of the settings]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// A file with the one-time token; "-" or nothing reads it from the terminal or a pipe
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Write the request into a file instead of sending it
    #[arg(long, value_name = "FILE")]
    write_request: Option<PathBuf>,
    /// Take in the file that the central server answered with
    #[arg(long, value_name = "FILE", requires = "server_key")]
    read_answer: Option<PathBuf>,
    /// The server's public key, as the central server publishes it: any other is refused
    #[arg(long, value_name = "HEX")]
    server_key: Option<ServerKey>,
    /// Leave the server that the booth has enrolled with before
    #[arg(long)]
    replace: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &EnrollArgs) -> Result<ExitCode> {
    let config = config::load_to_enrol(&args.config)?;
    let office = Office::open(&config)?;
    let now = Timestamp::now();
    if let Some(path) = &args.write_request {
        let request = EnrolmentRequest { schema: SCHEMA, enrolment: introduce(&config, &office, now)? };
        fs::write(path, serde_json::to_vec(&request)?)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let said = json!({ "kiosk_id": config.kiosk_id, "device": office.key.public(), "request": path });
        print(&said, args.json);
        return Ok(Exit::Done.into());
    }
    let expected = args.server_key.or(config.server_access.public_key);
    let url = args.server.as_ref().or(config.server_access.url.as_ref());
    let url = url.context("which server? Set [server] url, or give --server https://…")?;
    let answer = match &args.read_answer {
        Some(path) => read_answer(path)?,
        None => ask(&config, &office, url, args.token_file.as_deref(), now)?,
    };
    let pinned = accept(&config, &office, url, &answer, expected, args.replace, now)?;
    let said = json!({
        "kiosk_id": config.kiosk_id, "device": office.key.public(), "server": url, "server_key": pinned,
        "enrolled_at": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    print(&said, args.json);
    Ok(Exit::Done.into())
}

fn ask(
    config: &Config,
    office: &Office,
    url: &str,
    token_file: Option<&Path>,
    now: Timestamp,
) -> Result<SignedEnrolAnswer> {
    let token = read_token(token_file)?;
    let client = ClientConfig::to(url, &config.server_access, office.key.public(), CONNECT_TIMEOUT, TIMEOUT);
    let server = HttpUploader::new(&client, &token)?;
    Ok(server.enrol(&introduce(config, office, now)?)?)
}

/// The token is worth nothing once it is used, so its file may be anybody's.
fn read_token(file: Option<&Path>) -> Result<Zeroizing<String>> {
    let token = match file.filter(|path| *path != Path::new("-")) {
        None => secret_line("One-time token of the central server: ")?,
        Some(path) => {
            let mut text = Zeroizing::new(String::with_capacity(MAX_LINE));
            let file = fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
            let read = file.take(MAX_LINE as u64).read_to_string(&mut text);
            read.with_context(|| format!("{} cannot be read as text", path.display()))?;
            Zeroizing::new(text.trim().to_owned())
        }
    };
    if token.is_empty() {
        bail!("the one-time token is empty: ask the people who run the central server for one");
    }
    Ok(token)
}

fn read_answer(path: &Path) -> Result<SignedEnrolAnswer> {
    let file = fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut bytes = Vec::new();
    let read = file.take(MAX_ANSWER_BYTES as u64).read_to_end(&mut bytes);
    read.with_context(|| format!("{} cannot be read", path.display()))?;
    let answer = EnrolmentAnswer::read(&bytes).map(|answer| answer.enrolment);
    answer.with_context(|| format!("{} is not the central server's answer to an enrolment", path.display()))
}
