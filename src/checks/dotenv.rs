//! Reads `.env` files as <https://github.com/vlucas/phpdotenv> and its like do: one name with a value on each line.

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting<'t> {
    pub(super) name: &'t str,
    pub(super) value: &'t str,
    /// From 1.
    pub(super) line: u32,
}

/// The settings of a file, in order.
pub(super) struct DotEnv<'t> {
    settings: Vec<Setting<'t>>,
}

impl<'t> DotEnv<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines();
        let settings = (1..).zip(lines).filter_map(|(line, text)| {
            let text = text.trim();
            let text = text.strip_prefix("export ").unwrap_or(text).trim_start();
            let (name, value) = text.split_once('=')?;
            let name = name.trim_end();
            let is_name = !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
            is_name.then(|| Setting {
                name,
                value: unquoted(value.trim()),
                line,
            })
        });
        Self {
            settings: settings.collect(),
        }
    }

    /// The last setting of a name counts.
    pub(super) fn get(&self, name: &str) -> Option<&Setting<'t>> {
        self.settings.iter().rev().find(|have| have.name == name)
    }

    /// Its value, empty where it is not set.
    pub(super) fn value(&self, name: &str) -> &'t str {
        self.get(name).map_or("", |setting| setting.value)
    }

    /// Whether Laravel's `env()` and `(bool)` make true of it.
    pub(super) fn is_on(&self, name: &str) -> bool {
        let value = self.value(name).to_ascii_lowercase();
        !matches!(
            value.as_str(),
            "" | "false" | "(false)" | "0" | "null" | "(null)" | "empty" | "(empty)"
        ) && matches!(value.as_str(), "true" | "(true)" | "1" | "on" | "yes")
    }

    /// Whether it says of itself that it runs for others: by its environment, or by the address.
    pub(super) fn is_public(&self) -> bool {
        let environment = self.value("APP_ENV").to_ascii_lowercase();
        let names = ["production", "prod", "live", "staging", "stage"];
        names.contains(&environment.as_str()) || is_public_url(self.value("APP_URL"))
    }
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inside) = value.strip_prefix(quote) {
            return inside.split(quote).next().unwrap_or_default();
        }
    }
    let end = value.find(" #").unwrap_or(value.len());
    value[..end].trim_end()
}

/// Whether a URL leads to a host that others can ask.
fn is_public_url(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let end = rest.find(['/', ':', '?']).unwrap_or(rest.len());
    let host = rest[..end].to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    let is_own = [
        "localhost",
        "test",
        "local",
        "localdomain",
        "internal",
        "lan",
        "example",
        "invalid",
    ];
    let is_sample = ["example.com", "example.org", "example.net"];
    host.contains('.')
        && !is_number
        && !is_own.contains(&last)
        && !is_sample.iter().any(|sample| host.ends_with(sample))
        && !host.contains(['$', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_frameworks_do() {
        let env = DotEnv::new("# A=1\nexport B = \"x # y\"\nC=1 # yes\nB2='z'\nC=false\n=5\n");
        assert_eq!(env.value("B"), "x # y");
        assert_eq!(env.value("C"), "false");
        assert_eq!(env.get("C").map(|setting| setting.line), Some(5));
        assert_eq!(env.value("A"), "");
        assert!(!env.is_on("C"));
    }

    #[test]
    fn public_is_what_others_can_ask() {
        let is_public = |text: &str| DotEnv::new(text).is_public();
        assert!(is_public("APP_ENV=production"));
        assert!(is_public("APP_URL=https://shop.acme.io/x"));
        for own in [
            "http://localhost:8000",
            "http://app.test",
            "http://127.0.0.1",
            "http://example.com",
            "https://${HOST}.io",
            "localhost",
        ] {
            assert!(
                !is_public(&format!("APP_ENV=local\nAPP_URL={own}")),
                "{own}"
            );
        }
    }
}
