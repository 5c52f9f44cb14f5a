//! What of a secret a text gives away.

/// So many consecutive bytes are a leak.
const WINDOW: usize = 6;

/// All stretches of a text that are long enough to be a leak.
pub(crate) fn stretches_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.windows(WINDOW)
}

/// The same of several texts.
pub(crate) fn stretches<'t, C: FromIterator<&'t [u8]>>(texts: &'t [Vec<u8>]) -> C {
    texts.iter().flat_map(|text| stretches_of(text)).collect()
}

/// Takes out the key id where it stands alone; as the end of more of the key it stays in.
pub(crate) fn without_key_id(report: &str, id: &str) -> String {
    let mut out = String::new();
    let mut rest = report;
    while let Some(at) = rest.find(id) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let stands_alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        if !stands_alone {
            out.push_str(id);
        }
        rest = &after[id.len()..];
    }
    out + rest
}
