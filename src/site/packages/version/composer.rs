//! Versions as Composer writes them down before it compares them as PHP does:
//! <https://github.com/composer/semver/blob/main/src/VersionParser.php>.

/// Stands for `x` in the name of a branch.
const ANY: &str = "9999999";

/// Four numbers and what follows them: `1.2` → `1.2.0.0`, `v2.0-RC1` → `2.0.0.0-RC1`. Nothing for the branches
/// (`dev-main`), of which nobody knows the version.
pub fn normalize(version: &str) -> Option<String> {
    let version = version.trim();
    let version = version.split(" as ").next()?;
    let version = version.split(['@', '+']).next()?.trim();
    let digits = version
        .strip_prefix(['v', 'V'])
        .unwrap_or(version)
        .to_ascii_lowercase();
    let core = digits.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'x' | '*')));
    let (core, suffix) = digits.split_at(core.unwrap_or(digits.len()));
    if !core.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let core = core.trim_end_matches('.');
    let mut numbers: Vec<&str> = core.split('.').collect();
    let is_branch = numbers.iter().any(|number| matches!(*number, "x" | "*"));
    if is_branch {
        numbers.retain(|number| !matches!(*number, "x" | "*"));
    }
    let are_numbers = numbers
        .iter()
        .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    if !are_numbers {
        return None;
    }
    while numbers.len() < 4 {
        numbers.push(if is_branch { ANY } else { "0" });
    }
    let numbers = numbers.join(".");
    if is_branch {
        return matches!(suffix, "" | "-dev").then(|| format!("{numbers}-dev"));
    }
    Some(numbers + &stability(suffix)?)
}

/// `-beta.2`, `RC1`, `-p3`, `-alpha2-dev`, in one spelling.
fn stability(suffix: &str) -> Option<String> {
    let (suffix, is_dev) = match suffix.strip_suffix("dev") {
        Some(rest) => (rest.trim_end_matches(['.', '-']), true),
        None => (suffix, false),
    };
    let suffix = suffix.trim_start_matches(['.', '-', '_']);
    let end = suffix
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(suffix.len());
    let (word, number) = suffix.split_at(end);
    let word = match word {
        "" | "stable" => "",
        "a" | "alpha" => "-alpha",
        "b" | "beta" => "-beta",
        "rc" => "-RC",
        "p" | "pl" | "patch" => "-patch",
        _ => return None,
    };
    let is_number = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if !is_number || (word.is_empty() && !number.is_empty()) {
        return None;
    }
    let number = if word.is_empty() {
        ""
    } else {
        number.trim_start_matches(['.', '-'])
    };
    Some(format!(
        "{word}{number}{}",
        if is_dev { "-dev" } else { "" }
    ))
}
