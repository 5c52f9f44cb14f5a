//! Archives, from outside: backups that a server hands out, and what is not opened.

use std::io::{Cursor, Write as _};

use super::support::{Tree, env_file, findings, mailgun_key};

const DOCKERFILE: &str = "FROM php:8.3-apache\nCOPY . /var/www/html\n";

/// Packs files as every backup plugin does.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Files, and directories where the name ends with a slash.
pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        if name.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
        }
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&tar_of(files)).unwrap();
    encoder.finish().unwrap()
}

/// A site whose backup lies beside its pages.
fn site(name: &str, backup: impl AsRef<[u8]>) -> Tree {
    let tree = Tree::of(&[
        ("app/Dockerfile", DOCKERFILE),
        ("app/index.php", "<?php echo 1;\n"),
    ]);
    tree.write(format!("app/{name}"), backup);
    tree
}

#[test]
fn a_served_backup_lets_out_what_is_in_it() {
    let key = mailgun_key(61);
    let env = env_file(&key);
    let files: &[(&str, &[u8])] = &[
        ("site/.env", env.as_bytes()),
        ("site/a.png", b"\x89PNG\r\n\x1a\n"),
    ];
    let nested = zip(&[("inner.tar.gz", &tar_gz(files))]);
    for (name, bytes, place) in [
        ("backup.zip", zip(files), "app/backup.zip!site/.env"),
        (
            "backup.tar.gz",
            tar_gz(files),
            "app/backup.tar.gz!site/.env",
        ),
        (
            "backup.zip",
            nested,
            "app/backup.zip!inner.tar.gz!site/.env",
        ),
    ] {
        let tree = site(name, bytes);
        let report = tree.run(&["app", "--format=json"]);
        report.exits(1);
        let report = report.json();
        let finding = &findings(&report)[0];
        let location = &finding["occurrences"][0];
        assert_eq!(location["path"], place);
        assert_eq!(location["archive"], format!("app/{name}"));
        assert_eq!(
            (&location["start"]["line"], &location["start"]["column"]),
            (&2.into(), &16.into())
        );
        assert_eq!(finding["reach"], "reachable");
        assert_eq!(finding["severity"], "critical");
        let way = &finding["ways"][0];
        assert_eq!(way["url"], format!("/{name}"));
        assert_eq!(way["file"], format!("app/{name}"));
        tree.run(&["app"])
            .says(&format!("{place}:2:16"))
            .says("gives the file");
        let sarif = tree.run(&["app", "--format=sarif"]);
        sarif.says(&place.replace('!', "%21"));
        for run in [tree.run(&["app"]), sarif] {
            assert!(!run.stdout.contains(&key[4..32]), "{run:#?}");
        }
    }
}

#[test]
fn a_backup_that_is_denied_keeps_it_in() {
    let env = env_file(&mailgun_key(62));
    let tree = site("backup.zip", zip(&[(".env", env.as_bytes())]));
    tree.write(
        "app/.htaccess",
        "<Files *.zip>\nRequire all denied\n</Files>\n",
    );
    tree.write(
        "app/Dockerfile",
        format!("{DOCKERFILE}RUN sed -i 's/None/All/' /etc/apache2/apache2.conf\n"),
    );
    let report = tree.run(&["app", "--format=json"]).json();
    assert_eq!(findings(&report)[0]["reach"], "contained");
}

#[test]
fn archives_can_be_left_closed() {
    let env = env_file(&mailgun_key(63));
    let tree = site(
        "backup.zip",
        zip(&[("a.zip", &zip(&[(".env", env.as_bytes())]))]),
    );
    tree.run(&["app", "--no-archives", "--no-checks"]).exits(0);
    tree.run(&["app", "--no-checks", "--archive-depth=1", "--show-skipped"])
        .exits(3)
        .says("backup.zip!a.zip");
    tree.run(&["app", "--no-checks"]).exits(1);
}

#[test]
fn what_cannot_be_read_is_an_incomplete_scan() {
    let whole = zip(&[("a.txt", b"nothing in here\n")]);
    let listed = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    let mut encrypted = whole.clone();
    encrypted[listed + 8] |= 1;
    for bytes in [whole[..whole.len() - 30].to_vec(), encrypted] {
        let tree = Tree::new();
        tree.write("b.zip", bytes);
        tree.write("a.txt", "text\n");
        tree.run(&["--show-skipped"]).exits(3).says("b.zip");
        tree.run(&["--no-archives"]).exits(0);
    }
    let tree = Tree::new();
    tree.write("b.zip", whole);
    tree.run(&[]).exits(0);
}

/// As `docker save` writes them: a tar of layers, which are tars, and of the configuration.
#[test]
fn saved_images_keep_what_a_later_layer_deletes() {
    let (deleted, set) = (mailgun_key(64), mailgun_key(65));
    let env = env_file(&deleted);
    let config = format!(r#"{{"config": {{"Env": ["MAILGUN_SECRET={set}"]}}}}"#);
    let image = tar_gz(&[
        (
            "manifest.json",
            br#"[{"Config": "c.json", "Layers": ["1/layer.tar", "2/layer.tar"]}]"#,
        ),
        ("c.json", config.as_bytes()),
        ("1/layer.tar", &tar_gz(&[("app/.env", env.as_bytes())])),
        ("2/layer.tar", &tar_gz(&[("app/.wh..env", b"")])),
    ]);
    let tree = Tree::new();
    tree.write("image.tar.gz", image);
    let report = tree.run(&["--format=json"]).json();
    let mut places: Vec<&str> = findings(&report)
        .iter()
        .filter_map(|finding| finding["occurrences"][0]["path"].as_str())
        .collect();
    places.sort_unstable();
    let expected = ["image.tar.gz!1/layer.tar!app/.env", "image.tar.gz!c.json"];
    assert_eq!(places, expected);
}

#[test]
fn excludes_reach_into_archives_and_are_noted_once_for_a_directory() {
    let env = env_file(&mailgun_key(7));
    let inner = zip(&[("cache/x.env", env.as_bytes())]);
    let tree = Tree::new();
    tree.write(
        "backup.zip",
        zip(&[
            ("vendor/a.env", env.as_bytes()),
            ("vendor/b.env", env.as_bytes()),
            ("inner.zip", &inner),
        ]),
    );
    tree.run(&["--no-checks"]).exits(1);
    let run = tree.run(&[
        "--no-checks",
        "--format=json",
        "--exclude=vendor/",
        "--exclude=cache",
    ]);
    run.exits(0);
    let report = run.json();
    let skipped: Vec<&str> = report["coverage"]["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skipped| skipped["path"].as_str().unwrap())
        .collect();
    assert_eq!(skipped, ["backup.zip!inner.zip!cache", "backup.zip!vendor"]);
    // A file that is named is read whatever the excludes say; what is in it is not.
    tree.run(&["backup.zip", "--exclude=backup.zip"]).exits(1);
    tree.run(&["backup.zip", "--exclude=*.env"]).exits(0);
}

/// More entries than are read: directories, which cost least.
#[test]
fn an_archive_of_too_many_entries_is_an_incomplete_scan() {
    let one = zip(&[("a", b"x")]);
    let listed = memchr::memmem::find(&one, b"PK\x01\x02").unwrap();
    let mut bytes = one[..listed].to_vec();
    let mut header = one[listed..listed + 46].to_vec();
    header[28..30].copy_from_slice(&6_u16.to_le_bytes());
    header[30..34].fill(0);
    for number in 0..200_100 {
        bytes.extend(&header);
        bytes.extend(format!("{number:05x}/").bytes());
    }
    // 16 bits count the entries: of more, the rest of the number.
    let len = u32::try_from(bytes.len() - listed).unwrap();
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(
        [(200_100_u32 & 0xffff) as u16; 2]
            .map(u16::to_le_bytes)
            .concat(),
    );
    bytes.extend(len.to_le_bytes());
    bytes.extend(u32::try_from(listed).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    let tree = Tree::new();
    tree.write("b.zip", bytes);
    tree.write("a.txt", "text\n");
    let run = tree.run(&["--format=json"]);
    run.exits(3);
    let coverage = &run.json()["coverage"];
    assert_eq!(coverage["files"], 1);
    let skipped = coverage["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 1);
    assert_eq!(
        (&skipped[0]["path"], &skipped[0]["reason"]),
        (&"b.zip".into(), &"capped".into())
    );
}

/// Word cuts a text where the font changes, or where it has been corrected.
#[test]
fn a_key_in_a_document_is_found_in_its_paragraph_however_it_is_cut() {
    let key = mailgun_key(66);
    let (start, end) = key.split_at(20);
    let xml = format!(
        "<?xml version=\"1.0\"?>\n<w:document xmlns:w=\"x\"><w:body><w:p><w:r><w:t>Access</w:t></w:r></w:p>\
         <w:p><w:r><w:t>MAILGUN_SECRET={start}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{end}</w:t></w:r></w:p>\
         </w:body></w:document>"
    );
    let tree = Tree::new();
    let content = b"<?xml version=\"1.0\"?><Types/>";
    let files: &[(&str, &[u8])] = &[
        ("[Content_Types].xml", content),
        ("word/document.xml", xml.as_bytes()),
    ];
    tree.write("plan.docx", zip(files));
    let run = tree.run(&["--no-checks"]);
    run.exits(1).says("plan.docx!word/document.xml:2:16");
    assert!(!run.stdout.contains(end), "{run:#?}");
}
