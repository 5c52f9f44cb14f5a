//! Saved container images, from outside: what a layer holds is found, also when a later one deletes it.

use super::archives::tar_of;
use super::support::{Tree, env_file, findings, mailgun_key};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// The name of a blob, which is a digest in real images.
fn digest(number: u8) -> String {
    format!("{number:02x}").repeat(32)
}

/// The files of an image in the layout of OCI
/// (<https://github.com/opencontainers/image-spec/blob/main/image-layout.md>): a layer of each packing with a key in it,
/// one that deletes what is in the first, and a configuration with a key of its own.
fn layout(keys: &[String; 4]) -> Vec<(String, Vec<u8>)> {
    let layer = |key: &str| {
        let env = env_file(key);
        tar_of(&[("app/", b""), ("app/.env", env.as_bytes())])
    };
    let config = format!(
        r#"{{"config": {{"Env": ["PATH=/bin", "MAILGUN_SECRET={}"]}}}}"#,
        keys[3]
    );
    let blobs = [
        layer(&keys[0]),
        gzip(&layer(&keys[1])),
        zstd(&layer(&keys[2])),
        config.into_bytes(),
        gzip(&tar_of(&[("app/.wh..env", b""), ("var/.wh..wh..opq", b"")])),
    ];
    let blobs = blobs.into_iter().zip(0..);
    let mut files: Vec<(String, Vec<u8>)> = blobs
        .map(|(bytes, number)| (format!("blobs/sha256/{}", digest(number)), bytes))
        .collect();
    let index = format!(
        r#"{{"schemaVersion": 2, "manifests": [{{"digest": "sha256:{}"}}]}}"#,
        digest(9)
    );
    files.push(("index.json".to_owned(), index.into_bytes()));
    files.push((
        "oci-layout".to_owned(),
        br#"{"imageLayoutVersion": "1.0.0"}"#.to_vec(),
    ));
    files
}

/// Path, line and column of each finding.
fn places(tree: &Tree) -> Vec<String> {
    let run = tree.run(&["--format=json"]);
    run.exits(1);
    let report = run.json();
    assert_eq!(report["coverage"]["skipped"].as_array().unwrap().len(), 0);
    let mut places: Vec<String> = findings(&report)
        .iter()
        .map(|finding| {
            let place = &finding["occurrences"][0];
            let line = &place["start"]["line"];
            format!("{}:{line}", place["path"].as_str().unwrap())
        })
        .collect();
    places.sort_unstable();
    places
}

fn expected(prefix: &str) -> Vec<String> {
    let blob = |number| format!("{prefix}blobs/sha256/{}", digest(number));
    vec![
        format!("{}!app/.env:2", blob(0)),
        format!("{}!app/.env:2", blob(1)),
        format!("{}!app/.env:2", blob(2)),
        format!("{}:1", blob(3)),
    ]
}

#[test]
fn an_image_is_read_in_a_directory_in_a_tar_and_packed() {
    let keys = [71, 72, 73, 74].map(mailgun_key);
    let files = layout(&keys);
    let directory = Tree::new();
    for (name, bytes) in &files {
        directory.write(format!("image/{name}"), bytes);
    }
    assert_eq!(places(&directory), expected("image/"));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let tar = tar_of(&files);
    for (name, bytes) in [("image.tar.zst", zstd(&tar)), ("image.tar", tar)] {
        let tree = Tree::new();
        tree.write(name, bytes);
        assert_eq!(places(&tree), expected(&format!("{name}!")));
    }
}
