use proptest::prelude::*;

use super::*;

fn kinds(text: &str) -> Vec<(Kind, &str)> {
    let script = Script::new(text);
    let tokens = script.tokens().iter();
    tokens
        .map(|token| (token.kind, &text[token.span()]))
        .collect()
}

fn names_called(text: &str) -> Vec<String> {
    let script = Script::new(text);
    let calls = script
        .calls()
        .filter(|call| call.callee == Callee::Function);
    calls.map(|call| call.name.to_ascii_lowercase()).collect()
}

#[test]
fn html_and_tags_are_told_apart() {
    assert_eq!(
        kinds("<?xml version='1.0'?>\n<b><?= $a ?> c <?PHP echo 1.5e3;"),
        [
            (Kind::Html, "<?xml version='1.0'?>\n<b>"),
            (Kind::OpenEcho, "<?="),
            (Kind::Variable, "$a"),
            (Kind::Close, "?>"),
            (Kind::Html, " c "),
            (Kind::Open, "<?PHP"),
            (Kind::Name, "echo"),
            (Kind::Number, "1.5e3"),
            (Kind::Operator, ";"),
        ]
    );
    assert_eq!(kinds("phpinfo();"), [(Kind::Html, "phpinfo();")]);
}

#[test]
fn calls_in_comments_and_strings_are_none() {
    for silent in [
        "<?php // phpinfo();",
        "<?php # phpinfo();",
        "<?php /* phpinfo(); */",
        "<?php $a = 'phpinfo()';",
        "<?php $a = \"phpinfo()\";",
        "<?php $a = <<<A\n phpinfo()\n A;\n",
        "<?php $a = <<<'A'\nphpinfo()\nA;\n",
        "<?php function phpinfo() {}",
        "<?php $a->phpinfo(); A::phpinfo(); new phpinfo();",
        "phpinfo(); <?php",
        "<?php __halt_compiler(); phpinfo();",
    ] {
        let found = names_called(silent);
        assert!(
            !found.iter().any(|name| name == "phpinfo"),
            "{silent}: {found:?}"
        );
    }
    for loud in [
        "<?php PHPINFO ( INFO_ALL )",
        "<?=phpinfo()?>",
        "<? phpinfo();",
        "<?php // comment ?><?php phpinfo();",
        "<?php #[A] function f() { \\phpinfo(); }",
        "<?php $a = \"{$b[\"'\"]}\"; phpinfo(); $c = '\"';",
        "<?php $a = <<<A\nA b\nA;\nphpinfo();",
        "<?php $a = 'it\\'s'; phpinfo();",
        "<?php $a ?-> b; phpinfo();",
    ] {
        assert!(names_called(loud).contains(&"phpinfo".to_owned()), "{loud}");
    }
}

#[test]
fn strings_say_what_they_say() {
    let says = |written: &str| {
        let text = format!("<?php {written};");
        let script = Script::new(&text);
        script.literal(1..2)
    };
    let text = |text: &str| Some(Literal::Text(text.to_owned()));
    assert_eq!(says(r"'it\'s \\ \n'"), text(r"it's \ \n"));
    assert_eq!(says(r#""a\tb\x41\101\u{48}\$c""#), text("a\tbAAH$c"));
    assert_eq!(says(r#""a\u{zz}\q""#), text(r"a\u{zz}\q"));
    assert_eq!(says("<<<'E'\n a $b\n c\nE"), text(" a $b\n c"));
    assert_eq!(says("<<<E\nE"), text(""));
    assert_eq!(says("\"a $b\""), None);
    assert_eq!(says("\"a {$b['c']}\""), None);
    assert_eq!(says("TRUE"), Some(Literal::Bool(true)));
    let script = Script::new("<?php ((-1));");
    let number = script.literal(1..7);
    assert_eq!(number, Some(Literal::Number("-1".to_owned())));
    assert!(number.is_some_and(|number| number.is_true()));
}

#[test]
fn constants_entries_and_settings_are_read() {
    let text = "<?php\ndefine('A', true); DEFINE(\"B\", 'x'.$y); const C = 3;\n\
        return ['debug' => env('APP_DEBUG', true), 'k' => ['in' => 'v'], $f => 1];\n\
        @ini_set('display_errors', '1');";
    let script = Script::new(text);
    let defines: Vec<_> = script
        .defines()
        .map(|define| (define.name, script.literal(define.value), define.line))
        .collect();
    assert_eq!(
        defines,
        [
            ("A".to_owned(), Some(Literal::Bool(true)), 2),
            ("B".to_owned(), None, 2),
            ("C".to_owned(), Some(Literal::Number("3".to_owned())), 2),
        ]
    );
    let entries: Vec<_> = script
        .entries()
        .map(|entry| (entry.key, script.between(entry.value), entry.line))
        .collect();
    assert_eq!(
        entries,
        [
            ("debug".to_owned(), "env('APP_DEBUG', true)", 3),
            ("k".to_owned(), "['in' => 'v']", 3),
            ("in".to_owned(), "'v'", 3),
        ]
    );
    let settings: Vec<_> = script
        .settings()
        .map(|(name, value, _)| (name, value))
        .collect();
    assert_eq!(
        settings,
        [(
            "display_errors".to_owned(),
            Some(Literal::Text("1".to_owned()))
        )]
    );
}

#[test]
fn arguments_are_told_apart() {
    let script = Script::new("<?php f(1, g(2, [3, 4]), ...$rest); h();");
    let calls: Vec<_> = script.calls().collect();
    let args: Vec<Vec<&str>> = calls
        .iter()
        .map(|call| {
            call.args
                .iter()
                .map(|arg| script.between(arg.clone()))
                .collect()
        })
        .collect();
    assert_eq!(args[0], ["1", "g(2, [3, 4])", "...$rest"]);
    assert_eq!(args[1], ["2", "[3, 4]"]);
    assert!(args[2].is_empty());
    assert_eq!(script.written(calls[0].end), ";");
}

#[test]
fn places_are_told_apart() {
    let place = |text: &str| {
        let script = Script::new(text);
        let call = script.calls().find(|call| call.is("phpinfo")).unwrap();
        script.place(call.at)
    };
    assert_eq!(place("<?php require 'a'; phpinfo();"), Place::Top);
    assert_eq!(place("<?php namespace A { phpinfo(); }"), Place::Top);
    assert_eq!(place("<?php if ($a) { } phpinfo();"), Place::Top);
    assert_eq!(place("<?php if ($a) { phpinfo(); }"), Place::Conditional);
    assert_eq!(place("<?php if ($a) phpinfo();"), Place::Conditional);
    assert_eq!(place("<?php $a and phpinfo();"), Place::Conditional);
    assert_eq!(
        place("<?php function f(int $a = 1): A { phpinfo(); }"),
        Place::Function
    );
    assert_eq!(
        place("<?php class A extends B { function f() { if (1) { phpinfo(); } } }"),
        Place::Function
    );
    assert_eq!(place("<?php $f = fn() => phpinfo();"), Place::Function);
    assert_eq!(
        place("<?php run(function () use ($x) { phpinfo(); });"),
        Place::Function
    );
}

#[test]
fn hostile_texts_take_linear_time() {
    for part in [
        "//?><?=", "\"\\u{", "\"{$", "<<<A\n", "([{", "a=>", "f(", "if(", "})]", "#?",
    ] {
        let text = format!("<?php {}", part.repeat(200_000 / part.len()));
        let script = Script::new(&text);
        for call in script.calls() {
            script.place(call.at);
        }
        let pairs = script.entries().count() + script.defines().count();
        assert!(pairs <= script.tokens().len());
    }
}

proptest! {
    #[test]
    fn any_text_reads(text in "(<\\?php |<\\?=|\\?>|['\"`$a\\\\{}()\\[\\]#/*\n;,é<>=?.0-9 ]|<<<A\n|\nA;|->|::|fn ){0,60}") {
        let script = Script::new(&text);
        let mut end = 0;
        for token in script.tokens() {
            let span = token.span();
            prop_assert!(end <= span.start && span.start < span.end && span.end <= text.len());
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            let before = text[..span.start].matches('\n').count();
            prop_assert_eq!(token.line as usize, before + 1);
            end = span.end;
        }
        for call in script.calls() {
            script.place(call.at);
            for arg in &call.args {
                script.literal(arg.clone());
            }
        }
        for define in script.defines() {
            script.literal(define.value);
        }
    }
}
