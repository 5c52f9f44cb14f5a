//! Parses and checks `rules/*.toml` at build time, by the same code as users' own rules at run time,
//! and writes them down in binary, so that the program starts with the pack already parsed and the words of its name
//! patterns told. `data/advisories/*.toml` become JSON, which is read faster; a test holds that the program knows them.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use read::Source;

#[path = "src/rules/check/mod.rs"]
pub mod check;
#[path = "src/rules/error.rs"]
pub mod error;
#[path = "src/finding/level.rs"]
pub mod level;
#[path = "src/rules/model.rs"]
pub mod model;
#[path = "src/rules/packed.rs"]
pub mod packed;
#[path = "src/rules/read.rs"]
pub mod read;
#[path = "src/rules/template/mod.rs"]
pub mod template;
#[path = "src/rules/words.rs"]
pub mod words;

/// Nothing is packed yet.
mod texts {
    pub(crate) static TEXTS: &[u8] = &[];
}

/// Where `model` finds the levels when it is part of the library.
mod finding {
    pub(crate) use crate::level::{Confidence, Severity};
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo watches a directory's files too. The sources above are dependencies of the script itself.
    println!("cargo::rerun-if-changed=rules");
    let sources = read::rule_files(Path::new("rules"))?
        .into_iter()
        .map(|path| {
            Ok(Source {
                name: path.display().to_string(),
                text: fs::read_to_string(&path)?,
            })
        })
        .collect::<io::Result<Vec<_>>>()?;
    let mut files = match read::read(&sources, &[]) {
        Ok(files) => files,
        Err(errors) => {
            for error in &errors {
                writeln!(io::stderr(), "{error}\n")?;
            }
            return Err(format!("{} mistakes in rules/*.toml", errors.len()).into());
        }
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("run this through cargo")?);
    let mut texts = Vec::new();
    for rule in files.iter_mut().flat_map(|file| &mut file.rules) {
        rule.description.pack(&mut texts)?;
        rule.rotate.pack(&mut texts)?;
        rule.references.pack(&mut texts)?;
        rule.hit.pack(&mut texts)?;
        rule.miss.pack(&mut texts)?;
    }
    fs::write(out.join("texts.bin"), texts)?;
    fs::write(out.join("rules.postcard"), postcard::to_stdvec(&files)?)?;
    let finders = files
        .iter()
        .flat_map(|file| &file.rules)
        .filter_map(|rule| rule.assign.as_ref());
    let words: BTreeMap<&str, _> = finders
        .map(|assign| (assign.name.as_str(), words::first_words(&assign.name)))
        .collect();
    fs::write(out.join("words.postcard"), postcard::to_stdvec(&words)?)?;
    fs::write(
        out.join("advisories.json"),
        serde_json::to_vec(&advisories()?)?,
    )?;
    Ok(())
}

/// The rows of all files, in the order of the files' names.
fn advisories() -> Result<toml::Table, Box<dyn Error>> {
    let directory = Path::new("data/advisories");
    println!("cargo::rerun-if-changed={}", directory.display());
    let mut paths = fs::read_dir(directory)?
        .map(|file| Ok(file?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        let table: toml::Table = fs::read_to_string(&path)?
            .parse()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        match table.get("advisory") {
            Some(toml::Value::Array(of_file)) => rows.extend(of_file.iter().cloned()),
            _ => return Err(format!("{}: no `[[advisory]]`", path.display()).into()),
        }
    }
    Ok(toml::Table::from_iter([(
        "advisory".to_owned(),
        rows.into(),
    )]))
}
