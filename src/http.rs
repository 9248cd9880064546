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

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    /// What is read of a client that says this and then waits.
    fn heard(said: &[u8], patience: Duration) -> Option<Request> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        client.write_all(said).unwrap();
        read_head(&mut stream, Instant::now() + patience).expect("nobody has to wait for what never comes")
    }

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let request = heard(b"POST /a?b HTTP/1.1\r\nContent-Length: 3\r\n\r\nxyz", Duration::from_secs(5)).unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str(), request.length), ("POST", "/a?b", Some(3)));
        assert!(b"xyz".starts_with(&request.begun));
    }

    #[test]
    fn a_head_without_end_is_given_up_by_its_size_and_by_the_time() {
        let endless = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'x'; 3 * MOST_HEAD]].concat();
        assert!(heard(&endless, Duration::from_secs(60)).is_none(), "too long");
        assert!(heard(b"GET / HT", Duration::ZERO).is_none(), "too late");
        assert!(heard(b"\x16\x03\x01 no request\r\n", Duration::from_secs(60)).is_none());
    }
}
