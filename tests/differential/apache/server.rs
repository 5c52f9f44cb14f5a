//! A real Apache with its files in a directory of its own, and PHP beside it.

use std::fs;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = "apache2";
const MODULES: &str = "/usr/lib/apache2/modules";

/// Loaded always; a batch may leave others out.
const BASE: &[&str] = &[
    "mpm_event",
    "authn_core",
    "authn_file",
    "auth_basic",
    "authz_core",
    "authz_host",
    "authz_user",
    "dir",
    "mime",
    "alias",
    "autoindex",
    "setenvif",
    "env",
    "proxy",
    "proxy_fcgi",
    "negotiation",
    "actions",
];

/// Whether Apache and PHP are there.
pub(crate) fn is_installed() -> bool {
    super::super::support::is_installed(PROGRAM)
        && super::super::support::is_installed("php-cgi")
        && Path::new(MODULES).join("mod_rewrite.so").exists()
}

/// A port that nothing listens on, another one each time.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let port = 18_100 + NEXT.fetch_add(1, Ordering::Relaxed) % 300;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// PHP that listens for FastCGI.
pub(crate) struct Php {
    child: Child,
    pub(crate) port: u16,
}

impl Php {
    pub(crate) fn start() -> Self {
        let port = free_port();
        let child = Command::new("php-cgi")
            .args(["-n", "-b", &format!("127.0.0.1:{port}")])
            .env("PHP_FCGI_CHILDREN", "3")
            .env("PHP_FCGI_MAX_REQUESTS", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("php-cgi");
        wait_for(port);
        Self { child, port }
    }
}

impl Drop for Php {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

fn wait_for(port: u16) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        sleep(Duration::from_millis(10));
    }
    false
}

/// The directory that a server and its sites live in.
pub(crate) struct Home {
    directory: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("spillcheck-apache-")
            .tempdir()
            .unwrap();
        // Apache drops its rights when root starts it.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { directory }
    }

    pub(crate) fn path(&self) -> &str {
        self.directory.path().to_str().unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = Path::new(name);
        assert!(path.starts_with(self.directory.path()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn link(&self, name: &str, target: &str) {
        fs::create_dir_all(Path::new(name).parent().unwrap()).unwrap();
        symlink(target, name).unwrap();
    }
}

/// A configuration's head.
pub(crate) fn head(home: &str, port: u16, more_modules: &[&str]) -> String {
    let mut text = format!(
        "ServerRoot {home}\nPidFile {home}/pid\nServerName localhost\nErrorLog {home}/error.log\nUser nobody\n\
         Group nogroup\nListen 127.0.0.1:{port}\n"
    );
    for module in BASE.iter().chain(more_modules) {
        text.push_str(&format!(
            "LoadModule {module}_module {MODULES}/mod_{module}.so\n"
        ));
    }
    text.push_str(
        "TypesConfig /etc/mime.types\nProxyFCGIBackendType GENERIC\n<Directory />\nAllowOverride None\n\
         Require all denied\n</Directory>\n",
    );
    text
}

/// A running server.
pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// Starts it with `httpd.conf` of its home.
    pub(crate) fn start(home: &Home, port: u16) -> Result<Self, String> {
        let mut child = Command::new(PROGRAM)
            .args([
                "-D",
                "FOREGROUND",
                "-f",
                &format!("{}/httpd.conf", home.path()),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(Self { child });
            }
            if child.try_wait().ok().flatten().is_some() {
                break;
            }
            sleep(Duration::from_millis(10));
        }
        let _ = child.kill();
        let mut error = String::new();
        if let Some(mut pipe) = child.stderr.take() {
            let _ = pipe.read_to_string(&mut error);
        }
        let log = fs::read_to_string(format!("{}/error.log", home.path())).unwrap_or_default();
        Err(format!("Apache does not start: {error}{log}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}
