//! No other room can open a socket.

use std::fs;
use std::path::Path;

use ignore::Walk;

#[test]
fn sockets_are_named_in_one_room_alone() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = Walk::new(&source).map(|entry| entry.unwrap().into_path());
    let mut rooms = Vec::new();
    for file in files.filter(|file| file.extension().is_some_and(|end| end == "rs")) {
        let text = fs::read_to_string(&file).unwrap();
        let opens = [
            "ureq",
            "rustls",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
        ]
        .iter()
        .any(|word| text.contains(word));
        if opens {
            let inside = file.strip_prefix(&source).unwrap();
            rooms.push(inside.components().next().unwrap().as_os_str().to_owned());
        }
    }
    rooms.dedup();
    assert_eq!(rooms, ["mailgun"]);
}

#[test]
fn the_client_is_used_by_its_own_command_alone() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in Walk::new(&source) {
        let file = entry.unwrap().into_path();
        let inside = file.strip_prefix(&source).unwrap();
        let is_code = file.extension().is_some_and(|extension| extension == "rs");
        if !is_code || inside.starts_with("mailgun") || inside.starts_with("cli/mailgun") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("crate::mailgun"), "{}", inside.display());
    }
}
