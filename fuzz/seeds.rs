//! Writes what the fuzzers start from: for each target a folder of inputs, made from the examples of the
//! built-in rules, and a dictionary of the words that the rules look for.
//!
//! `cargo run --example fuzz-seeds -- DIRECTORY`

mod paths;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use spillcheck::detect::{decode, lexer};
use spillcheck::rules::template::{self, Example};
use spillcheck::rules::{self, Rule};

/// Words that are in no rule, and that the engine looks for.
const MORE_WORDS: [&str; 3] = ["://", "-----BEGIN ", "example"];

/// One lock file of each kind, after the byte that chooses the kind.
const LOCKS: &[&str] = &[
    "\0{\"packages\": [{\"name\": \"a/b\", \"version\": \"v1.2.3-RC1\"}], \"packages-dev\": []}",
    "\u{1}{\"packages\": [{\"name\": \"a/b\", \"version\": \"2.x-dev\"}], \"dev-package-names\": [\"a/b\"]}",
    "\u{2}{\"lockfileVersion\": 3, \"packages\": {\"node_modules/@a/b\": {\"version\": \"1.0.0-beta.1\", \"dev\": true}}}",
    "\u{3}{\"dependencies\": {\"a\": {\"version\": \"npm:b@1.0.0\", \"dependencies\": {}}}}",
    "\u{4}\"@a/b@^1.0.0\", c@npm:d@2:\n  version \"1.2.3\"\n  resolution: \"d@npm:2.0.0\"\n",
    "\u{5}lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      next:\n        version: 15.0.0(react@19.0.0)\npackages:\n  next@15.0.0:\n    dev: true\nsnapshots:\n  next@15.0.0(react@19.0.0):\n    dependencies:\n      a: '@b/c@1.0.0'\n",
    "\u{6}{\"workspaces\": {\"\": {\"devDependencies\": {\"a\": \"1\"},},}, \"packages\": {\"a\": [\"a@1.0.0\", {}]}}",
];

/// One file of each kind of advisories.
const ADVISORIES: &[&str] = &[
    "title: A\nlink: https://example.com\ncve: ~\nbranches:\n    1.x:\n        versions: ['>=1.0', \"<1.2\"]\n    2.x:\n        versions:\n            - '<2.1'\nreference: composer://a/b\n",
    "{\"x\": {\"id\": \"x\", \"title\": \"A\", \"software\": [{\"type\": \"plugin\", \"slug\": \"a\", \"affected_versions\": {\"b\": {\"from_version\": \"*\", \"from_inclusive\": true, \"to_version\": \"1.0\", \"to_inclusive\": false}}}], \"cvss\": {\"rating\": \"High\"}, \"cve\": null, \"copyrights\": {\"a\": {\"notice\": \"c\"}}}}",
];

/// What people save of phpinfo and of databases, after the byte that chooses which; templates of the rules' examples.
const DUMPS: &[&str] = &[
    "\0<tr><td class=\"e\">MAILGUN_SECRET </td><td class=\"v\">{hex:32}-{hex:8}-{hex:8} </td></tr>\n<tr><td class=\"e\">$_SERVER['DB_PASSWORD']</td><td class=\"v\">{base62:20}</td></tr>\n",
    "\u{1}PHP Version => 8.3.1\nMAILGUN_SECRET => {hex:32}-{hex:8}-{hex:8}\nmysqli.default_pw => no value => {base62:16}\n",
    "\u{2}INSERT INTO `wp_options` (`option_name`, `option_value`) VALUES ('wp_mail_smtp', 'a:1:{s:7:\\\"mailgun\\\";a:1:{s:7:\\\"api_key\\\";s:50:\\\"{hex:32}-{hex:8}-{hex:8}\\\";}}','yes');\n",
    "\u{3}<?php $o = 'a:1:{s:8:\"password\";s:20:\"{base62:20}\";}';\n",
];

/// What archives start with, for those that are not made here: a zip of a stored file, and a phar.
const ARCHIVES: &[&[u8]] = &[
    b"PK\x03\x04\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\0\0\0\x03\0\0\0\x01\0\0\0aA=1PK\x01\x02\x14\x03\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\0\0\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\xa4\x81\0\0\0\0aPK\x05\x06\0\0\0\0\x01\0\x01\0\x2f\0\0\0\x22\0\0\0\0\0",
    b"<?php __HALT_COMPILER(); ?>\n\x2b\0\0\0\x01\0\0\0\x11\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0a\x03\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0A=1",
];

/// A list of 7z, with its length in front, of one file, and what is packed.
const SEVENZ: &[u8] = b"Z\0\x01\x04\x06\0\x01\x09\x08\0\x07\x0b\x01\0\x01#\x03\x01\x01\x05]\0\x10\0\0\x0c\x03\0\x08\x0a\x01av/\xb5\0\0\x05\x01\x19\x06\0\0\0\0\0\0\x11\x13\0i\0n\x002\0/\0.\0e\0n\0v\0\0\0\x19\0\x14\x0a\x01\0\xedz\x84\x97z\x7f\xdd\x01\x15\x06\x01\0 \x80\xa4\x81\0\0\0 \x8fB \0\0\0";

fn main() -> io::Result<()> {
    let directory = env::args_os().nth(1).map(PathBuf::from);
    let directory = directory.ok_or_else(|| io::Error::other("usage: fuzz-seeds DIRECTORY"))?;
    let rules: Vec<Rule> = rules::builtin()
        .into_iter()
        .flat_map(|file| file.rules)
        .collect();
    for target in [
        "engine", "lexer", "decode", "ds_store", "encoding", "js", "php", "apache", "checks",
        "nginx",
    ] {
        fs::create_dir_all(directory.join(target))?;
    }
    let templates = rules
        .iter()
        .flat_map(|rule| rule.hit.iter().chain(rule.miss.iter()));
    for (number, template) in templates.enumerate() {
        let example = template::render(template, 0).map_err(io::Error::other)?;
        write_inputs(&directory, number, &example)?;
    }
    write_configurations(&directory.join("apache"))?;
    write_samples(&directory.join("iis"), "iis-", "web.config")?;
    for (target, seeds) in [("locks", LOCKS), ("advisories", ADVISORIES)] {
        fs::create_dir_all(directory.join(target))?;
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(directory.join(target).join(number.to_string()), seed)?;
        }
    }
    write_dumps(&directory.join("dumps"))?;
    write_archives(&directory.join("archive"))?;
    write_pages(&directory.join("sqlite"))?;
    fs::create_dir_all(directory.join("sevenz"))?;
    fs::write(directory.join("sevenz/0"), SEVENZ)?;
    fs::write(directory.join("words.dict"), dictionary(&rules))
}

fn write_dumps(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for (number, template) in DUMPS.iter().enumerate() {
        let rendered = template::render(template, 0).map_err(io::Error::other)?;
        fs::write(directory.join(number.to_string()), rendered.text)?;
    }
    Ok(())
}

/// Those of above, a tar, and all of them packed.
fn write_archives(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let mut builder = tar::Builder::new(Vec::new());
    for (number, bytes) in ARCHIVES.iter().enumerate() {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, number.to_string(), *bytes)?;
    }
    let tar = builder.into_inner()?;
    let all = ARCHIVES.iter().copied().chain([tar.as_slice()]);
    for (number, bytes) in all.enumerate() {
        fs::write(directory.join(number.to_string()), bytes)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(bytes)?;
        fs::write(directory.join(format!("{number}.gz")), gzip.finish()?)?;
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(bytes)?;
        fs::write(directory.join(format!("{number}.bz2")), bzip2.finish()?)?;
    }
    Ok(())
}

/// The pages of a database, without its header, which the target puts in front.
fn write_pages(directory: &Path) -> io::Result<()> {
    const HEADER_LEN: usize = 100;
    const MOST: usize = 4096;
    fs::create_dir_all(directory)?;
    let sample =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/input/archive/tests/database.sqlite.gz");
    let mut database = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(sample)?).read_to_end(&mut database)?;
    let most = database.len().min(MOST);
    fs::write(directory.join("0"), &database[HEADER_LEN..most])
}

/// From the samples of the checks: a request, a `.htaccess` file, a configuration.
fn write_configurations(directory: &Path) -> io::Result<()> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks");
    for (number, check) in fs::read_dir(samples)?.enumerate() {
        let check = check?.path();
        let is_apache = check
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("apache-"));
        if !is_apache {
            continue;
        }
        for (index, sample) in fs::read_dir(check)?.enumerate() {
            let text = fs::read_to_string(sample?.path())?;
            let bodies = text.split("==> ").filter_map(|part| part.split_once('\n'));
            let texts: Vec<&str> = bodies.map(|(_, body)| body).collect();
            let first = texts.first().copied().unwrap_or_default();
            let input = format!("/a/../.env\u{1}{first}\u{1}{}", texts.join("\n"));
            fs::write(directory.join(format!("{number}-{index}")), input)?;
        }
    }
    Ok(())
}

/// From the samples of checks: a request, and the files of a name in any case.
fn write_samples(directory: &Path, start: &str, name: &str) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks");
    let mut number = 0;
    for check in fs::read_dir(samples)? {
        let check = check?;
        if !check.file_name().to_string_lossy().starts_with(start) {
            continue;
        }
        for sample in fs::read_dir(check.path())? {
            let text = fs::read_to_string(sample?.path())?;
            let bodies = text.split("==> ").filter_map(|part| part.split_once('\n'));
            let named = |path: &str| path.trim().to_ascii_lowercase().ends_with(name);
            for (_, body) in bodies.filter(|(path, _)| named(path)) {
                fs::write(directory.join(number.to_string()), format!("/.env\n{body}"))?;
                number += 1;
            }
        }
    }
    Ok(())
}

fn write_inputs(directory: &Path, number: usize, example: &Example) -> io::Result<()> {
    let text = example.text.as_slice();
    let choice = choice_of(&example.path);
    // The targets that look at one place in the text take it from one byte.
    let secret = example.secret.as_ref().map_or(0, |span| span.start);
    let at = u8::try_from(secret).unwrap_or(u8::MAX);
    let write = |target: &str, name: String, parts: &[&[u8]]| {
        fs::write(directory.join(target).join(name), parts.concat())
    };
    write("engine", number.to_string(), &[&[choice], text])?;
    write("lexer", number.to_string(), &[&[choice, at], text])?;
    write("decode", number.to_string(), &[&[at], text])?;
    write("encoding", number.to_string(), &[text])?;
    write("js", number.to_string(), &[text])?;
    write("php", number.to_string(), &[b"<?php ", text])?;
    write("checks", number.to_string(), &[&[choice], b"<?php ", text])?;
    let units: Vec<u16> = String::from_utf8_lossy(text).encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    write("encoding", format!("{number}-le"), &[b"\xff\xfe", &little])?;
    write("encoding", format!("{number}-be"), &[&big])
}

/// The byte that stands for a path of the same notation.
fn choice_of(path: &str) -> u8 {
    let is_alike = |other: &str| {
        let other = Path::new(other);
        let path = Path::new(path);
        path.file_name() == other.file_name()
            || path.extension().is_some() && path.extension() == other.extension()
    };
    (0..=u8::MAX)
        .find(|&choice| is_alike(paths::path_of(choice)))
        .unwrap_or(u8::MAX)
}

/// In the format of <https://llvm.org/docs/LibFuzzer.html#dictionaries>.
fn dictionary(rules: &[Rule]) -> String {
    let text = rules.iter().flat_map(|rule| &rule.text);
    let assign = rules.iter().flat_map(|rule| &rule.assign);
    let context = rules.iter().flat_map(|rule| &rule.context);
    let mut words: BTreeSet<&str> = text
        .flat_map(|text| &text.anchors)
        .chain(assign.flat_map(|assign| &assign.anchors))
        .chain(context.flat_map(|context| &context.any))
        .map(String::as_str)
        .collect();
    words.extend(lexer::ANCHORS);
    words.extend(decode::TRIGGERS.iter().map(|(trigger, _)| *trigger));
    words.extend(MORE_WORDS);
    let mut lines = String::new();
    for word in words {
        let escaped = word.bytes().fold(String::new(), |mut escaped, byte| {
            let _ = write!(escaped, "\\x{byte:02x}");
            escaped
        });
        let _ = writeln!(lines, "\"{escaped}\"");
    }
    lines
}
