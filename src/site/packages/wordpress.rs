//! WordPress, its plugins and its themes, which carry their versions in comments.

use super::header::field;
use super::{Ecosystem, Package};

/// The main file of a plugin: `Plugin Name:` and `Version:` in a comment.
pub(super) fn plugin(file: &str, text: &str) -> Option<Package> {
    field(text, "Plugin Name")?;
    let (version, line) = field(text, "Version")?;
    let name = slug(file, "plugins").or_else(|| slug(file, "mu-plugins"));
    let domain = || field(text, "Text Domain").map(|(domain, _)| domain);
    let name = name.or_else(domain).or_else(|| stem(file))?;
    Some(of(Ecosystem::WordpressPlugin, &name, version, file, line))
}

/// A plugin's `readme.txt`, which names the version that is handed out; `trunk` names none.
pub(super) fn readme(file: &str, text: &str) -> Option<Package> {
    let (version, line) = field(text, "Stable tag")?;
    let name = slug(file, "plugins")?;
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| of(Ecosystem::WordpressPlugin, &name, version, file, line))
}

/// A theme's `style.css`.
pub(super) fn theme(file: &str, text: &str) -> Option<Package> {
    field(text, "Theme Name")?;
    let (version, line) = field(text, "Version")?;
    let domain = || field(text, "Text Domain").map(|(domain, _)| domain);
    let name = slug(file, "themes").or_else(domain)?;
    Some(of(Ecosystem::WordpressTheme, &name, version, file, line))
}

/// `wp-includes/version.php`: `$wp_version = '6.8.1';`.
pub(super) fn core(file: &str, text: &str) -> Option<Package> {
    for (line, raw) in (1..).zip(text.lines()) {
        let Some(value) = raw.trim_start().strip_prefix("$wp_version") else {
            continue;
        };
        let value = value.trim_start().strip_prefix('=')?.trim();
        let version = value.trim_end_matches(';').trim().trim_matches(['\'', '"']);
        return Some(of(
            Ecosystem::WordpressCore,
            "wordpress",
            version.to_owned(),
            file,
            line,
        ));
    }
    None
}

fn of(ecosystem: Ecosystem, name: &str, version: String, file: &str, line: u32) -> Package {
    Package {
        ecosystem,
        name: name.to_ascii_lowercase(),
        version,
        is_dev: false,
        file: file.to_owned(),
        line,
    }
}

/// The directory of a plugin, where WordPress looks for its main file: `plugins/SLUG/x.php`, `plugins/SLUG.php`.
fn slug(file: &str, folder: &str) -> Option<String> {
    let parts: Vec<&str> = file.split('/').collect();
    match parts.as_slice() {
        [.., above, slug, _] if *above == folder => Some((*slug).to_owned()),
        [.., above, _] if *above == folder => stem(file),
        _ => None,
    }
}

fn stem(file: &str) -> Option<String> {
    let name = file.rsplit('/').next()?;
    Some(
        name.rsplit_once('.')
            .map_or(name, |(stem, _)| stem)
            .to_owned(),
    )
}
