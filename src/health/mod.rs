//! The health page: how the booth is, for the monitoring of a fleet. Prometheus asks for `/metrics` at a loopback
//! address; nothing on it is personal, and nothing can be changed by it.

mod metrics;

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::http::read_head;
use crate::operator::Facts;

/// Of one read or write, and of a whole request.
const PAUSE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(5);

const PATH: &str = "/metrics";

pub struct HealthPage {
    listener: TcpListener,
}

impl HealthPage {
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener })
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers everybody who waits, one after the other.
    pub fn answer(&self, kiosk: &str, mut facts: impl FnMut() -> Facts) {
        while let Ok((stream, _)) = self.listener.accept() {
            // Whoever hangs up meanwhile has nothing to be told.
            let _ = serve(stream, kiosk, &mut facts);
        }
    }
}

fn serve(mut stream: TcpStream, kiosk: &str, facts: &mut impl FnMut() -> Facts) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PAUSE))?;
    stream.set_write_timeout(Some(PAUSE))?;
    let Some(request) = read_head(&mut stream, Instant::now() + PATIENCE)? else { return say(&mut stream, 400, "") };
    match (request.method.as_str(), request.path.split('?').next()) {
        ("GET", Some(PATH)) => say(&mut stream, 200, &metrics::text(kiosk, &facts())),
        (_, Some(PATH)) => say(&mut stream, 405, ""),
        _ => say(&mut stream, 404, ""),
    }
}

fn say(stream: &mut TcpStream, status: u16, body: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} \r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nallow: GET\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::operator::{Backups, Certificate, Counts, PlateFacts};
    use crate::submission::ClockTrust;

    pub(super) fn facts() -> Facts {
        Facts {
            seen_at: "2026-06-20T08:00:00Z".parse().unwrap(),
            fps: 29.5,
            last_frame_ms: Some(33),
            camera_trouble: None,
            models_loaded: true,
            free_disk_mb: Some(2),
            queue: Some(Counts { pending: 3, received: 40, refused: 1, conflict: 0, withdrawn: 2 }),
            can_save: true,
            oldest_pending: Some("2026-06-20T07:58:20Z".parse().unwrap()),
            has_server: true,
            last_receipt: Some("2026-06-20T07:59:00Z".parse().unwrap()),
            clock: ClockTrust::Unconfirmed,
            certificate: Some((Certificate::Server, "2026-07-01T08:00:00Z".parse().unwrap())),
            plate: PlateFacts::Fits,
            backups: Backups::Off,
            version: "0.1.0",
        }
    }

    fn ask(request: &[u8]) -> String {
        let page = HealthPage::open("127.0.0.1:0".parse().unwrap()).unwrap();
        let mut stream = TcpStream::connect(page.address().unwrap()).unwrap();
        let _ = stream.write_all(request);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = String::new();
        let give_up_at = Instant::now() + Duration::from_secs(10);
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        while Instant::now() < give_up_at {
            page.answer("campus-a-01", facts);
            if stream.read_to_string(&mut answer).is_ok() {
                break;
            }
        }
        answer
    }

    #[test]
    fn the_metrics_are_at_their_path_only_and_can_only_be_read() {
        let answer = ask(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("version=0.0.4"), "{answer}");
        assert!(answer.contains("szz_kiosk_camera_frames_per_second 29.5"), "{answer}");
        assert!(ask(b"GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
        assert!(ask(b"POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n").starts_with("HTTP/1.1 405"));
        assert!(ask(b"\x16\x03\x01 not http").starts_with("HTTP/1.1 400"));
        let endless = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'x'; 20_000]].concat();
        assert!(!ask(&endless).contains("200"));
    }
}
