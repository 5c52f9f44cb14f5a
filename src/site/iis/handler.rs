//! Which handler a request goes to:
//! <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/handlers/>.

use crate::finding::Reason;
use crate::site::ignored::matches_part;

use super::collection::reason;
use super::defaults;
use super::filter::extension;
use super::settings::Settings;
use crate::site::lex::xml::Element;

/// What becomes of a request.
pub(super) enum Handler {
    /// A file of a type that is known is sent.
    Static,
    /// A file of any type is sent.
    Sent(Reason),
    /// A program that is for such files runs it.
    Script(Reason),
    /// An application gets the request, whatever file there is.
    Application(Reason),
    /// An ASP.NET Core application gets the request, and sends files from `wwwroot`.
    Core(Reason),
    /// Nothing is sent.
    Refused(Reason),
}

/// The handler for a path relative to the site's root.
pub(super) fn handler(settings: &Settings<'_>, path: &str, is_file: bool) -> Handler {
    let has_access = |word: &str| {
        let policy = settings
            .policy
            .and_then(|section| section.get("accessPolicy"));
        policy.is_none_or(|policy| {
            let mut words = policy.split([',', ' ']);
            words.any(|have| have.eq_ignore_ascii_case(word))
        })
    };
    let refused = || {
        let of_policy = settings.policy.map(reason);
        Handler::Refused(of_policy.unwrap_or_else(|| Reason::fact("no handler is left for it")))
    };
    let mut entries = settings.handlers.entries().map(|(_, entry)| entry.element);
    if let Some(element) = entries.find(|element| fits(element, path, is_file)) {
        let found = configured(element);
        let needs = if matches!(found, Handler::Static | Handler::Sent(_)) {
            "Read"
        } else {
            "Script"
        };
        let is_open = element.says("requireAccess", "None") || has_access(needs);
        return if is_open { found } else { refused() };
    }
    let found = extension(path).to_ascii_lowercase();
    let is_script = defaults::SCRIPTS.contains(&found.as_str());
    if is_script && !settings.handlers.is_cleared() {
        return if has_access("Script") {
            Handler::Script(Reason::fact(format!(
                "IIS gives {found} to what is installed for it, and sends it to no one otherwise"
            )))
        } else {
            refused()
        };
    }
    let is_left = settings.handlers.keeps("StaticFile");
    if is_left && has_access("Read") {
        Handler::Static
    } else {
        refused()
    }
}

fn fits(element: &Element, path: &str, is_file: bool) -> bool {
    let verbs = element.get("verb").unwrap_or("*");
    let for_get = verbs
        .split(',')
        .any(|verb| matches!(verb.trim(), "*" | "GET"));
    let of_type = match element.get("resourceType") {
        Some("Directory") => false,
        Some("File" | "Either") => is_file,
        // Scripts of FastCGI say so; the others take requests without a file as well.
        _ => true,
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    let named = |pattern: &str| {
        let pattern = pattern.trim().trim_start_matches('/').to_ascii_lowercase();
        let lower = path.to_ascii_lowercase();
        match pattern.as_str() {
            "*" => true,
            // Names without an extension.
            "*." => !name.contains('.'),
            _ if pattern.contains('/') => matches_part(&pattern, &lower),
            _ => matches_part(&pattern, &name.to_ascii_lowercase()),
        }
    };
    let patterns = element.get("path").unwrap_or_default();
    for_get && of_type && patterns.split(',').any(named)
}

fn configured(element: &Element) -> Handler {
    let here = reason(element);
    let modules = element.get("modules").unwrap_or_default();
    let managed = element.get("type").unwrap_or_default();
    let first = managed.split(',').next().unwrap_or_default().trim();
    if modules.contains("StaticFileModule") {
        return Handler::Static;
    }
    if modules.starts_with("AspNetCoreModule") {
        return Handler::Core(here);
    }
    match first {
        "System.Web.StaticFileHandler" => return Handler::Sent(here),
        "System.Web.HttpForbiddenHandler"
        | "System.Web.HttpNotFoundHandler"
        | "System.Web.HttpMethodNotAllowedHandler"
        | "System.Web.Handlers.BlockViewHandler"
        | "System.Web.HttpNotImplementedHandler"
        | "System.Web.Mvc.BlockViewHandler" => return Handler::Refused(here),
        _ => {}
    }
    let path = element.get("path").unwrap_or_default();
    if path
        .split(',')
        .any(|pattern| matches!(pattern.trim(), "*" | "*."))
    {
        Handler::Application(here)
    } else {
        Handler::Script(here)
    }
}
