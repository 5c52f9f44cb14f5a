use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;

const ESCAPES: [Decoder; 5] = [
    Decoder::Percent,
    Decoder::Html,
    Decoder::JsonEscape,
    Decoder::PhpEscape,
    Decoder::PhpSerialize,
];

fn decoded(text: &[u8], trigger: &str, decoder: Decoder) -> String {
    let at = memchr::memmem::find(text, trigger.as_bytes()).unwrap();
    let decoded = around(text, at, decoder).unwrap();
    String::from_utf8(decoded.bytes).unwrap()
}

/// Where `part` of the decoded text stands in the encoded one.
fn source_of<'t>(text: &'t [u8], decoded: &Decoded, part: &str) -> &'t [u8] {
    let at = memchr::memmem::find(&decoded.bytes, part.as_bytes()).unwrap();
    &text[decoded.source_span(at..at + part.len())]
}

#[test]
fn percent_stays_in_its_word() {
    let text = b"a %41 smtp%3A%2F%2Fme%40x:p+w%zz b%41";
    assert_eq!(decoded(text, "%3A", Decoder::Percent), "smtp://me@x:p+w%zz");
}

#[test]
fn html_knows_names_and_numbers() {
    let text = b"x\r\n<td>{&quot;a&quot;:&#34;b&#x22; &amp;&nbsp;&lt;&eacute; &#x1F600; &#0; &#99999999;\r\ny";
    assert_eq!(
        decoded(text, "&quot;", Decoder::Html),
        "<td>{\"a\":\"b\" & <&eacute; \u{1f600} &#0; &#99999999;"
    );
}

#[test]
fn json_escapes() {
    let text = br#"{"env":"DB_PASSWORD=a\\b\r\nAPP_KEY=\"c\"\u003d\ud83d\ude00 \ud83d \u00","u":"https:\/\/x"}"#;
    let expected = "{\"env\":\"DB_PASSWORD=a\\b\r\nAPP_KEY=\"c\"=\u{1f600} \\ud83d \\u00\",\"u\":\"https://x\"}";
    assert_eq!(decoded(text, "\\nAPP_", Decoder::JsonEscape), expected);
    assert_eq!(decoded(text, ":\\/\\/", Decoder::JsonEscape), expected);
}

#[test]
fn php_escapes() {
    let text = br#"$k = "\x6bey\160\141\u{73}\e\$x\8\x";"#;
    assert_eq!(
        decoded(text, "\\x6", Decoder::PhpEscape),
        "$k = \"keypas\u{1b}$x\\8\\x\";"
    );
}

#[test]
fn an_escape_is_covered_whole() {
    let text = b"p=a%40b";
    let decoded = around(text, 3, Decoder::Percent).unwrap();
    assert_eq!(source_of(text, &decoded, "@"), b"%40");
    assert_eq!(source_of(text, &decoded, "a@"), b"a%40");
    assert_eq!(source_of(text, &decoded, "b"), b"b");
    assert_eq!(decoded.source_span(0..100), 0..7);
    assert_eq!(decoded.source_span(100..100), 7..7);
}

#[test]
fn nothing_to_decode_is_none() {
    assert_eq!(around(b"100%3", 3, Decoder::Percent), None);
    assert_eq!(around(b"&#3x;", 0, Decoder::Html), None);
    assert_eq!(around(b"\\u00zz", 0, Decoder::JsonEscape), None);
    assert_eq!(around(b"abc", 3, Decoder::JsonEscape), None);
}

#[test]
fn a_cut_region_does_not_start_inside_of_an_escape() {
    let mut text = b"\\\\".repeat(2000);
    text.extend_from_slice(b"a\\\":");
    let at = text.len() - 3;
    let decoded = around(&text, at, Decoder::JsonEscape).unwrap();
    assert!(decoded.bytes.ends_with(b"a\":"));
}

#[test]
fn every_trigger_is_long_enough_and_decodes() {
    for &(trigger, decoder) in TRIGGERS {
        assert!(trigger.len() >= 3, "{trigger}");
        let text = match decoder {
            Decoder::PhpSerialize => "a:1:{s:1:\"a\";s:1:\"b\";}".to_owned(),
            _ => format!("{trigger}1}}"),
        };
        let at = text.find(trigger).unwrap();
        assert!(around(text.as_bytes(), at, decoder).is_some(), "{trigger}");
    }
}

fn run_at(text: &str, encoded: &str) -> Option<Decoded> {
    let at = text.find(encoded).unwrap();
    run(text.as_bytes(), at..at + encoded.len())
}

#[test]
fn base64_of_credentials_is_decoded() {
    let encoded = STANDARD_NO_PAD.encode("api:some-password-of-mine");
    let text = format!("Authorization: Basic {encoded}==");
    let decoded = run_at(&text, &encoded).unwrap();
    assert_eq!(decoded.bytes, b"api:some-password-of-mine");
    assert_eq!(decoded.decoder, Decoder::Base64);
    assert_eq!(&text[decoded.source], encoded);
}

#[test]
fn a_run_after_an_escape_starts_after_its_letter() {
    let encoded = STANDARD_NO_PAD.encode("user:password of the user");
    let text = format!("x\\n{encoded}");
    let decoded = run(text.as_bytes(), 2..text.len()).unwrap();
    assert_eq!(decoded.bytes, b"user:password of the user");
}

#[test]
fn utf16_of_powershell_is_narrowed() {
    let script = "$p = 'Winter2024'; echo \u{20ac}";
    let wide: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = STANDARD.encode(&wide);
    let decoded = run(encoded.as_bytes(), 0..encoded.trim_end_matches('=').len()).unwrap();
    assert_eq!(decoded.bytes, b"$p = 'Winter2024'; echo ?");
    assert_eq!(decoded.source_span(0..3), 0..8);
}

#[test]
fn text_before_bytes_is_decoded_and_the_bytes_are_left() {
    let plain = "password=of the user\n".repeat(400);
    let encoded = STANDARD_NO_PAD.encode([plain.as_bytes(), &[1; 9000]].concat());
    let lines: Vec<&[u8]> = encoded.as_bytes().chunks(76).collect();
    for text in [lines.join(&b'\n'), encoded.clone().into_bytes()] {
        let first = memchr::memchr(b'\n', &text).unwrap_or(text.len());
        let decoded = run(&text, 0..first).unwrap();
        assert_eq!(
            decoded.bytes[..plain.len() - 3000],
            plain.as_bytes()[..plain.len() - 3000]
        );
        assert!(decoded.bytes.len() < plain.len() + 3000);
    }
}

#[test]
fn wrapped_lines_are_joined() {
    let plain = "password=".to_owned() + &"0123456789 ".repeat(20);
    let encoded = STANDARD.encode(&plain);
    for line_break in ["\n", "\r\n    ", "\\n"] {
        let lines: Vec<&str> = encoded
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let text = format!("key: {}\nnext", lines.join(line_break));
        let decoded = run(text.as_bytes(), 5..81).unwrap();
        assert_eq!(decoded.bytes, plain.as_bytes());
        let start = decoded.source_span(56..58).start;
        let end = decoded.source_span(56..58).end;
        assert!(text[start..end].contains(line_break), "{line_break:?}");
    }
}

#[test]
fn the_next_key_is_not_the_next_line() {
    let encoded = STANDARD.encode("password of thirty-six characters !!");
    let text = format!("{encoded}\n  username: x");
    let decoded = run(text.as_bytes(), 0..encoded.len()).unwrap();
    assert_eq!(decoded.source, 0..encoded.len());
}

#[test]
fn names_paths_and_binary_are_not_decoded() {
    for text in [
        "some_rather_long_identifier_name",
        "usr/local/share/applications/mime",
        "vendor/package-name/src/Some/ClassName",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d41d8cd98f00b204e9800998ecf8427e",
        "AAAAB3NzaC1yc2EAAAADAQABAAABAQ",
    ] {
        assert_eq!(run(text.as_bytes(), 0..text.len()), None, "{text}");
    }
}

#[test]
fn hex_of_text_is_decoded() {
    let encoded: String = b"password=abc"
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    let decoded = run(encoded.as_bytes(), 0..encoded.len()).unwrap();
    assert_eq!(decoded.bytes, b"password=abc");
    assert_eq!(decoded.source_span(9..12), 18..24);
}

#[test]
fn long_runs_are_decoded_in_pieces() {
    let encoded = STANDARD_NO_PAD.encode("some text ".repeat(200_000));
    let first = run(encoded.as_bytes(), 0..encoded.len()).unwrap();
    assert_eq!(first.source, 0..1 << 20);
    let second = run(encoded.as_bytes(), first.source.end..encoded.len()).unwrap();
    assert_eq!(second.source, 1 << 20..2 << 20);
}

#[test]
fn assigned_values() {
    let of = |text: &str| {
        value(text.as_bytes(), 0..text.len())
            .map(|decoded| String::from_utf8(decoded.bytes).unwrap())
    };
    assert_eq!(of(&STANDARD.encode("hunter2")).as_deref(), Some("hunter2"));
    assert_eq!(
        of(&STANDARD.encode("hunter2\n")).as_deref(),
        Some("hunter2\n")
    );
    assert_eq!(
        of(&STANDARD.encode("correct horse")).as_deref(),
        Some("correct horse")
    );
    assert_eq!(of("70617373776f7264").as_deref(), Some("password"));
    for plain in [
        "password",
        "Passw0rd",
        "postgres",
        "abcdefgh",
        "0000000000000000",
        "hunter2=",
        "a=====",
    ] {
        assert_eq!(of(plain), None, "{plain}");
    }
}

type Encode = fn(&str) -> String;

fn percent(plain: &str) -> String {
    plain.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn html(plain: &str) -> String {
    plain
        .chars()
        .map(|character| format!("&#{};", u32::from(character)))
        .collect()
}

fn json(plain: &str) -> String {
    let mut units = [0; 2];
    plain
        .chars()
        .flat_map(|character| character.encode_utf16(&mut units).to_vec())
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

fn php(plain: &str) -> String {
    plain.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// The encoded bytes of a stretch decode to that stretch, and to no more.
fn is_exact(text: &str, decoded: &Decoded, part: Range<usize>, encode: Encode) {
    let plain = String::from_utf8(decoded.bytes[part.clone()].to_vec()).unwrap();
    assert_eq!(&text[decoded.source_span(part)], encode(&plain));
}

proptest! {
    #[test]
    fn escapes_come_back(before in "[a-z]{0,9}", plain in "[^\0]{1,40}", after in "[a-z]{0,9}", cut in any::<prop::sample::Index>()) {
        let cases: [(Decoder, Encode); 4] = [
            (Decoder::Percent, percent),
            (Decoder::Html, html),
            (Decoder::JsonEscape, json),
            (Decoder::PhpEscape, php),
        ];
        let boundaries: Vec<usize> = (0..=plain.len()).filter(|&at| plain.is_char_boundary(at)).collect();
        let middle = boundaries[cut.index(boundaries.len())];
        for (decoder, encode) in cases {
            let text = format!("{before}{}{after}", encode(&plain));
            let decoded = around(text.as_bytes(), before.len(), decoder).unwrap();
            prop_assert_eq!(decoded.bytes.clone(), format!("{before}{plain}{after}").into_bytes());
            let start = before.len();
            is_exact(&text, &decoded, start..start + middle, encode);
            is_exact(&text, &decoded, start + middle..start + plain.len(), encode);
        }
    }

    #[test]
    fn base64_comes_back(plain in "[ -~]{24,200}", from in any::<prop::sample::Index>(), len in 1usize..20) {
        for encoded in [STANDARD_NO_PAD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)] {
            let text = format!("= {encoded}");
            let decoded = run(text.as_bytes(), 2..text.len()).unwrap();
            prop_assert_eq!(&decoded.bytes, plain.as_bytes());
            let start = from.index(plain.len());
            let end = plain.len().min(start + len);
            let span = decoded.source_span(start..end);
            prop_assert_eq!(span, 2 + start * 4 / 3..2 + (end * 4).div_ceil(3));
        }
    }

    #[test]
    fn hex_comes_back(plain in "[ -~]{12,99}", from in any::<prop::sample::Index>()) {
        let encoded: String = plain.bytes().map(|byte| format!("{byte:02x}")).collect();
        let decoded = run(encoded.as_bytes(), 0..encoded.len()).unwrap();
        prop_assert_eq!(&decoded.bytes, plain.as_bytes());
        let start = from.index(plain.len());
        prop_assert_eq!(decoded.source_span(start..start + 1), start * 2..start * 2 + 2);
    }

    #[test]
    fn any_bytes_are_survived(text in prop::collection::vec(any::<u8>(), 0..200), from in 0usize..200, to in 0usize..220) {
        for decoder in ESCAPES {
            spans_are_inside(&text, around(&text, from, decoder));
        }
        if from <= to {
            spans_are_inside(&text, run(&text, from..to));
            spans_are_inside(&text, value(&text, from..to));
        }
    }

    #[test]
    fn likely_bytes_are_survived(text in r#"([asO]:|\\|"|;s:|[0-9]|\{|\}|:|\\"|\\u[0-9a-f]{0,4}|&#?x?[0-9]{0,9};?|%[0-9a-f]?|\n|[A-Za-z0-9+/=]{30}){0,60}"#) {
        let text = text.as_bytes();
        for at in 0..text.len() {
            for decoder in ESCAPES {
                spans_are_inside(text, around(text, at, decoder));
            }
            spans_are_inside(text, run(text, at..text.len()));
        }
    }
}

fn spans_are_inside(text: &[u8], decoded: Option<Decoded>) {
    let Some(decoded) = decoded else { return };
    assert!(decoded.source.end <= text.len());
    let mut last = decoded.source.start;
    for at in 0..decoded.bytes.len() {
        let span = decoded.source_span(at..at + 1);
        assert!(span.start <= span.end && decoded.source.start <= span.start);
        assert!(span.end <= decoded.source.end && last <= span.end);
        last = span.end;
    }
}
