//! The log: on standard error for people, and as JSON in files for IT and for operator mode. Nothing personal
//! is ever logged (`tests/it/demo.rs` looks for it), so that the files may leave the booth.

mod files;
mod reading;

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Log;
use files::Files;
pub use reading::{Entry, Level, Page, Place, page};

/// Where the files of a booth are.
pub fn folder(data: &Path) -> PathBuf {
    data.join("log")
}

/// None until the settings say where.
static FILES: Mutex<Option<Files>> = Mutex::new(None);

/// Standard error from now on; `SZZ_LOG` says how much.
pub fn start() {
    let filter =
        EnvFilter::try_from_env("SZZ_LOG").unwrap_or_else(|_| EnvFilter::new("warn,szz_kiosk=info,winit=error"));
    let people = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    let machines =
        fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false).with_writer(ToFiles);
    tracing_subscriber::registry().with(filter).with(people).with(machines).init();
}

/// Into files too, from now on. A booth whose log cannot be written works all the same.
pub fn write_into(data: &Path, config: Log) {
    if config.megabytes == 0 {
        return;
    }
    match Files::open(&folder(data), u64::from(config.megabytes) << 20) {
        Ok(files) => *FILES.lock().unwrap_or_else(PoisonError::into_inner) = Some(files),
        Err(error) => tracing::warn!(%error, "the log cannot be written into files"),
    }
}

struct ToFiles;

impl<'a> MakeWriter<'a> for ToFiles {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl io::Write for ToFiles {
    /// An event comes whole. One that cannot be written is lost, and nobody is told: it would be logged.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        if let Some(files) = &mut *FILES.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = files.write(event);
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
