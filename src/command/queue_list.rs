//! `szz-kiosk queue list|show|verify`: the queue as operators see it, without a picture, a name or a number. Only
//! reads, so that it may run beside the booth.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::exit::Exit;
use super::progress::Progress;
use super::queue::print;
use crate::config::Config;
use crate::office;
use crate::store::{Audit, DeliveryState, QueueFilter, QueueRow, Store};
use crate::submission::{DeviceKey, PublicKey, ServerKey};

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those
    #[arg(long, value_enum)]
    state: Option<StateArg>,
    /// How many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: u32,
    /// Go on after this record, the last one of the page before
    #[arg(long, value_name = "RECORD")]
    after: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StateArg {
    Pending,
    Acknowledged,
    Rejected,
    Conflict,
    Withdrawn,
    /// A fee is due
    Due,
}

impl From<StateArg> for QueueFilter {
    fn from(state: StateArg) -> Self {
        match state {
            StateArg::Pending => Self::State(DeliveryState::Pending),
            StateArg::Acknowledged => Self::State(DeliveryState::Acknowledged),
            StateArg::Rejected => Self::State(DeliveryState::Rejected),
            StateArg::Conflict => Self::State(DeliveryState::Conflict),
            StateArg::Withdrawn => Self::State(DeliveryState::Withdrawn),
            StateArg::Due => Self::Due,
        }
    }
}

pub fn list(config: &Config, args: &ListArgs, as_json: bool) -> Result<ExitCode> {
    let store = open(config)?;
    let filter = args.state.map_or(QueueFilter::All, QueueFilter::from);
    let after = match args.after {
        None => None,
        Some(number) => {
            Some(store.queue_record(number)?.with_context(|| format!("there is no record {number}"))?.key())
        }
    };
    let page = store.queue_page(&filter, after, args.count)?;
    let next = page.last().filter(|_| page.len() == args.count as usize).map(|row| row.sequence);
    if as_json {
        println!("{}", json!({ "rows": page.iter().map(line).collect::<Vec<_>>(), "next_after": next }));
        return Ok(Exit::Done.into());
    }
    if page.is_empty() {
        println!("none");
    }
    for row in &page {
        let paid = match row.paid {
            Some(false) => ", fee due",
            Some(true) => ", paid",
            None => "",
        };
        let error = row.last_error.as_ref().map_or_else(String::new, |code| format!(", {code}"));
        println!(
            "{:>7}  {}  {}  {}{paid}{error}",
            row.sequence,
            row.manifest.created_at,
            row.manifest.order_number,
            row.state.column()
        );
    }
    if let Some(next) = next {
        println!("more: --after {next}");
    }
    Ok(Exit::Done.into())
}

pub fn show(config: &Config, order: &str, as_json: bool) -> Result<ExitCode> {
    if order.len() < 4 || !order.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!("an order number has hexadecimal digits: give at least the last four groups that the student has");
    }
    let found = open(config)?.queue_page(&QueueFilter::OrderNumber(order.to_owned()), None, 2)?;
    match &found[..] {
        [] => bail!("no submission has this order number"),
        [row] => print(&line(row), as_json),
        _ => bail!("several submissions have order numbers like this: give more of its digits"),
    }
    Ok(Exit::Done.into())
}

/// Nothing of it says who it is.
fn line(row: &QueueRow) -> Value {
    json!({
        "record": row.sequence,
        "order_number": row.manifest.order_number,
        "created_at": row.manifest.created_at,
        "state": row.state.column(),
        "attempts": row.attempts,
        "last_error": row.last_error,
        "acknowledged_at": row.acknowledged_at,
        "withdrawn_at": row.withdrawn_at,
        "erased_at": row.erased_at,
        "paid": row.paid,
        "status": row.status,
    })
}

pub fn verify(config: &Config, as_json: bool) -> Result<ExitCode> {
    let store = open(config)?;
    let device = DeviceKey::load(&config.device_key_file(), config.signature)?.public();
    let server = config.server.as_ref().map(|server| &server.public_key);
    let audit = audit(&store, device, server)?;
    let problems: Vec<String> = audit.problems.iter().map(ToString::to_string).collect();
    let said = json!({ "records": audit.records, "sound": problems.is_empty(), "problems": problems });
    print(&said, as_json);
    Ok(Exit::done_if(problems.is_empty()).into())
}

/// Every record, and how far it is where somebody looks on.
pub(super) fn audit(store: &Store, device: PublicKey, server: Option<&ServerKey>) -> Result<Audit> {
    let counts = store.counts()?;
    let records = counts.pending + counts.acknowledged + counts.rejected + counts.conflict + counts.withdrawn;
    let mut progress = Progress::new("verifying");
    Ok(store.audit(device, server, |seen| progress.at(seen, Some(records)))?)
}

/// For looking only.
pub(super) fn open(config: &Config) -> Result<Store> {
    office::open_to_read(config)?.context(NO_QUEUE)
}

pub(super) const NO_QUEUE: &str = "there is no queue yet: the booth makes it at its first start";
