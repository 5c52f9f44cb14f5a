//! The least of an HTTP client: the request target goes out as it is written.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(20);

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Asks the server on a port of this machine.
pub(crate) fn get(port: u16, target: &str, host: &str) -> io::Result<Response> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {target} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        // A server may cut the connection once it has answered.
        Err(error) if bytes.is_empty() => return Err(error),
        _ => {}
    }
    parse(&bytes).ok_or_else(|| io::Error::other(format!("no HTTP response to {target}")))
}

fn parse(bytes: &[u8]) -> Option<Response> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Response {
        status,
        headers: headers.collect(),
        body: bytes[end + 4..].to_vec(),
    })
}

#[test]
fn a_response_is_taken_apart() {
    let response = parse(b"HTTP/1.1 301 Moved\r\nLocation: /a\r\n\r\nbody").unwrap();
    assert_eq!(response.status, 301);
    assert_eq!(response.header("location"), Some("/a"));
    assert_eq!(response.body, b"body");
}

#[test]
fn a_target_is_sent_as_it_is() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        // A request may come in pieces.
        while !request.ends_with(b"\r\n\r\n") {
            let mut piece = [0; 512];
            let length = stream.read(&mut piece).unwrap();
            assert_ne!(length, 0);
            request.extend_from_slice(&piece[..length]);
        }
        stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n").unwrap();
        stream.write_all(&request).unwrap();
    });
    let response = get(port, "//%2e/../x", "site").unwrap();
    server.join().unwrap();
    assert!(
        response
            .body
            .starts_with(b"GET //%2e/../x HTTP/1.0\r\nHost: site\r\n")
    );
}
