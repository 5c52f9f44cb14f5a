//! The real nginx.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::tree::Tree;

const FIRST_PORT: u16 = 18_400;
const LAST_PORT: u16 = 18_699;

/// A port that no one listens on.
pub(super) fn free_port() -> u16 {
    (FIRST_PORT..=LAST_PORT)
        .find(|&port| {
            static TAKEN: std::sync::Mutex<Vec<u16>> = std::sync::Mutex::new(Vec::new());
            let mut taken = TAKEN.lock().unwrap();
            let is_free = !taken.contains(&port) && TcpListener::bind(("127.0.0.1", port)).is_ok();
            if is_free {
                taken.push(port);
            }
            is_free
        })
        .unwrap()
}

/// A running nginx. It ends with this value.
pub(super) struct Running(Child);

/// The whole configuration around servers.
pub(super) fn main_config(tree: &Tree, servers: &str) -> String {
    let base = &tree.base;
    let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {base}/tmp-{name};\n"))
        .collect();
    format!(
        "daemon off; master_process off; pid {base}/pid; user root; events {{ }}\n\
         error_log {base}/error.log emerg;\n\
         http {{ access_log off; default_type application/octet-stream; server_names_hash_bucket_size 128;\n\
         variables_hash_bucket_size 128;\n{paths}{servers}}}\n"
    )
}

fn command(tree: &Tree, config: &str) -> Command {
    let path = format!("{}/nginx.conf", tree.base);
    fs::write(&path, config).unwrap();
    let mut command = Command::new("nginx");
    command
        .args(["-p", &tree.base, "-c", &path, "-e", "stderr"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Whether nginx takes a configuration.
pub(super) fn accepts(tree: &Tree, config: &str) -> bool {
    command(tree, config).arg("-t").status().unwrap().success()
}

pub(super) fn start(tree: &Tree, config: &str, port: u16) -> Running {
    let child = command(tree, config).spawn().unwrap();
    let running = Running(child);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "nginx does not start"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    running
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
