//! Texts that nobody scanned: what a person wrote, or a provider answered.

/// Runs of characters of keys from this length on may be one: Mailgun's are 36 and more.
const KEY_LEN: usize = 32;

/// The same without control characters, and with a mask for each run of characters that is long enough to be a key.
pub fn without_keys(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_+/=".contains(c);
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if is_part(c) {
            run.push(c);
            continue;
        }
        out.push_str(if run.len() < KEY_LEN { &run } else { "****" });
        run.clear();
        out.push(if c.is_control() { ' ' } else { c });
    }
    out.pop();
    out
}
