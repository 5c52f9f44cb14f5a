//! The least of a FastCGI server: it names the script that it is asked to run.
//! <https://fastcgi-archives.github.io/FastCGI_Specification.html>

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

const BEGIN: usize = 8;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;

/// Serves on a port until the process ends.
pub(super) fn serve(port: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut params = Vec::new();
    loop {
        let mut header = [0; BEGIN];
        stream.read_exact(&mut header).ok()?;
        let length = usize::from(u16::from_be_bytes([header[4], header[5]]));
        let mut body = vec![0; length + usize::from(header[6])];
        stream.read_exact(&mut body).ok()?;
        match header[1] {
            PARAMS => params.extend_from_slice(&body[..length]),
            STDIN if length == 0 => break,
            _ => {}
        }
    }
    let text = match param(&params, b"SCRIPT_FILENAME") {
        Some(script) if std::path::Path::new(&script).is_file() => {
            format!("Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nEXEC:{script}")
        }
        Some(_) => "Status: 404 Not Found\r\n\r\nNo input file specified.".to_owned(),
        None => "Status: 200 OK\r\n\r\nan application".to_owned(),
    };
    let mut out = Vec::new();
    record(&mut out, 6, text.as_bytes());
    record(&mut out, 6, b"");
    record(&mut out, 3, &[0; 8]);
    stream.write_all(&out).ok()
}

fn record(out: &mut Vec<u8>, kind: u8, body: &[u8]) {
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    out.extend([1, kind, 0, 1, length[0], length[1], 0, 0]);
    out.extend_from_slice(body);
}

/// Of several with one name PHP takes the last.
fn param(mut params: &[u8], wanted: &[u8]) -> Option<String> {
    let mut found = None;
    while !params.is_empty() {
        let name = length(&mut params)?;
        let value = length(&mut params)?;
        let (key, rest) = params.split_at_checked(name)?;
        let (value, rest) = rest.split_at_checked(value)?;
        if key == wanted {
            found = Some(String::from_utf8_lossy(value).into_owned());
        }
        params = rest;
    }
    found
}

fn length(params: &mut &[u8]) -> Option<usize> {
    let first = *params.first()?;
    if first < 128 {
        *params = &params[1..];
        return Some(usize::from(first));
    }
    let (head, rest) = params.split_at_checked(4)?;
    *params = rest;
    let long = u32::from_be_bytes([head[0] & 127, head[1], head[2], head[3]]);
    usize::try_from(long).ok()
}
