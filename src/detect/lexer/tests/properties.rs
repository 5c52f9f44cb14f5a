use proptest::prelude::*;

use super::Syntax;
use crate::detect::lexer::{assignment_at, dotted_name, name_of, normalised, syntax_of, url_at};

const SYNTAXES: [Syntax; 15] = [
    Syntax::Env,
    Syntax::Ini,
    Syntax::Yaml,
    Syntax::Json,
    Syntax::Xml,
    Syntax::Php,
    Syntax::Js,
    Syntax::Code,
    Syntax::Shell,
    Syntax::Apache,
    Syntax::Nginx,
    Syntax::Docker,
    Syntax::Sql,
    Syntax::Words,
    Syntax::Text,
];

/// Pieces that notations are made of, so that arbitrary texts come near to them.
const PIECES: [&str; 56] = [
    "password",
    "key",
    "name",
    "value",
    "set",
    "env(",
    "define(",
    "=",
    ":",
    "=>",
    "==",
    "::",
    "||",
    "??",
    "?:",
    "\"",
    "'",
    "`",
    "\\",
    "\\\"",
    "&quot;",
    "&amp;",
    "${",
    "}",
    "{{",
    "{",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "</",
    "/>",
    "<key>",
    "<string>",
    "<![CDATA[",
    "]]>",
    ",",
    ";",
    "s:1:",
    ".",
    "-",
    "--",
    "+",
    " ",
    "\n",
    "\t",
    "\r\n",
    "default(",
    "SetEnv ",
    "ENV ",
    "mysql -p",
    "-u ",
    "://u:p@",
    "é",
];

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..40)
            .prop_map(|pieces| pieces.concat().into_bytes()),
    ]
}

proptest! {
    #[test]
    fn any_text_at_any_offset_is_safe(text in any_text(), syntax in prop::sample::select(SYNTAXES.as_slice())) {
        for word in 0..text.len() + 5 {
            if let Some(found) = assignment_at(&text, word, syntax) {
                prop_assert!(found.name.start < found.name.end && found.name.end <= text.len());
                prop_assert!(found.value.start < found.value.end && found.value.end <= text.len());
                prop_assert!(found.name.end <= found.value.start || found.value.end <= found.name.start);
                dotted_name(&text, found.name, syntax);
            }
            let value = word..word + 3;
            if let Some(name) = name_of(&text, value.clone(), syntax) {
                prop_assert!(name.start < name.end && name.end <= text.len());
            }
            dotted_name(&text, value, syntax);
            if let Some(url) = url_at(&text, word) {
                prop_assert!(url.path.end <= text.len() && url.host.end <= url.path.start);
                prop_assert!(url.scheme.end < url.user.start && url.user.end < url.host.start);
            }
        }
    }

    #[test]
    fn the_way_back_leads_to_a_name_that_leads_there(text in any_text(), syntax in prop::sample::select(SYNTAXES.as_slice())) {
        for start in 0..text.len() {
            let value = start..start + 1;
            let Some(name) = name_of(&text, value, syntax) else { continue };
            let covered = (0..=text.len()).filter_map(|word| assignment_at(&text, word, syntax))
                .any(|found| found.name == name && found.value.contains(&start));
            prop_assert!(covered || text[name.start] == b'p', "{:?} {name:?}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn every_byte_of_a_name_leads_to_the_same_value(
        name in "[A-Z][A-Z_]{2,12}[A-Z]", value in "[a-z0-9]{1,30}",
        notation in prop::sample::select(vec![
            (Syntax::Env, "⟨N⟩=⟨V⟩\n"), (Syntax::Php, "'⟨N⟩' => '⟨V⟩',"), (Syntax::Php, "define('⟨N⟩', '⟨V⟩');"), (Syntax::Json, "{\"⟨N⟩\": \"⟨V⟩\"}"),
            (Syntax::Yaml, "  ⟨N⟩: ⟨V⟩\n"), (Syntax::Ini, "⟨N⟩ = ⟨V⟩\n"), (Syntax::Js, "{ ⟨N⟩: '⟨V⟩' }"), (Syntax::Code, "⟨N⟩ = \"⟨V⟩\"\n"),
            (Syntax::Xml, "<⟨N⟩>⟨V⟩</x>"), (Syntax::Shell, "export ⟨N⟩=⟨V⟩\n"), (Syntax::Docker, "ENV ⟨N⟩=⟨V⟩\n"),
            (Syntax::Apache, "SetEnv ⟨N⟩ ⟨V⟩\n"), (Syntax::Nginx, "fastcgi_param ⟨N⟩ ⟨V⟩;\n"), (Syntax::Sql, "(1,'⟨N⟩','⟨V⟩','x')"),
            (Syntax::Text, "log ⟨N⟩=⟨V⟩ end"), (Syntax::Json, "{\"key\":\"⟨N⟩\",\"value\":\"⟨V⟩\"}"),
        ]),
        before in "[\n ]{0,3}",
    ) {
        let (syntax, pattern) = notation;
        let (head, rest) = pattern.split_once("⟨N⟩").expect("a name");
        let (middle, tail) = rest.split_once("⟨V⟩").expect("a value");
        let text = format!("{before}\n{head}{name}{middle}{value}{tail}");
        let start = before.len() + 1 + head.len();
        let value_start = start + name.len() + middle.len();
        for word in start..start + name.len() {
            let found = assignment_at(text.as_bytes(), word, syntax).expect("an assignment");
            prop_assert_eq!(found.name, start..start + name.len());
            prop_assert_eq!(found.value, value_start..value_start + value.len());
        }
        prop_assert_eq!(name_of(text.as_bytes(), value_start..value_start + value.len(), syntax), Some(start..start + name.len()));
    }

    #[test]
    fn the_normal_form_is_its_own_normal_form(name in prop::collection::vec(any::<u8>(), 0..60)) {
        let once = normalised(&name);
        prop_assert_eq!(normalised(once.as_bytes()), once);
    }

    #[test]
    fn any_path_has_a_syntax(path in ".{0,40}", head in prop::collection::vec(any::<u8>(), 0..60)) {
        syntax_of(&path, &head);
    }

    /// What stands further away than the lexer may reach changes nothing, so no look-up can cost more.
    #[test]
    fn nothing_far_away_matters(text in any_text(), syntax in prop::sample::select(SYNTAXES.as_slice()), fill in any::<u8>()) {
        let far = vec![b'\n'; 3 * super::super::REACH];
        let near = [far.as_slice(), &text, &far].concat();
        let other = [&vec![fill; 4096], near.as_slice(), &vec![fill; 4096]].concat();
        for word in (0..text.len()).step_by(3) {
            let found = assignment_at(&near, far.len() + word, syntax);
            let shifted = assignment_at(&other, far.len() + 4096 + word, syntax);
            prop_assert_eq!(found.map(|found| found.value.start + 4096), shifted.map(|found| found.value.start));
        }
    }
}
