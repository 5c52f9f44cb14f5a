//! Which URLs may lead to a file.

use super::config::{Alias, Config, Place, Scope, Virtual};

const MAX_TARGETS: usize = 60;

/// Each location with a fixed name, and the server itself as `/`.
pub(super) fn locations<'c>(config: &'c Config, server: &Virtual) -> Vec<(&'c str, &'c Scope)> {
    let mut found = vec![("/", &config.scopes[server.scope])];
    let mut open = vec![server.scope];
    while let Some(level) = open.pop() {
        let level = &config.scopes[level];
        for &index in level.fixed.iter().chain(&level.regexes) {
            let scope = &config.scopes[index];
            open.push(index);
            match &scope.place {
                Place::Exact(name) | Place::Prefix { name, .. } => found.push((name, scope)),
                // The name of one with a root of its own is not known; its files are below `/` of the URL.
                Place::Regex(_) if scope.root.alias == Alias::None => found.push(("/", scope)),
                _ => {}
            }
        }
    }
    found
}

/// Targets for a file, the plain spellings first.
pub(super) fn of(config: &Config, server: &Virtual, file: &str) -> Vec<String> {
    let mut plain: Vec<String> = Vec::new();
    let mut odd: Vec<String> = Vec::new();
    for (prefix, scope) in locations(config, server) {
        let Some(root) = scope.root.path.text() else {
            continue;
        };
        match scope.root.alias {
            Alias::None => {
                if let Some(inside) = file.strip_prefix(root.trim_end_matches('/'))
                    && inside.starts_with('/')
                {
                    add(&mut plain, encode(inside));
                }
            }
            Alias::Prefix(_) => through_alias(prefix, scope, root, file, (&mut plain, &mut odd)),
            Alias::Whole => {}
        }
    }
    // As scanners write them, for guards that look at the request as it was sent.
    let spellings: Vec<String> = plain.iter().flat_map(|target| variants(target)).collect();
    for target in odd.into_iter().chain(spellings) {
        add(&mut plain, target);
    }
    plain.truncate(MAX_TARGETS);
    plain
}

fn through_alias(
    prefix: &str,
    scope: &Scope,
    root: &str,
    file: &str,
    (plain, odd): (&mut Vec<String>, &mut Vec<String>),
) {
    if let Place::Exact(_) = scope.place {
        if file == root {
            add(plain, encode(prefix));
        }
        return;
    }
    if let Some(inside) = file.strip_prefix(root) {
        let is_below = root.ends_with('/') || inside.starts_with('/') || inside.is_empty();
        if is_below {
            add(plain, encode(&format!("{prefix}{inside}")));
            // `/i` with `alias /files/` takes a slash between as well.
            if !prefix.ends_with('/') && !inside.starts_with('/') {
                add(plain, encode(&format!("{prefix}/{inside}")));
            }
        } else {
            // `alias /files` takes `/filesystem` by `/isystem`.
            add(odd, encode(&format!("{prefix}{inside}")));
        }
    }
    if let Some(directory) = root.strip_suffix('/')
        && !prefix.ends_with('/')
        && let Some((above, _)) = directory.rsplit_once('/')
        && let Some(inside) = file.strip_prefix(above)
        && inside.starts_with('/')
    {
        add(odd, encode(&format!("{prefix}..{inside}")));
    }
}

fn variants(target: &str) -> Vec<String> {
    let mut found = vec![format!("/{target}")];
    let (directory, name) = target.rsplit_once('/').unwrap_or(("", target));
    if let Some(first) = name.chars().next().filter(char::is_ascii) {
        let rest = &name[1..];
        found.push(format!("{directory}/%{:02x}{rest}", u32::from(first)));
        found.push(format!("{directory}//{name}"));
        if let Some(second) = rest.chars().next().filter(char::is_ascii) {
            found.push(format!(
                "{directory}/{first}%{:02x}{}",
                u32::from(second),
                &rest[1..]
            ));
        }
        found.push(format!("{directory}/./{name}"));
    }
    found
}

fn add(targets: &mut Vec<String>, target: String) {
    if !targets.contains(&target) {
        targets.push(target);
    }
}

fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte);
        if is_plain {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
