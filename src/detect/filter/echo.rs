//! A value that only repeats its name: `password = "password"`, `apiKey: "api-key"`.

/// Shorter values repeat the end of a name by chance: `client_id = "id"` is none, but neither a secret.
const MIN_SHARED: usize = 4;

/// Whether the value says no more than the name does: it is the name, or the last words of it, or ends
/// with all of it, in any case and with words joined in any way.
pub fn echoes_name(name: &[u8], value: &[u8]) -> bool {
    let same = fold(name).eq(fold(value));
    let value_len = fold(value).count();
    same && value_len > 0
        || value_len >= MIN_SHARED && ends_with_words(name, value)
        || fold(name).count() >= MIN_SHARED && ends_with_words(value, name)
}

/// Letters and digits, from the last to the first, in lower case.
fn fold(text: &[u8]) -> impl Iterator<Item = u8> + '_ {
    text.iter()
        .rev()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(u8::to_ascii_lowercase)
}

/// Whether `whole` ends with the letters of `end`, and a word starts there.
fn ends_with_words(whole: &[u8], end: &[u8]) -> bool {
    let mut expected = fold(end).peekable();
    for (at, &byte) in whole.iter().enumerate().rev() {
        if !byte.is_ascii_alphanumeric() {
            continue;
        }
        if expected.next() != Some(byte.to_ascii_lowercase()) {
            return false;
        }
        if expected.peek().is_none() {
            return starts_word(whole, at);
        }
    }
    false
}

fn starts_word(text: &[u8], at: usize) -> bool {
    match at.checked_sub(1).map(|before| text[before]) {
        None => true,
        Some(before) if !before.is_ascii_alphanumeric() => true,
        Some(before) => before.is_ascii_lowercase() && text[at].is_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn echoes() {
        for (name, value) in [
            ("password", "password"),
            ("DB_PASSWORD", "password"),
            ("apiKey", "api-key"),
            ("API_KEY", "apiKey"),
            ("secret", "app_secret"),
            ("token", "userToken"),
            ("key", "Key"),
        ] {
            assert!(
                echoes_name(name.as_bytes(), value.as_bytes()),
                "{name}={value}"
            );
        }
    }

    #[test]
    fn no_echoes() {
        for (name, value) in [
            ("password", "hunter2"),
            ("secret", "mysecret"),
            ("password", ""),
            ("", ""),
            ("client_id", "id"),
            ("pass", "sword"),
            ("db_password", "word"),
            ("key", "monkey"),
        ] {
            assert!(
                !echoes_name(name.as_bytes(), value.as_bytes()),
                "{name}={value}"
            );
        }
    }
}
