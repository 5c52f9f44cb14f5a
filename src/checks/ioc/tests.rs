use super::code::{self, What};
use super::gate::{Held, NEEDLES};
use super::markers;

fn whats(text: &str) -> Vec<What> {
    let signs = code::signs(text);
    assert!(
        signs.is_empty() || passes(text),
        "lexed by no check: {text}"
    );
    signs.into_iter().map(|sign| sign.what).collect()
}

fn passes(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let bits = NEEDLES.iter().enumerate();
    let held = bits.filter(|(_, needle)| lower.contains(**needle));
    let held = Held(held.fold(0, |held, (bit, _)| held | 1 << bit));
    held.is_suspect()
        || (held.is_worth_reading() && held.is_suspect_text(text))
        || markers::tool(text).is_some()
}

#[test]
fn what_runs_requests_is_told_from_what_uses_them() {
    for bad in [
        "<?php @eval($_POST['x']);",
        "<?php assert(stripslashes($_REQUEST['a']));",
        "<?php system($_GET[1] . ' 2>&1');",
        "<?php @$_POST['a']($_POST['b']);",
        "<?php $_COOKIE['a']['b']('x');",
        "<?php preg_replace('/.*/e', $_POST['x'], '');",
        "<?php preg_replace('~x~ie', $_POST['x'], 'x');",
        "<?php Preg_Replace ( \"{^a}sex\", $_REQUEST['x'], 'a');",
        "<?php preg_replace(/* a */ '#.#es', $_GET['x'], 'a');",
        "<?php $x = $_GET; $x['f']($x['c']);",
        "<?php array_map('assert', $x);",
        "<?php \\System ( @$_GET['c']);",
        "<?php shell_exec(/* a */ $_GET['c']); // filesystem($_GET)",
        "<?php passthru // a\n (\n# b\n$_POST['c']);",
        "<?php // eval(\n ?><?php eval($_POST['x']);",
        "<?php /*\n// */ eval($_POST['x']);",
        "<?php // ?> <?php eval($_POST['x']);",
    ] {
        assert_eq!(whats(bad), [What::RunsRequest], "{bad}");
    }
    for good in [
        "<?php exec('convert ' . escapeshellarg($_POST['x']));",
        "<?php filesystem($_POST['x']); curl_exec($_GET['x']);",
        "<?php // eval($_POST['x']);\n$a = \"eval(\\$_POST['x'])\";",
        "<?php $object->eval($_POST['x']);",
        "<?php $wpdb->exec($_POST['x']);",
        "<?php foreach ($_POST['a'] as $b) { f($_POST['b']); }",
        "<?php preg_replace('/e/', $_POST['x'], 'e');",
        "<?php preg_replace('~e~i', $_POST['x'], 'e');",
        "<?php preg_replace('{e}', $_POST['x'], 'e');",
        "<?php if (assert(is_array($x))) {}",
        "<?php if (function_exists('exec')) { f('exec'); }",
        "<?php $x = $_POST['a']; $y->x($x['b']); array_map('trim', $x);",
    ] {
        assert_eq!(whats(good), [], "{good}");
    }
}

#[test]
fn what_runs_decoded_code_is_told_from_what_decodes() {
    let packed = "QUJD".repeat(80);
    for bad in [
        "<?php eval(gzinflate(base64_decode('x')));".to_owned(),
        "<?php eval /* a */ ( \"?>\" . str_rot13 ('x'));".to_owned(),
        format!("<?php $a = base64_decode('{packed}'); eval($a);"),
    ] {
        assert_eq!(whats(&bad), [What::RunsDecoded], "{bad}");
    }
    for good in [
        "<?php $a = base64_decode($row['x']); eval('return 1;');".to_owned(),
        format!("<?php $icon = base64_decode('{packed}'); echo $icon;"),
        "<?php $code = base64_decode('eA=='); eval($code2);".to_owned(),
    ] {
        assert_eq!(whats(&good), [], "{good}");
    }
}

#[test]
fn hidden_includes_are_told_from_plain_ones() {
    assert_eq!(
        whats("<?php @include \"\\057va\\162/w\\167w/a\";"),
        [What::HiddenInclude]
    );
    assert_eq!(
        whats("<?php include_once('a/favicon_1.ico');"),
        [What::HiddenInclude]
    );
    assert_eq!(
        whats("<?php include \"C:\\\\a\\\\b.php\"; require 'a.php';"),
        []
    );
}

#[test]
fn hidden_names_are_told_from_texts_in_pieces() {
    assert_eq!(
        whats("<?php $f = 'ba' . 'se64_' . \"decode\";"),
        [What::HidesName]
    );
    assert_eq!(
        whats("<?php $f = \"\\x65\\x76\\x61\\x6c(\";"),
        [What::HidesName]
    );
    assert_eq!(
        whats("<?php $f = 'uses ' . 'base64_decode' . ' here'; $g = 'eval' . $x;"),
        []
    );
}

#[test]
fn one_command_in_every_way() {
    let shell = "<?php if (a()) { system($c); } elseif (b()) { passthru($c); } else { $x = shell_exec($c); }";
    assert_eq!(whats(shell), [What::TriesEveryWay]);
    assert_eq!(
        whats("<?php system($a); passthru($b); shell_exec('x');"),
        []
    );
}

#[test]
fn scripts_that_do_nothing() {
    for inert in [
        "",
        "<?php // Silence is golden.",
        "<?php\n/* nothing */\nexit;",
        "<?php header('HTTP/1.0 404 Not Found'); die();",
        "<?php defined('ABSPATH') || exit; return array('a' => 1);",
        "<?php exit(0); ?>\neval($_POST['x']);",
        "just text",
    ] {
        assert!(code::is_inert(inert), "{inert}");
    }
    for active in [
        "<?php eval($a);",
        "<?php $a('x');",
        "<?php include 'b';",
        "<?php echo `ls`;",
        "<?php f();",
        "<?php new A;",
    ] {
        assert!(!code::is_inert(active), "{active}");
    }
}

#[test]
fn functions_that_a_visitor_names_pass() {
    for bad in [
        "<?php $f = $_GET['f'];\n$f ($_GET['c']);",
        "<?php $f = @$_POST[$k['x']]; $f('x');",
        "<?php @include('favicon.ico');",
    ] {
        assert_eq!(whats(bad).len(), 1, "{bad}");
    }
    for good in [
        "<?php $f = $_GET['f']; echo $g($f);",
        "<?php echo 'a' . 'b' . $_SERVER['x']; mail($a, $b);",
        "<?php foreach ($_POST['a'] as $b) { array_map('trim', $b); }",
    ] {
        assert!(!passes(good), "{good}");
    }
}
