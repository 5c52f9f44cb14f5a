//! Every notation in both directions, and what holds for any input.

mod notations;
mod parents;
mod properties;
mod refusals;

use super::Syntax;

/// A text without its marks, and what they stood around: `«name»`, `‹value›`.
struct Marked {
    text: String,
    name: std::ops::Range<usize>,
    value: std::ops::Range<usize>,
}

fn marked(written: &str) -> Marked {
    let mut text = String::new();
    let (mut name, mut value) = (0..0, 0..0);
    for letter in written.chars() {
        match letter {
            '«' => name.start = text.len(),
            '»' => name.end = text.len(),
            '‹' => value.start = text.len(),
            '›' => value.end = text.len(),
            _ => text.push(letter),
        }
    }
    Marked { text, name, value }
}
