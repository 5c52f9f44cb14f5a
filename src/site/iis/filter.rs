//! Request filtering, and who may ask at all.

use crate::finding::Reason;
use crate::site::path;

use super::collection::reason;
use super::defaults;
use super::settings::Settings;

/// The dot and what follows it in the last part of a path; the empty text if there is no dot.
pub(super) fn extension(asked: &str) -> &str {
    let name = path::base(asked);
    name.rfind('.').map_or("", |dot| &name[dot..])
}

/// The status and the reason, if request filtering refuses a path relative to the site's root.
///
/// <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/requestfiltering/>. It goes before
/// rules that rewrite:
/// <https://learn.microsoft.com/en-us/iis/extensions/url-rewrite-module/iis-request-filtering-and-url-rewriting>.
pub(super) fn refused(settings: &Settings<'_>, asked: &str) -> Option<Reason> {
    let lower = format!("/{}", asked.to_ascii_lowercase());
    let is_allowed = |(url, _): (&str, _)| url == lower || format!("/{url}") == lower;
    if settings.allowed_urls.entries().any(is_allowed) {
        return None;
    }
    let by_sequence = settings
        .sequences
        .entries()
        .find(|(sequence, _)| !sequence.is_empty() && lower.contains(sequence));
    by_sequence
        .map(|(_, entry)| entry.reason())
        .or_else(|| by_escaping(settings, asked))
        .or_else(|| by_extension(settings, &lower))
        .or_else(|| by_segment(settings, &lower))
        .or_else(|| by_rule(settings, &lower))
}

/// A path that decoding once more would change.
fn by_escaping(settings: &Settings<'_>, asked: &str) -> Option<Reason> {
    let allows = settings
        .escaping
        .is_some_and(|section| section.says("allowDoubleEscaping", "true"));
    let is_hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    let is_double = asked.match_indices('%').any(|(at, _)| {
        let digits = asked.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(is_hex)
    });
    (is_double && !allows).then(|| Reason::fact("IIS refuses URLs that are encoded twice"))
}

fn by_extension(settings: &Settings<'_>, lower: &str) -> Option<Reason> {
    let found = extension(lower);
    let key = if found.is_empty() { "." } else { found };
    if let Some(entry) = settings.extensions.get(key) {
        return entry
            .element
            .says("allowed", "false")
            .then(|| entry.reason());
    }
    if defaults::DENIED.contains(&key) && settings.extensions.keeps(key) {
        return Some(Reason::fact(format!(
            "IIS denies the extension {key} by default"
        )));
    }
    let section = settings.unlisted?;
    section
        .says("allowUnlisted", "false")
        .then(|| reason(section))
}

fn by_segment(settings: &Settings<'_>, lower: &str) -> Option<Reason> {
    lower
        .split('/')
        .filter(|segment| !segment.is_empty())
        .find_map(|segment| {
            if let Some(entry) = settings.hidden.get(segment) {
                return Some(entry.reason());
            }
            let is_default = defaults::HIDDEN.contains(&segment) && settings.hidden.keeps(segment);
            is_default.then(|| Reason::fact(format!("IIS hides {segment} by default")))
        })
}

/// `<filteringRule scanUrl="true">` with `<denyStrings>`.
fn by_rule(settings: &Settings<'_>, lower: &str) -> Option<Reason> {
    settings.filters.entries().find_map(|(_, entry)| {
        let rule = entry.element;
        let extensions = rule.at(&["appliesTo", "add"]);
        let applies = extensions.is_empty()
            || extensions.iter().any(|add| {
                add.get("fileExtension")
                    .is_some_and(|of| of.eq_ignore_ascii_case(extension(lower)))
            });
        if !applies || !rule.says("scanUrl", "true") {
            return None;
        }
        let denied = rule.at(&["denyStrings", "add"]);
        let found = denied.into_iter().find(|add| {
            let text = add.get("string").unwrap_or_default().to_ascii_lowercase();
            !text.is_empty() && lower.contains(&text)
        });
        found.map(reason)
    })
}

/// Why someone who has not logged in is refused.
///
/// IIS' own rules are for every file: <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/authorization/>;
/// those that deny go first, and everyone is allowed from the start.
pub(super) fn unauthorized(settings: &Settings<'_>) -> Option<Reason> {
    if let Some(section) = settings
        .anonymous
        .filter(|section| section.says("enabled", "false"))
    {
        return Some(reason(section));
    }
    if let Some(section) = settings
        .addresses
        .filter(|section| section.says("allowUnlisted", "false"))
    {
        return Some(reason(section));
    }
    let names_everyone = |users: &str| {
        let mut users = users.split(',').map(str::trim);
        users.any(|user| matches!(user, "*" | "?"))
    };
    let with = |access: &str| {
        let mut rules = settings.access.entries();
        let found = rules.find(|(users, entry)| {
            entry.element.says("accessType", access) && names_everyone(users)
        });
        found.map(|(_, entry)| entry)
    };
    if let Some(entry) = with("Deny") {
        return Some(entry.reason());
    }
    if settings.access.keeps("*") || with("Allow").is_some() {
        return None;
    }
    let of_rule = settings
        .access
        .entries()
        .next()
        .map(|(_, entry)| entry.reason());
    Some(of_rule.unwrap_or_else(|| Reason::fact("IIS lets no one in who is not named")))
}

/// ASP.NET's rules are for what ASP.NET handles, unless its modules run for every request:
/// <https://learn.microsoft.com/en-us/iis/get-started/planning-your-iis-architecture/understanding-iis-url-authorization>.
pub(super) fn unauthorized_by_aspnet(settings: &Settings<'_>, is_managed: bool) -> Option<Reason> {
    let runs_always = settings
        .all_managed
        .is_some_and(|section| section.says("runAllManagedModulesForAllRequests", "true"))
        || settings
            .modules
            .get("urlauthorization")
            .is_some_and(|entry| {
                !entry
                    .element
                    .get("preCondition")
                    .unwrap_or_default()
                    .contains("managedHandler")
            });
    if !is_managed && !runs_always {
        return None;
    }
    let rule = settings.managed.iter().find(|rule| {
        let users = rule.get("users").unwrap_or_default();
        let verbs = rule.get("verbs").unwrap_or_default();
        let for_get = verbs.is_empty() || verbs.split(',').any(|verb| verb.trim() == "GET");
        for_get
            && users
                .split(',')
                .any(|user| matches!(user.trim(), "*" | "?"))
    })?;
    (rule.name == "deny").then(|| reason(rule))
}
