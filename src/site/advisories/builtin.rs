//! Our own table, `data/advisories/`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::finding::Severity;
use crate::site::packages::Ecosystem;
use crate::site::packages::version::{Range, RangeError};

use super::{Advisories, Advisory, Image, Need};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    advisory: Vec<Row>,
}

/// All rows of `data/advisories/`, as JSON: TOML takes several times longer to read. Written by the build script.
static ROWS: &str = include_str!(concat!(env!("OUT_DIR"), "/advisories.json"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// CVE, or our own name where there is none.
    id: String,
    title: String,
    ecosystem: Ecosystem,
    package: Option<String>,
    /// Instead of one: several that have it alike.
    #[serde(default)]
    packages: Vec<String>,
    /// Ranges; one of them has to hold.
    affected: Vec<String>,
    /// What gets out, as the end of a sentence that starts with the package.
    leaks: String,
    severity: Severity,
    /// What has to be so besides, where the tree can tell.
    needs: Option<Need>,
    /// The same in words, or what only the reader can tell.
    condition: Option<String>,
    /// Whether CISA lists it as exploited.
    #[serde(default)]
    exploited: bool,
    references: Vec<String>,
    /// Container images whose tag is the version of this product.
    #[serde(default)]
    images: Vec<ImageRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageRow {
    name: String,
    /// Those of the advisory, if it has none of its own.
    #[serde(default)]
    affected: Vec<String>,
    /// A word that the tag has to have.
    tag: Option<String>,
}

/// The table, read once. A test holds that it can be read.
pub(super) fn table() -> &'static Advisories {
    static TABLE: LazyLock<Advisories> = LazyLock::new(|| read().unwrap_or_default());
    &TABLE
}

pub(super) fn read() -> Result<Advisories, String> {
    let mut advisories = Advisories::default();
    let table: Table = serde_json::from_str(ROWS).map_err(|error| error.to_string())?;
    for row in table.advisory {
        let id = row.id.clone();
        for advisory in row.advisories().map_err(|error| format!("{id}: {error}"))? {
            advisories.add(advisory);
        }
    }
    Ok(advisories)
}

impl Row {
    fn advisories(self) -> Result<Vec<Advisory>, RangeError> {
        let affected = ranges(&self.affected)?;
        let images: Result<Vec<Image>, RangeError> = self
            .images
            .iter()
            .map(|row| {
                Ok(Image {
                    name: row.name.clone(),
                    affected: match row.affected.as_slice() {
                        [] => affected.clone(),
                        own => ranges(own)?,
                    },
                    tag: row.tag.clone(),
                })
            })
            .collect();
        let images = images?;
        let advisory = |package: &String| Advisory {
            id: self.id.clone(),
            title: self.title.clone(),
            ecosystem: self.ecosystem,
            package: package.clone(),
            affected: affected.clone(),
            leaks: Some(self.leaks.clone()),
            severity: self.severity,
            needs: self.needs,
            condition: self.condition.clone(),
            is_exploited: self.exploited,
            references: self.references.clone(),
            images: images.clone(),
            notice: None,
            is_builtin: true,
        };
        Ok(self
            .package
            .iter()
            .chain(&self.packages)
            .map(advisory)
            .collect())
    }
}

fn ranges(texts: &[String]) -> Result<Vec<Range>, RangeError> {
    texts.iter().map(|text| Range::parse(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says in which line a mistake is, as the table does not.
    #[test]
    fn each_file_can_be_read() {
        let mut count = 0;
        for file in std::fs::read_dir("data/advisories").unwrap() {
            let path = file.unwrap().path();
            let table = toml::from_str::<Table>(&std::fs::read_to_string(&path).unwrap());
            let table = table.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += table.advisory.len();
        }
        let table: Table = serde_json::from_str(ROWS).unwrap();
        assert_eq!(table.advisory.len(), count);
    }
}
