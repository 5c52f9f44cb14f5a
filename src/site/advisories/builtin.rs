//! Our own table, `data/advisories.toml`.

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    title: String,
    ecosystem: Ecosystem,
    package: Option<String>,
    #[serde(default)]
    packages: Vec<String>,
    affected: Vec<String>,
    leaks: String,
    severity: Severity,
    needs: Option<Need>,
    condition: Option<String>,
    #[serde(default)]
    exploited: bool,
    references: Vec<String>,
    #[serde(default)]
    images: Vec<ImageRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageRow {
    name: String,
    affected: Vec<String>,
}

/// The table, read once. A test holds that it can be read.
pub(super) fn table() -> &'static Advisories {
    static TABLE: LazyLock<Advisories> = LazyLock::new(|| read().unwrap_or_default());
    &TABLE
}

pub(super) fn read() -> Result<Advisories, String> {
    let text = include_str!("../../../data/advisories.toml");
    let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut advisories = Advisories::default();
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
                    affected: ranges(&row.affected)?,
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
