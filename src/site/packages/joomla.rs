//! Joomla, which carries its version in a manifest.

use super::{Ecosystem, Package};

/// `administrator/manifests/files/joomla.xml`: `<version>4.2.7</version>`.
pub(super) fn read(file: &str, text: &str) -> Option<Package> {
    for (line, raw) in (1..).zip(text.lines()) {
        let Some((_, rest)) = raw.split_once("<version>") else {
            continue;
        };
        let version = rest.split('<').next()?.trim();
        return Some(Package {
            ecosystem: Ecosystem::Application,
            name: "joomla".to_owned(),
            version: version.to_owned(),
            is_dev: false,
            file: file.to_owned(),
            line,
        });
    }
    None
}
