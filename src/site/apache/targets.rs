//! URLs that may lead to a file.

use super::alias::From;
use super::config::{Site, absolute};
use super::path::{below, escaped};

/// Directories that rules rewrite to, so that they are no part of the URL.
const HIDDEN: &[&str] = &[
    "public",
    "web",
    "www",
    "htdocs",
    "webroot",
    "html",
    "public_html",
    "pub",
    "dist",
    "docroot",
];

/// The plain spelling first, then others that rules may not know.
pub(super) fn of(site: &Site, file: &str) -> Vec<String> {
    let mut plain = Vec::new();
    let root = site.root.as_ref().map(|root| root.value.as_str());
    let roots = [root, site.real_root.as_deref()];
    if let Some(rest) = roots.iter().flatten().find_map(|root| below(root, file)) {
        plain.push(escaped(&format!("/{rest}")));
        if let Some((first, inside)) = rest.split_once('/')
            && HIDDEN.contains(&first)
        {
            plain.push(escaped(&format!("/{inside}")));
        }
    }
    for alias in &site.aliases {
        let (From::Prefix(prefix), Some(real)) = (&alias.from, &alias.to) else {
            continue;
        };
        if let Some(rest) = below(&absolute(real), file) {
            let slash = if prefix.ends_with('/') || rest.is_empty() {
                ""
            } else {
                "/"
            };
            plain.push(escaped(&format!("{prefix}{slash}{rest}")));
        }
    }
    let mut all = plain.clone();
    for target in &plain {
        all.extend(spellings(target));
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|target| seen.insert(target.clone()));
    all
}

/// As attackers write it: encoded, doubled slashes, a path after it, a `.` in between.
fn spellings(target: &str) -> Vec<String> {
    let mut found = vec![format!("/{target}"), format!("{target}/")];
    if let Some(at) = target.rfind(|next: char| next.is_ascii_alphanumeric()) {
        let encoded = format!("%{:02x}", target.as_bytes()[at]);
        found.push(format!("{}{encoded}{}", &target[..at], &target[at + 1..]));
    }
    if target.contains("/.") {
        found.push(target.replace("/.", "/%2e"));
    }
    if let Some(slash) = target.rfind('/') {
        found.push(format!("{}/.{}", &target[..slash], &target[slash..]));
    }
    found.push(format!("{target}?x"));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_follow_the_plain_one() {
        let found = spellings("/a/.env");
        assert_eq!(
            found,
            [
                "//a/.env",
                "/a/.env/",
                "/a/.en%76",
                "/a/%2eenv",
                "/a/./.env",
                "/a/.env?x"
            ]
        );
    }
}
