//! A page for one student's phone on the local network: it takes a picture and hands it on. There is a
//! page only while a student waits for one, at an address that nobody can guess; dropping it closes it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::http::read_head;
use crate::photo::decode::MAX_FILE_BYTES;

/// What its threads are called.
pub const THREAD: &str = "phone-page";

/// Phones that are listened to at once: browsers open more connections than they use.
const MOST_GUESTS: usize = 8;
/// Of one read or write, and of a whole request.
const PAUSE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(120);
/// Pictures that one page takes, the useless ones included.
const MOST_PICTURES: usize = 10;
const ACCEPT: Duration = Duration::from_millis(25);

pub struct PhonePage {
    url: String,
    open: Arc<AtomicBool>,
    pictures: Receiver<Zeroizing<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

/// What every guest is served from.
struct Desk {
    /// Path of the page.
    path: String,
    open: Arc<AtomicBool>,
    guests: AtomicUsize,
    taken: AtomicUsize,
    pictures: SyncSender<Zeroizing<Vec<u8>>>,
}

impl PhonePage {
    /// Listens at an address of this machine.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        let path = format!("/{}", hex::encode(secret));
        let url = format!("http://{}{path}", listener.local_addr()?);
        let open = Arc::new(AtomicBool::new(true));
        // One at a time: the next one is taken when the booth has looked at this one.
        let (sender, pictures) = sync_channel(1);
        let desk = Arc::new(Desk {
            path,
            open: open.clone(),
            guests: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            pictures: sender,
        });
        let thread = thread::Builder::new().name(THREAD.to_owned()).spawn(move || receive(&listener, &desk))?;
        Ok(Self { url, open, pictures, thread: Some(thread) })
    }

    /// What the phone opens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file that was sent, as it came.
    pub fn picture(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.pictures.try_recv().ok()
    }
}

impl Drop for PhonePage {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn receive(listener: &TcpListener, desk: &Arc<Desk>) {
    while desk.is_open() {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(ACCEPT);
            continue;
        };
        if desk.guests.fetch_add(1, Ordering::Relaxed) >= MOST_GUESTS {
            desk.guests.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let own = desk.clone();
        let guest = thread::Builder::new().name(THREAD.to_owned()).spawn(move || {
            // Whoever hangs up meanwhile has nothing to be told.
            let _ = own.serve(stream);
            own.guests.fetch_sub(1, Ordering::Relaxed);
        });
        if guest.is_err() {
            desk.guests.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Desk {
    fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PAUSE))?;
        stream.set_write_timeout(Some(PAUSE))?;
        let give_up_at = Instant::now() + PATIENCE;
        let Some(request) = read_head(&mut stream, give_up_at)? else { return answer(&mut stream, 400, "") };
        if request.path != self.path || !self.is_open() {
            return answer(&mut stream, 404, "");
        }
        if request.method != "POST" {
            return answer(&mut stream, 200, PAGE);
        }
        let length = match request.length {
            None => return answer(&mut stream, 411, ""),
            Some(length) if length > MAX_FILE_BYTES => return answer(&mut stream, 413, ""),
            Some(length) => length as usize,
        };
        if self.taken.fetch_add(1, Ordering::Relaxed) >= MOST_PICTURES {
            return answer(&mut stream, 410, "");
        }
        let file = read_body(&mut stream, request.begun, length, give_up_at)?;
        if !self.is_open() {
            return answer(&mut stream, 410, "");
        }
        match self.pictures.try_send(file) {
            Ok(()) => answer(&mut stream, 200, ""),
            Err(TrySendError::Full(_)) => answer(&mut stream, 409, ""),
            Err(TrySendError::Disconnected(_)) => answer(&mut stream, 410, ""),
        }
    }
}

fn read_body(
    stream: &mut TcpStream,
    begun: Zeroizing<Vec<u8>>,
    length: usize,
    give_up_at: Instant,
) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it: a growing file would leave copies behind.
    let mut file = Zeroizing::new(Vec::with_capacity(length));
    file.extend_from_slice(&begun[..begun.len().min(length)]);
    let mut part = Zeroizing::new([0; 16 * 1024]);
    while file.len() < length {
        if Instant::now() >= give_up_at {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let most = part.len().min(length - file.len());
        match stream.read(&mut part[..most])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => file.extend_from_slice(&part[..read]),
        }
    }
    Ok(file)
}

fn answer(stream: &mut TcpStream, status: u16, body: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} \r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
         content-security-policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
         connect-src 'self'\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    stream.flush()
}

/// One file, nothing from elsewhere, both languages.
const PAGE: &str = include_str!("../assets/phone-page.html");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::MOST_HEAD;

    fn page() -> PhonePage {
        PhonePage::open("127.0.0.1:0".parse().unwrap()).unwrap()
    }

    fn send(page: &PhonePage, request: &[u8]) -> String {
        let address = page.url().trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        // It may hang up before everything is sent.
        let _ = stream.write_all(request);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    fn path(page: &PhonePage) -> String {
        format!("/{}", page.url().rsplit('/').next().unwrap())
    }

    fn post(page: &PhonePage, path: &str, file: &[u8]) -> String {
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", file.len());
        send(page, &[head.as_bytes(), file].concat())
    }

    fn received(page: &PhonePage) -> Option<Zeroizing<Vec<u8>>> {
        page.pictures.recv_timeout(Duration::from_secs(5)).ok()
    }

    #[test]
    fn the_page_is_at_its_own_address_only_and_takes_a_picture() {
        let page = page();
        let path = path(&page);
        assert_eq!(path.len(), 33, "sixteen random bytes");
        let shown = send(&page, format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
        assert!(shown.starts_with("HTTP/1.1 200") && shown.contains("<input") && shown.contains("no-store"), "{shown}");
        for wrong in ["/", "/favicon.ico", "/00000000000000000000000000000000"] {
            assert!(post(&page, wrong, b"x").starts_with("HTTP/1.1 404"), "{wrong}");
        }
        let file: Vec<u8> = (0..200_000_u32).map(|n| n as u8).collect();
        assert!(post(&page, &path, &file).starts_with("HTTP/1.1 200"));
        assert_eq!(received(&page).unwrap().as_slice(), file);
        assert!(page.picture().is_none());
    }

    #[test]
    fn one_picture_at_a_time_and_no_more_than_a_few() {
        let page = page();
        let path = path(&page);
        assert!(post(&page, &path, b"first").starts_with("HTTP/1.1 200"));
        assert!(post(&page, &path, b"second").starts_with("HTTP/1.1 409"), "the first one is not looked at yet");
        assert_eq!(received(&page).unwrap().as_slice(), b"first");
        for _ in 2..MOST_PICTURES {
            assert!(post(&page, &path, b"again").starts_with("HTTP/1.1 200"));
            received(&page).unwrap();
        }
        assert!(post(&page, &path, b"too many").starts_with("HTTP/1.1 410"));
    }

    #[test]
    fn what_is_too_large_or_no_request_is_refused_unread() {
        let page = page();
        let path = path(&page);
        let head = |length: &str| format!("POST {path} HTTP/1.1\r\n{length}\r\n");
        let large = format!("Content-Length: {}\r\n", MAX_FILE_BYTES + 1);
        assert!(send(&page, head(&large).as_bytes()).starts_with("HTTP/1.1 413"));
        assert!(send(&page, head("").as_bytes()).starts_with("HTTP/1.1 411"), "chunked, or no length");
        assert!(send(&page, head("Content-Length: many\r\n").as_bytes()).starts_with("HTTP/1.1 411"));
        assert!(send(&page, b"\x16\x03\x01 not http").starts_with("HTTP/1.1 400"));
        let endless = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'x'; 2 * MOST_HEAD]].concat();
        assert!(!send(&page, &endless).starts_with("HTTP/1.1 200"));
        assert!(page.picture().is_none());
    }

    #[test]
    fn a_page_that_is_dropped_is_gone() {
        let page = page();
        let address: SocketAddr = page.url().trim_start_matches("http://").split('/').next().unwrap().parse().unwrap();
        drop(page);
        assert!(TcpStream::connect(address).is_err());
    }
}
