use proptest::prelude::*;

use super::*;

fn text(template: &str) -> String {
    String::from_utf8(render(template, 1).unwrap().text).unwrap()
}

fn secret(template: &str) -> String {
    let example = render(template, 1).unwrap();
    String::from_utf8(example.text[example.secret.unwrap()].to_vec()).unwrap()
}

fn reason(template: &str) -> (usize, String) {
    let error = render(template, 1).unwrap_err();
    (error.at, error.reason)
}

#[test]
fn other_braces_are_text() {
    for same in [
        r#"{"a":{"b":1}}"#,
        "${HOME} {{ x|default }} {port:587} {hex:} {hex:3x}",
        "}{ {@} {=|x} {nothing|x}",
        "",
    ] {
        assert_eq!(text(same), same);
    }
}

#[test]
fn the_first_line_may_be_a_path() {
    let example = render("@config/.env\nA=1\n@b\n", 1).unwrap();
    assert_eq!(example.path, "config/.env");
    assert_eq!(example.text, b"A=1\n@b\n");
    let example = render("@config/.env", 1).unwrap();
    assert_eq!(
        (example.path.as_str(), example.text.as_slice()),
        ("example.txt", b"@config/.env".as_slice())
    );
    assert_eq!(render("@a\r\nb", 1).unwrap().path, "a");
}

#[test]
fn classes_draw_from_their_alphabets() {
    for (class, allowed) in [
        ("hex", "0123456789abcdef"),
        ("HEX", "0123456789ABCDEF"),
        ("digit", "0123456789"),
        ("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    ] {
        let drawn = text(&format!("{{{class}:2000}}"));
        assert_eq!(drawn.len(), 2000);
        assert!(drawn.chars().all(|c| allowed.contains(c)), "{class}");
        assert!(allowed.chars().all(|c| drawn.contains(c)), "{class}");
    }
    assert!(!text("{base58:5000}").contains(['0', 'O', 'I', 'l']));
    assert!(text("{base64:5000}").contains(['+', '/']));
    assert!(text("{base64url:5000}").contains(['-', '_']));
}

#[test]
fn encodings_nest() {
    assert_eq!(text("{b64|api:x}"), "YXBpOng=");
    assert_eq!(text("{b64url|{hexenc|?>}}"), "M2YzZQ");
    assert_eq!(text(r#"{b64|{"a":1}}!"#), "eyJhIjoxfQ==!");
    assert_eq!(text("{pct|a@b}"), "a%40b");
    assert_eq!(text("s:{len|{=k|über}}:\"{@k}\";"), "s:5:\"über\";");
    assert_eq!(text("x_{crc62|123456789}").len(), "x_123456789".len() + 6);
}

#[test]
fn the_secret_is_what_stands_in_the_file() {
    assert_eq!(secret("KEY=⟦abc⟧ # x"), "abc");
    assert_eq!(secret("Basic {b64|api:⟦x⟧};"), "YXBpOng=");
    assert_eq!(secret("{pct|{b64|api:⟦x⟧}}"), "YXBpOng%3D");
    assert_eq!(secret("⟦t_{crc62|{=a|abc}}⟧ {@a}").len(), 11);
    assert_eq!(secret("{crc62|a⟦bc⟧}"), "bc");
    assert_eq!(render("abc", 1).unwrap().secret, None);
}

#[test]
fn a_remembered_secret_is_marked_once() {
    let example = render("{=k|⟦{hex:8}⟧} {@k}", 1).unwrap();
    assert_eq!(example.secret, Some(0..8));
    assert_eq!(example.text[..8], example.text[9..]);
}

#[test]
fn mistakes_are_named() {
    assert_eq!(reason("a⟦b").0, 1);
    assert_eq!(reason("a⟧b").0, 1);
    assert_eq!(reason("{b64|{a}").0, 0);
    assert!(reason("x {@a}").1.contains("remember it first"));
    assert!(reason("⟦a⟧⟦b⟧").1.contains("second"));
    assert!(reason("⟦a⟦b⟧⟧").1.contains("second"));
    assert!(reason("{hex:0}").1.contains("1 to"));
    assert!(reason("{hex:99999999999999999999999}").1.contains("1 to"));
    assert!(reason(&"{b64|".repeat(99)).1.contains("brackets within"));
}

#[test]
fn doubling_is_bounded() {
    let doubling: String = (b'b'..=b'z')
        .map(|c| {
            let (before, this) = (char::from(c - 1), char::from(c));
            format!("{{={this}|{{@{before}}}{{@{before}}}}}")
        })
        .collect();
    let (_, reason) = reason(&format!("{{=a|{{hex:9999}}}}{doubling}"));
    assert!(reason.contains("longer than"), "{reason}");
}

proptest! {
    #[test]
    fn any_text_renders_or_is_refused(template in r"[\{\}⟦⟧=@|:a-e0-9xb6lenhpct\n]{0,60}", seed: u64) {
        let rendered = render(&template, seed);
        prop_assert_eq!(&rendered, &render(&template, seed));
        match rendered {
            Ok(example) => {
                if let Some(secret) = example.secret {
                    prop_assert!(example.text.get(secret).is_some());
                }
            }
            Err(error) => prop_assert!(template.is_char_boundary(error.at)),
        }
    }

    #[test]
    fn text_without_brackets_is_itself(template in r"[^@\{⟦⟧][^\{⟦⟧]{0,80}", seed: u64) {
        let example = render(&template, seed).unwrap();
        prop_assert_eq!(example.text, template.as_bytes());
    }

    #[test]
    fn the_seed_decides(seed: u64, other: u64) {
        prop_assume!(seed != other);
        prop_assert_ne!(render("{hex:32}", seed).unwrap().text, render("{hex:32}", other).unwrap().text);
    }
}
