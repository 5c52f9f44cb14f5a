//! `<IfVersion>`: the newest 2.4 is taken to run.

/// What the server is taken to be.
const VERSION: [u32; 3] = [2, 4, 66];

/// Whether `>= 2.4` holds; `None` for patterns.
pub(super) fn holds(args: &str) -> Option<bool> {
    let mut words = args.split_whitespace();
    let first = words.next()?.trim_start_matches('!');
    let (operator, version) = match words.next() {
        Some(version) => (first, version),
        None => ("=", first),
    };
    let mut wanted = [0; 3];
    let mut length = 0;
    for part in version.trim_matches('"').split('.') {
        *wanted.get_mut(length)? = part.parse().ok()?;
        length += 1;
    }
    let order = VERSION.cmp(&wanted);
    Some(match operator {
        "=" | "==" => VERSION[..length] == wanted[..length],
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn versions_are_compared() {
        assert_eq!(holds(">= 2.4"), Some(true));
        assert_eq!(holds("< 2.3.13"), Some(false));
        assert_eq!(holds("2.4"), Some(true));
        assert_eq!(holds("~ 2.[0-4]"), None);
    }
}
