//! A tree of files, on disk for nginx and in memory for the evaluator. Each file holds its own name.

use std::fs;
use std::path::PathBuf;

use spillcheck::input::Memory;

const FILES: &[&str] = &[
    "w/.env",
    "w/.env.bak",
    "w/.git/config",
    "w/.git/HEAD",
    "w/.well-known/x.txt",
    "w/index.html",
    "w/404.html",
    "w/a.php",
    "w/a.php.bak",
    "w/debug.log",
    "w/i/in.txt",
    "w/sub/.env",
    "w/sub/index.php",
    "w/sub/deep/x.txt",
    "w/sub/deep/index.html",
    "w/files/f.txt",
    "w/files/.env",
    "w/files/sub/g.txt",
    "w/filesystem/s.txt",
    "w/up/load.php",
    "w/up/pic.jpg",
    "w/sp ace.txt",
    "w/per%cent.txt",
    "w/plus+.txt",
    "w/empty.d/.keep",
    "other/index.html",
    "other/f.txt",
    "other/.env",
    "other/sub/x.txt",
    "secret.txt",
    "wsecret.txt",
];

const LINKS: &[(&str, &str)] = &[
    ("w/link", "files"),
    ("w/lf.txt", "../secret.txt"),
    ("w/lost", "nowhere"),
];

pub(super) struct Tree {
    pub(super) base: String,
    pub(super) files: Memory,
    /// Where its nginx listens.
    pub(super) port: u16,
}

impl Tree {
    pub(super) fn create(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("spillcheck-nginx-{name}-{}", std::process::id()));
        let base = path.to_string_lossy().into_owned();
        let mut files = Memory::new();
        for file in FILES {
            let name = format!("{base}/{file}");
            let path = PathBuf::from(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("FILE:{name}")).unwrap();
            files.add(name.clone(), format!("FILE:{name}"));
        }
        for (link, target) in LINKS {
            let name = format!("{base}/{link}");
            #[cfg(unix)]
            std::os::unix::fs::symlink(target, &name).unwrap();
            files.link(name, *target);
        }
        Self {
            base,
            files,
            port: super::server::free_port(),
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.base);
    }
}
