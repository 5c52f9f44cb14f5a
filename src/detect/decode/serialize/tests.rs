use proptest::prelude::*;

use super::super::Decoded;
use super::decode;

fn outline(text: &[u8]) -> Option<Decoded> {
    let at = memchr::memmem::find(text, b";s:")?;
    decode(text, at)
}

fn outline_text(text: &str) -> String {
    String::from_utf8(outline(text.as_bytes()).unwrap().bytes).unwrap()
}

const NESTED: &str = concat!(
    r#"a:2:{s:4:"mail";a:2:{s:6:"mailer";s:7:"mailgun";s:4:"port";i:587;}"#,
    r#"s:7:"mailgun";O:8:"stdClass":2:{s:7:"api_key";s:5:"a"'bc";s:2:"on";b:1;}}"#
);
const NESTED_OUTLINE: &str = concat!(
    "\"mail\" => [\n\"mailer\" => \"mailgun\",\n\"port\" => 587,\n],\n",
    "\"mailgun\" => [\n\"api_key\" => \"a\"'bc\",\n\"on\" => 1,\n],\n],\n",
);

#[test]
fn arrays_and_objects_become_lines() {
    let text = format!("(1,'opt','{NESTED}','yes'),");
    assert_eq!(outline_text(&text), NESTED_OUTLINE);
}

#[test]
fn quotes_may_be_escaped() {
    let escaped = NESTED.replace('"', "\\\"").replace('\'', "\\'");
    let text = format!("(1,'opt','{escaped}','yes'),");
    assert_eq!(outline_text(&text), NESTED_OUTLINE);
}

#[test]
fn single_quotes_may_be_doubled() {
    let text = r#"'a:1:{s:3:"key";s:4:"it''s";}'"#;
    assert_eq!(outline_text(text), "\"key\" => \"it's\",\n],\n");
}

#[test]
fn values_lead_back_to_the_file() {
    let text = NESTED.as_bytes();
    let decoded = outline(text).unwrap();
    let at = memchr::memmem::find(&decoded.bytes, b"\"mailgun\",").unwrap() + 1;
    let span = decoded.source_span(at..at + 7);
    assert_eq!(&text[span.clone()], b"mailgun");
    assert_eq!(&text[span.start - 5..span.start], b"s:7:\"");
}

#[test]
fn class_names_before_property_names_are_left_out() {
    let text = "O:1:\"A\":2:{s:6:\"\0A\0key\";s:3:\"abc\";s:7:\"\0*\0name\";s:1:\"x\";}";
    assert_eq!(
        outline_text(text),
        "\"key\" => \"abc\",\n\"name\" => \"x\",\n],\n"
    );
    let dumped = text.replace('"', "\\\"").replace('\0', "\\0");
    assert_eq!(
        outline_text(&dumped),
        "\"key\" => \"abc\",\n\"name\" => \"x\",\n],\n"
    );
}

#[test]
fn a_quote_inside_chooses_the_other_one() {
    let text = r#"a:1:{s:1:"j";s:9:"{"k":"v"}";}"#;
    assert_eq!(outline_text(text), "\"j\" => '{\"k\":\"v\"}',\n],\n");
}

#[test]
fn a_wrong_length_ends_it() {
    let text = r#"a:2:{s:1:"a";s:1:"b";s:3:"key";s:5:"abc";}"#;
    assert_eq!(outline_text(text), "\"a\" => \"b\",\n");
    assert_eq!(outline(br#"a:1:{s:3:"key";s:4:"abc";}"#), None);
    assert_eq!(
        outline(br#"a:1:{s:3:"key";s:99999999999999999999:"abc";}"#),
        None
    );
}

#[test]
fn a_list_starts_at_its_first_element() {
    let text = r#"a:2:{i:0;s:1:"a";i:1;s:1:"b";}"#;
    assert_eq!(outline_text(text), "0 => \"a\",\n1 => \"b\",\n],\n");
}

#[test]
fn broken_surroundings_leave_the_inner_elements() {
    let text = r#"s:1:"x";a:2:{s:1:"b";O:1:"C":2:{s:4:"keys";a:1:{s:3:"key";s:3:"abc";}}"#;
    let trigger = text.find(";s:3:\"abc").unwrap();
    let whole = decode(text.as_bytes(), trigger).unwrap();
    assert!(
        whole
            .bytes
            .starts_with(b"\"x\" => [\n\"b\" => [\n\"keys\" => [")
    );
    let broken = text.replace("O:1:\"C\":2:{", "O:1:\"C\":2:{i:7;");
    let trigger = broken.find(";s:3:\"abc").unwrap();
    let inner = decode(broken.as_bytes(), trigger).unwrap();
    assert!(inner.bytes.starts_with(b"\"key\" => \"abc\",\n]"));
}

#[test]
fn deep_nesting_is_cut() {
    let text = r#"a:1:{s:1:"k";s:1:"v";"#.to_owned() + &r#"s:1:"a";a:1:{"#.repeat(1000);
    let decoded = outline(text.as_bytes()).unwrap();
    assert_eq!(
        decoded.bytes.iter().filter(|&&byte| byte == b'[').count(),
        33
    );
}

proptest! {
    #[test]
    fn strings_come_back(key in "[a-z]{1,9}", plain in "[^\"\\\\']{0,30}") {
        let len = plain.len();
        let text = format!("a:1:{{s:{}:\"{key}\";s:{len}:\"{plain}\";}}", key.len());
        let decoded = outline(text.as_bytes()).unwrap();
        let expected = format!("\"{key}\" => \"{plain}\",\n],\n");
        prop_assert_eq!(&decoded.bytes, expected.as_bytes());
        let at = key.len() + 7;
        let span = decoded.source_span(at..at + len);
        prop_assert_eq!(&text[span], &plain);
    }
}
