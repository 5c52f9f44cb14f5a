//! The flags of a rule.

use super::Flags;

/// Reads `[L,R=301]`.
///
/// # Errors
/// Says which flag there is not.
pub(super) fn parse(text: &str) -> Result<Flags, String> {
    let mut flags = Flags::default();
    for flag in parts(text)? {
        let (key, value) = match flag.split_once('=') {
            Some((key, value)) => (key, value),
            None => (&*flag, ""),
        };
        set(&mut flags, &key.trim().to_ascii_lowercase(), value.trim())?;
    }
    Ok(flags)
}

/// The words in the brackets.
pub(super) fn parts(text: &str) -> Result<Vec<String>, String> {
    let inside = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let inside = inside.ok_or_else(|| "bad flag delimiters".to_owned())?;
    let words = inside.split(',').map(|word| word.trim().to_owned());
    Ok(words.filter(|word| !word.is_empty()).collect())
}

fn set(flags: &mut Flags, key: &str, value: &str) -> Result<(), String> {
    match key {
        "f" | "forbidden" => flags.status = Some(403),
        "g" | "gone" => flags.status = Some(410),
        "r" | "redirect" => redirect(flags, value)?,
        "l" | "last" => flags.is_last = true,
        "end" => flags.is_end = true,
        "n" | "next" => flags.is_next = true,
        "c" | "chain" => flags.is_chained = true,
        "s" | "skip" => flags.skip = value.parse().unwrap_or(0),
        "pt" | "passthrough" => flags.passes = true,
        "p" | "proxy" => flags.is_proxy = true,
        "ns" | "nosubreq" => flags.not_in_subrequests = true,
        "qsa" | "qsappend" => flags.appends_query = true,
        "qsd" | "qsdiscard" => flags.drops_query = true,
        "qsl" | "qslast" => flags.last_question_mark = true,
        "b" | "backrefescaping" => flags.escapes = true,
        "unsafeallow3f" => flags.allows_question_mark = true,
        "unsafeprefixstat" | "unsafeprefixstatus" => flags.trusts_prefix = true,
        "dpi" | "discardpath" | "discardpathinfo" => flags.drops_path_info = true,
        "unc" => flags.keeps_slashes = true,
        "nc" | "nocase" => flags.ignores_case = true,
        "h" | "handler" => flags.handler = Some(value.to_ascii_lowercase()),
        "t" | "type" => flags.content_type = Some(value.to_ascii_lowercase()),
        "e" | "env" => flags.env.push(value.to_owned()),
        "ne" | "noescape" | "co" | "cookie" | "bnp" | "bctls" | "bne" => {}
        _ => return Err(format!("RewriteRule: unknown flag '{key}'")),
    }
    Ok(())
}

fn redirect(flags: &mut Flags, value: &str) -> Result<(), String> {
    let status = match &*value.to_ascii_lowercase() {
        "" | "temp" => 302,
        "permanent" => 301,
        "seeother" => 303,
        number => number
            .parse()
            .ok()
            .filter(|status| (100..600).contains(status))
            .ok_or_else(|| format!("RewriteRule: invalid HTTP response code '{value}'"))?,
    };
    if (300..400).contains(&status) {
        flags.redirect = Some(status);
    } else {
        flags.status = Some(status);
    }
    Ok(())
}
