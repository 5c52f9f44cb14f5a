//! What the lexer makes of scripts as people and compilers write them.

use super::{Base, Kind, Script};

fn words(text: &str) -> Vec<&str> {
    let script = Script::new(text);
    (0..script.tokens().len())
        .map(|at| script.word(at))
        .collect()
}

fn kinds(text: &str, kind: Kind) -> Vec<&str> {
    let script = Script::new(text);
    let all = 0..script.tokens().len();
    all.filter(|&at| script.kind(at) == kind)
        .map(|at| script.word(at))
        .collect()
}

fn callees(text: &str) -> Vec<String> {
    Script::new(text).calls().map(|call| call.callee).collect()
}

#[test]
fn comments_and_strings_are_what_they_are() {
    assert_eq!(words("a /* b ` */ c // d '\ne"), ["a", "c", "e"]);
    assert_eq!(words("#!/usr/bin/env node\nx"), ["x"]);
    assert_eq!(words("\u{feff}x"), ["x"]);
    assert_eq!(words(r#"'a\'b' "//c""#), [r"'a\'b'", r#""//c""#]);
    // A string that is not closed spoils its line, no more.
    assert_eq!(
        words("<p>Don't</p>\nnext"),
        ["<", "p", ">", "Don", "'t</p>", "next"]
    );
    assert_eq!(
        words("a?.b ?.5 ??= ...c"),
        ["a", "?.", "b", "?", ".5", "??=", "...", "c"]
    );
    assert_eq!(words("1e-3+0x1e-3"), ["1e-3", "+", "0x1e", "-", "3"]);
}

#[test]
fn a_slash_divides_or_starts_a_regular_expression() {
    let regex = |text| kinds(text, Kind::Regex);
    assert_eq!(regex("x = /[/'\"]/g.test(y)"), ["/[/'\"]/g"]);
    assert_eq!(regex("return /a\\/b/"), ["/a\\/b/"]);
    assert_eq!(regex("if (x) /a/.exec(y)"), ["/a/"]);
    assert_eq!(regex("f(); } /a/.exec(y)"), ["/a/"]);
    assert!(regex("a / b / c; (a) / b / c; a[0] / 2 / 3; x.return / 2 / 1").is_empty());
    assert!(regex("<br /> <a href='x' /> <B {...p} /> </div> <i>a</i>").is_empty());
    assert!(regex("x = / 2\ny / 3").is_empty());
}

#[test]
fn templates_nest() {
    let text = "`a${ f({b: `c${d}e`}) }f${'}'}g` + h";
    assert_eq!(
        words(text),
        [
            "`a${", "f", "(", "{", "b", ":", "`c${", "d", "}e`", "}", ")", "}f${", "'}'", "}g`",
            "+", "h"
        ]
    );
    assert_eq!(kinds("`x` `a\\`${b}`", Kind::Template), ["`x`"]);
    let script = Script::new(text);
    assert_eq!(script.after(0), 14);
}

#[test]
fn lines_are_counted_through_everything() {
    let script = Script::new("a /*\n*/ b `\n` c '\\\n' d");
    let lines: Vec<u32> = script.tokens().iter().map(|token| token.line).collect();
    assert_eq!(lines, [1, 2, 2, 3, 3, 4]);
}

#[test]
fn brackets_that_do_not_fit_do_no_harm() {
    for text in [
        "((", "))", "(]", "`${(}`", "}`${", "`${", "{(}", "`a${b", "`\\", "'\\", "/\\", "/[",
        "a.(", ".(",
    ] {
        let script = Script::new(text);
        assert!(
            script
                .tokens()
                .iter()
                .all(|token| token.end as usize <= text.len())
        );
        script.calls().for_each(|call| drop(script.args(&call)));
    }
    assert_eq!(callees("f(a]); g(b)"), ["f", "g"]);
}

#[test]
fn callees_are_named_by_their_modules() {
    let text = "
        const express = require('express'), app = express();
        const { static: serve, json } = require('express');
        import koa from 'koa-static';
        import * as path from 'node:path';
        import type { A } from 'types';
        import fastify, { b as c } from 'fastify';
        const express_1 = __importDefault(require(\"express\"));
        const lib = require('lib').inner;
        app.use(express.static('a'));
        app.use(serve('b')); json(); koa('c'); path.join('d'); c(); lib.x();
        express_1.default.static('e');
        require('koa-static')('f'); require('x').y('g');
        app.listen(1).on('h'); new webpack.DefinePlugin({});
        function no(a) {} class A { nor(b) { } } if (x) {}
        a?.b?.(1);
    ";
    let expected = [
        "require",
        "express",
        "require",
        "__importDefault",
        "require",
        "require",
        "app.use",
        "express.static",
        "app.use",
        "express.static",
        "express.json",
        "koa-static",
        "path.join",
        "fastify.b",
        "lib.inner.x",
        "express.static",
        "require",
        "koa-static",
        "require",
        "x.y",
        "app.listen",
        ".on",
        "webpack.DefinePlugin",
        "a.b",
    ];
    assert_eq!(callees(text), expected);
    let script = Script::new(text);
    assert!(script.imports("path") && script.imports("x") && !script.imports("fs"));
    assert_eq!(
        script
            .calls_of("DefinePlugin")
            .filter(|call| call.is_new)
            .count(),
        1
    );
    assert_eq!(script.calls_of("static").count(), 3);
}

#[test]
fn objects_give_their_entries() {
    let script = Script::new(
        "f({a: 1, 'b-c': {d: [2, 3]}, e, ...g, h() { return 1 }, ['i']: 4, [j]: 5, async: k => k}, o)",
    );
    let call = script.calls_of("f").next().unwrap();
    let args = script.args(&call);
    let entries: Vec<(Option<String>, &str)> = script
        .entries(&args[0])
        .into_iter()
        .map(|entry| (entry.key, script.source(&entry.value)))
        .collect();
    let key = |key: &str| Some(key.to_owned());
    assert_eq!(
        entries,
        [
            (key("a"), "1"),
            (key("b-c"), "{d: [2, 3]}"),
            (key("e"), "e"),
            (None, "g"),
            (key("h"), ""),
            (key("i"), "4"),
            (None, "5"),
            (key("async"), "k => k"),
        ]
    );
    let inner = script
        .entry_of(&script.entry_of(&args[0], "b-c").unwrap(), "d")
        .unwrap();
    assert_eq!(script.items(&inner).len(), 2);
    assert!(script.entries(&args[1]).is_empty());
}

#[test]
fn objects_are_found_behind_names() {
    let script = Script::new("const options = { dotfiles: 'allow' } as const\nf('x', options)");
    let args = script.args(&script.calls_of("f").next().unwrap());
    let value = script.entry_of(&args[1], "dotfiles").unwrap();
    assert_eq!(script.text(&value).as_deref(), Some("allow"));
}

fn place(text: &str) -> Option<(Base, String)> {
    let script = Script::new(text);
    let call = script.calls_of("f").last().unwrap();
    let place = script.place(&script.args(&call)[0])?;
    Some((place.base, place.path))
}

#[test]
fn paths_are_put_together() {
    let cases = [
        ("f('public')", Base::Working, "public"),
        ("f('./')", Base::Working, ""),
        ("f('/srv/app/')", Base::Root, "srv/app"),
        ("f(__dirname)", Base::Script, ""),
        ("f(__dirname + '/../')", Base::Script, ".."),
        ("f(`${__dirname}/a/${'b'}`)", Base::Script, "a/b"),
        (
            "f(path.join(__dirname, '..', 'public'))",
            Base::Script,
            "../public",
        ),
        ("f(path.resolve())", Base::Working, ""),
        ("f(path.resolve(__dirname, './x/../y'))", Base::Script, "y"),
        ("f(path.resolve('a', '/b'))", Base::Root, "b"),
        ("f(process.cwd() + '/dist')", Base::Working, "dist"),
        ("f(path.dirname(__filename))", Base::Script, ""),
        (
            "const d = dirname(fileURLToPath(import.meta.url)); f(join(d, 'x'))",
            Base::Script,
            "x",
        ),
        (
            "f(fileURLToPath(new URL('./public', import.meta.url)))",
            Base::Script,
            "public",
        ),
        (
            "f(new URL('../public', import.meta.url).pathname)",
            Base::Script,
            "../public",
        ),
        ("f(import.meta.dirname)", Base::Script, ""),
        (
            "f(process.env.ROOT || path.join(__dirname, 'p'))",
            Base::Script,
            "p",
        ),
        (
            "const root = __dirname\nconst pub = root + '/pub'\nf(pub as string)",
            Base::Script,
            "pub",
        ),
        (
            "const __dirname = path.resolve()\nf(__dirname)",
            Base::Working,
            "",
        ),
    ];
    for (text, base, path) in cases {
        assert_eq!(place(text), Some((base, path.to_owned())), "{text}");
    }
    for text in [
        "f(x)",
        "f(process.env.ROOT)",
        "let a = 'x'; a = 'y'; f(a)",
        "const a = b; const b = a; f(a)",
        "f(1)",
    ] {
        assert_eq!(place(text), None, "{text}");
    }
}

#[test]
fn paths_are_found_in_the_tree() {
    let script = Script::new("f(path.join(__dirname, '../public'))");
    let place = script
        .place(&script.args(&script.calls_of("f").next().unwrap())[0])
        .unwrap();
    assert_eq!(
        place.in_tree("app/src/server.js", "app").as_deref(),
        Some("app/public")
    );
    assert_eq!(place.in_tree("server.js", ""), None);
}

#[test]
fn bad_scripts_take_no_longer_than_good_ones() {
    // Quadratic work on these would take minutes.
    let repeated = [
        "/[(",
        "`${",
        "f(",
        "a.",
        "const a=a+a;",
        "const b=require(",
        "{a:",
        "'\\",
        "import ",
        "((",
        "}",
        "x=/",
        "as ",
    ];
    for piece in repeated {
        let text = piece.repeat(200_000);
        let script = Script::new(&text);
        let found: usize = script.calls().map(|call| script.args(&call).len()).sum();
        assert!(found <= text.len());
    }
    let doubling: String = (0..60)
        .map(|n| format!("const a{n} = a{0} + a{0} + a{0};", n + 1))
        .collect();
    assert_eq!(place(&format!("{doubling} const a60 = 'x'; f(a0)")), None);
}

proptest::proptest! {
    #[test]
    fn tokens_follow_each_other_in_any_text(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|&piece| PIECES[piece]).collect();
        let script = Script::new(&text);
        let mut end = 0;
        for (index, token) in script.tokens().iter().enumerate() {
            assert!(end <= token.start && token.start < token.end && token.end as usize <= text.len());
            assert!(!script.word(index).is_empty() && script.after(index) > index);
            end = token.end;
        }
        for call in script.calls() {
            for arg in script.args(&call) {
                script.entries(&arg);
                script.items(&arg);
                script.place(&arg);
            }
        }
    }
}

const PIECES: &[&str] = &[
    "a",
    "require",
    "import ",
    "from ",
    "const ",
    "=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "`",
    "${",
    "'",
    "\"",
    "\\",
    "/",
    "//",
    "/*",
    "*/",
    "\n",
    " ",
    ".",
    ",",
    ":",
    ";",
    "+",
    "=>",
    "...",
    "<",
    "é",
    "\u{2028}",
    "0x1",
    "__dirname",
    "as ",
    "?.",
    "join",
    "new ",
    "URL",
];
