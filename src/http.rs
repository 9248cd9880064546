//! The head of an HTTP request, for the two small servers of a booth: the page for phones and the health page.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::Instant;

use zeroize::Zeroizing;

/// Longest request without its body.
pub const MOST_HEAD: usize = 8 * 1024;

/// What a request asks for.
pub struct Request {
    pub method: String,
    pub path: String,
    /// Of the body, if the request says so.
    pub length: Option<u64>,
    /// What came of the body with the head.
    pub begun: Zeroizing<Vec<u8>>,
}

/// `None` for what is no request.
pub fn read_head(stream: &mut TcpStream, give_up_at: Instant) -> io::Result<Option<Request>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_HEAD));
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&bytes) {
            Ok(httparse::Status::Complete(head)) => {
                let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
                return Ok(Some(Request {
                    method: request.method.unwrap_or_default().to_owned(),
                    path: request.path.unwrap_or_default().to_owned(),
                    length: length.and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok()),
                    begun: Zeroizing::new(bytes[head..].to_vec()),
                }));
            }
            Ok(httparse::Status::Partial) if bytes.len() < MOST_HEAD && Instant::now() < give_up_at => {}
            _ => return Ok(None),
        }
        let mut part = [0; 1024];
        match stream.read(&mut part)? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&part[..read]),
        }
    }
}
