//! A feed of Wordfence Intelligence, version 2 or 3, as it is downloaded:
//! <https://www.wordfence.com/help/wordfence-intelligence/v2-accessing-and-consuming-the-vulnerability-data-feed/>.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::finding::Severity;
use crate::site::packages::version::Range;
use crate::site::packages::{Ecosystem, ReadError};

use super::Advisory;

/// A larger file is no feed: the whole of it had 123 MB in 2026.
const MAX_BYTES: usize = 1 << 30;
/// More records than this are no feed: there were 33,000 in 2026.
const MAX_RECORDS: usize = 1_000_000;

/// Reads a feed.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Advisory>, ReadError> {
    let whole = |reason: &str| ReadError {
        file: file.to_owned(),
        line: None,
        reason: reason.to_owned(),
    };
    if bytes.len() > MAX_BYTES {
        return Err(whole("it is too long for a feed"));
    }
    let feed: Feed = serde_json::from_slice(bytes).map_err(|error| {
        let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
        ReadError::new(
            file,
            line,
            format!("it is no feed of Wordfence Intelligence: {error}"),
        )
    })?;
    if feed.advisories.is_empty() {
        return Err(whole("it has no records of vulnerable software"));
    }
    Ok(feed.advisories)
}

/// Records by id, or a list of them; turned into advisories one by one, so that no more is held than is needed.
struct Feed {
    advisories: Vec<Advisory>,
}

impl<'de> Deserialize<'de> for Feed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FeedVisitor)
    }
}

struct FeedVisitor;

impl<'de> Visitor<'de> for FeedVisitor {
    type Value = Feed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of records by id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Feed, A::Error> {
        let mut advisories = Vec::new();
        while let Some((_, record)) = map.next_entry::<serde::de::IgnoredAny, Record>()? {
            advisories.extend(record.advisories());
            check(&advisories)?;
        }
        Ok(Feed { advisories })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Feed, A::Error> {
        let mut advisories = Vec::new();
        while let Some(record) = list.next_element::<Record>()? {
            advisories.extend(record.advisories());
            check(&advisories)?;
        }
        Ok(Feed { advisories })
    }
}

fn check<E: serde::de::Error>(advisories: &[Advisory]) -> Result<(), E> {
    if advisories.len() > MAX_RECORDS {
        return Err(E::custom("too many records"));
    }
    Ok(())
}

#[derive(Deserialize)]
struct Record {
    id: String,
    title: String,
    #[serde(default)]
    software: Vec<Software>,
    #[serde(default)]
    references: Vec<String>,
    cvss: Option<Cvss>,
    cve: Option<String>,
    #[serde(default)]
    copyrights: serde_json::Value,
}

#[derive(Deserialize)]
struct Software {
    #[serde(rename = "type")]
    kind: String,
    slug: String,
    #[serde(default)]
    affected_versions: BTreeMap<String, Affected>,
}

#[derive(Deserialize)]
struct Affected {
    from_version: String,
    from_inclusive: bool,
    to_version: String,
    to_inclusive: bool,
}

#[derive(Deserialize)]
struct Cvss {
    rating: Option<String>,
}

impl Record {
    fn advisories(self) -> Vec<Advisory> {
        let notice = notice(&self.copyrights);
        let severity = match self.cvss.and_then(|cvss| cvss.rating).as_deref() {
            Some("Critical") => Severity::Critical,
            Some("High") => Severity::High,
            Some("Low") => Severity::Low,
            Some("None") => Severity::Info,
            _ => Severity::Medium,
        };
        let id = self.cve.unwrap_or(self.id);
        let advisory = |software: &Software| {
            let ecosystem = match software.kind.as_str() {
                "core" => Ecosystem::WordpressCore,
                "plugin" => Ecosystem::WordpressPlugin,
                "theme" => Ecosystem::WordpressTheme,
                _ => return None,
            };
            Some(Advisory {
                id: id.clone(),
                title: self.title.clone(),
                ecosystem,
                package: software.slug.to_ascii_lowercase(),
                affected: software
                    .affected_versions
                    .values()
                    .filter_map(Affected::range)
                    .collect(),
                leaks: None,
                severity,
                needs: None,
                condition: None,
                is_exploited: false,
                references: self.references.iter().take(3).cloned().collect(),
                images: Vec::new(),
                notice: notice.clone(),
                is_builtin: false,
            })
        };
        self.software.iter().filter_map(advisory).collect()
    }
}

impl Affected {
    /// `*` is no bound. A version that cannot be compared makes no range: better silent than wrong.
    fn range(&self) -> Option<Range> {
        let bound = |version: &str, operator: &str, is_inclusive: bool| {
            let equal = if is_inclusive { "=" } else { "" };
            (version != "*").then(|| format!("{operator}{equal}{version}"))
        };
        let from = bound(&self.from_version, ">", self.from_inclusive);
        let to = bound(&self.to_version, "<", self.to_inclusive);
        Range::of(from.iter().chain(&to).map(String::as_str)).ok()
    }
}

/// What the terms want to be shown: `copyrights` has a `notice` for each holder.
fn notice(copyrights: &serde_json::Value) -> Option<String> {
    let holders = copyrights.as_object()?.values();
    let notices: Vec<&str> = holders
        .filter_map(|holder| holder.get("notice")?.as_str())
        .collect();
    (!notices.is_empty()).then(|| notices.join("; "))
}
