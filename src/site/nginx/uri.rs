//! From a request target to the URI that locations are matched against.
//!
//! Follows `ngx_http_parse_complex_uri`:
//! <https://github.com/nginx/nginx/blob/master/src/http/ngx_http_parse.c>.

/// A request target, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Uri {
    /// Decoded once, dot segments resolved.
    pub(super) path: Vec<u8>,
    pub(super) args: Vec<u8>,
    /// Whether a `%` or a `+` occurs in the path, which makes nginx escape captures.
    pub(super) has_escapes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Usual,
    Slash,
    Dot,
    DotDot,
}

/// Nothing, if nginx answers 400 to it.
pub(super) fn parse(target: &[u8], merge_slashes: bool) -> Option<Uri> {
    if target.first() != Some(&b'/') || target.iter().any(|&byte| byte <= b' ' || byte == 0x7f) {
        return None;
    }
    let mut uri = Uri::default();
    let mut state = State::Usual;
    let mut at = 0;
    while at < target.len() {
        let mut byte = target[at];
        at += 1;
        let mut is_plain = false;
        match byte {
            b'%' => {
                let digits = target.get(at..at + 2)?;
                byte = hex(digits[0])? << 4 | hex(digits[1])?;
                at += 2;
                uri.has_escapes = true;
                if byte == 0 {
                    return None;
                }
                is_plain = matches!(byte, b'%' | b'#' | b'?');
            }
            b'?' | b'#' => {
                close(&mut uri.path, state)?;
                if byte == b'?' {
                    let args = target[at..].split(|&byte| byte == b'#').next();
                    uri.args = args.unwrap_or_default().to_vec();
                }
                return Some(uri);
            }
            b'+' => uri.has_escapes = true,
            _ => {}
        }
        if is_plain {
            state = State::Usual;
            uri.path.push(byte);
        } else {
            state = step(&mut uri.path, state, byte, merge_slashes)?;
        }
    }
    close(&mut uri.path, state)?;
    Some(uri)
}

fn step(path: &mut Vec<u8>, state: State, byte: u8, merge_slashes: bool) -> Option<State> {
    let next = match (state, byte) {
        (State::Slash, b'/') if merge_slashes => return Some(State::Slash),
        (State::Usual | State::Slash, b'/') => State::Slash,
        (State::Slash, b'.') => State::Dot,
        (State::Dot, b'/') => {
            path.pop();
            return Some(State::Slash);
        }
        (State::Dot, b'.') => State::DotDot,
        (State::DotDot, b'/') => {
            up(path)?;
            return Some(State::Slash);
        }
        _ => State::Usual,
    };
    path.push(byte);
    Some(next)
}

/// Takes `/x/..` from the end, and leaves the slash before `x`.
fn up(path: &mut Vec<u8>) -> Option<()> {
    let end = path.len().checked_sub(4)?;
    let slash = path[..=end].iter().rposition(|&byte| byte == b'/')?;
    path.truncate(slash + 1);
    Some(())
}

fn close(path: &mut Vec<u8>, state: State) -> Option<()> {
    match state {
        State::Dot => {
            path.pop();
        }
        State::DotDot => up(path)?,
        State::Usual | State::Slash => {}
    }
    Some(())
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

/// What `ngx_escape_uri` does to a capture that is put into arguments.
pub(super) fn escape_args(text: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for &byte in text {
        let must = byte <= b' ' || byte >= 0x7f || b"#%&+;?".contains(&byte);
        if must {
            escaped.extend(format!("%{byte:02X}").bytes());
        } else {
            escaped.push(byte);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(target: &str, merge: bool) -> Option<String> {
        let uri = parse(target.as_bytes(), merge)?;
        Some(String::from_utf8_lossy(&uri.path).into_owned())
    }

    #[test]
    fn targets_are_decoded_once_and_their_dots_resolved() {
        for (target, expected) in [
            ("/a//b", Some("/a/b")),
            ("/a/../b", Some("/b")),
            ("/a/%2e%2E/b", Some("/b")),
            ("/a%2f..%2fb", Some("/b")),
            ("/a../b", Some("/a../b")),
            ("/a/.", Some("/a/")),
            ("/a/..", Some("/")),
            ("/..", None),
            ("/a/../..", None),
            ("/%252e", Some("/%2e")),
            ("/a%00", None),
            ("/a%2", None),
            ("/a%3fb?c", Some("/a?b")),
            ("/.%65nv", Some("/.env")),
            ("/a/.?b", Some("/a/")),
            ("/a#b", Some("/a")),
            ("a", None),
        ] {
            assert_eq!(path(target, true).as_deref(), expected, "{target}");
        }
        assert_eq!(path("//a", false).as_deref(), Some("//a"));
        assert_eq!(path("//../a", false).as_deref(), Some("/a"));
    }
}
