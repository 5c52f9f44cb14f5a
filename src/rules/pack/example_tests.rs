//! Holds the built-in rules to their own examples, as far as one regex on one text goes: names,
//! context and decoding are for what runs the rules.

use std::ops::Range;

use regex_automata::Input;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::super::model::{AttributeRule, Missing, Rule, TextFinder, UrlFinder, UrlPart};
use super::super::template::{Example, render};
use super::builtin;

const SEEDS: Range<u64> = 0..8;

fn compile(pattern: &str) -> Regex {
    Regex::builder()
        .configure(
            Regex::config()
                .nfa_size_limit(Some(1 << 20))
                .utf8_empty(false),
        )
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build(pattern)
        .unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

fn rules() -> impl Iterator<Item = Rule> {
    builtin().into_iter().flat_map(|file| file.rules)
}

fn examples(templates: &[String]) -> Vec<(String, Example)> {
    templates
        .iter()
        .flat_map(|template| {
            SEEDS.map(move |seed| (template.clone(), render(template, seed).unwrap()))
        })
        .collect()
}

/// An example whose secret stands in it as it is.
fn is_plain(template: &str) -> bool {
    !["{b64|", "{b64url|", "{hexenc|", "{pct|"]
        .iter()
        .any(|encoding| template.contains(encoding))
}

fn secrets(regex: &Regex, text: &[u8]) -> Vec<Range<usize>> {
    regex
        .captures_iter(Input::new(text))
        .filter_map(|found| found.get_group_by_name("secret").or(found.get_group(0)))
        .map(|span| span.range())
        .collect()
}

fn has_context(rule: &Rule, text: &[u8]) -> bool {
    let text = text.to_ascii_lowercase();
    rule.context.as_ref().is_none_or(|context| {
        context.any.iter().any(|literal| {
            let literal = literal.to_ascii_lowercase();
            text.windows(literal.len())
                .any(|window| window == literal.as_bytes())
        })
    })
}

fn check_text(rule: &Rule, finder: &TextFinder) {
    let regex = compile(&finder.pattern);
    for (template, example) in examples(&rule.hit) {
        if is_plain(&template) {
            let found = secrets(&regex, &example.text);
            let secret = example.secret.unwrap();
            assert!(found.contains(&secret), "{}: {template}", rule.id);
        }
    }
    let by_name = finder.name.is_some() || finder.not_name.is_some();
    let drops = |text: &[u8]| {
        let context = rule.context.as_ref();
        context.is_some_and(|context| context.missing == Missing::Drop) && !has_context(rule, text)
    };
    let value = &rule.value;
    let by_value = value.random
        || value.checksum.is_some()
        || value.max_length.is_some()
        || value.min_classes.is_some();
    for (template, example) in examples(&rule.miss) {
        let found = !secrets(&regex, &example.text).is_empty() && !drops(&example.text);
        assert!(!found || by_name || by_value, "{}: {template}", rule.id);
    }
}

fn check_url(rule: &Rule, finder: &UrlFinder) {
    let host = finder.host.as_deref().map(compile);
    for (template, example) in examples(&rule.hit) {
        let secret = example.secret.clone().unwrap();
        let before = String::from_utf8(example.text[..secret.start].to_vec()).unwrap();
        let after = String::from_utf8(example.text[secret.end..].to_vec()).unwrap();
        let (start, user) = before.rsplit_once("://").unwrap();
        assert!(
            finder.schemes.iter().any(|scheme| start.ends_with(scheme)),
            "{template}"
        );
        assert_eq!(
            user.is_empty(),
            finder.secret == UrlPart::User,
            "{template}"
        );
        let authority = after.split_once('@').unwrap().1;
        let end = authority.find(['/', '?', '\'', '"', '\n', ' ']).unwrap();
        let is_host = host
            .as_ref()
            .is_none_or(|host| host.is_match(&authority[..end]));
        assert!(is_host, "{}: {template}", rule.id);
    }
}

fn is_compiled(attribute: &AttributeRule) {
    if let Some(near) = &attribute.near {
        compile(near);
    }
}

#[test]
fn patterns_find_what_their_examples_mark() {
    for rule in rules() {
        rule.attributes.iter().for_each(is_compiled);
        if let Some(finder) = &rule.text {
            check_text(&rule, finder);
        }
        if let Some(finder) = &rule.url {
            check_url(&rule, finder);
        }
    }
}

#[test]
fn values_of_assignments_match_as_a_whole() {
    for rule in rules() {
        let Some(finder) = &rule.assign else { continue };
        compile(&finder.name);
        let Some(value) = &finder.value else { continue };
        let whole = compile(&format!("^(?:{value})$"));
        for (template, example) in examples(&rule.hit) {
            if is_plain(&template) {
                let secret = &example.text[example.secret.unwrap()];
                assert!(whole.is_match(secret), "{}: {template}", rule.id);
            }
        }
    }
}

#[test]
fn hits_stand_in_their_context() {
    for rule in rules() {
        for (template, example) in examples(&rule.hit) {
            assert!(has_context(&rule, &example.text), "{}: {template}", rule.id);
        }
    }
}

/// The rules of a provider that take a value of this shape under this name.
fn takers(provider: &str, name: &str, value: &str) -> Vec<String> {
    let files = builtin()
        .into_iter()
        .filter(|file| file.provider == provider);
    files
        .flat_map(|file| file.rules)
        .filter(|rule| {
            rule.assign.as_ref().is_some_and(|finder| {
                let whole = finder.value.as_ref().map(|value| format!("^(?:{value})$"));
                compile(&finder.name).is_match(name)
                    && whole.is_none_or(|whole| compile(&whole).is_match(value))
            })
        })
        .map(|rule| rule.id)
        .collect()
}

#[test]
fn mailgun_values_are_told_apart_by_their_names() {
    let hex = String::from_utf8(render("{hex:32}", 1).unwrap().text).unwrap();
    let named = "mailgun-api-key-named";
    let webhook = "mailgun-webhook-signing-key";
    let (smtp, pair) = ("mailgun-smtp-password", "mailgun-smtp-credentials");
    let beside = "mailgun-smtp-password-beside";
    let cases: [(&str, &[&str]); 34] = [
        ("mailgun_api_key", &[named]),
        ("services.mailgun.secret", &[named]),
        ("wpms_mailgun_api_key", &[named]),
        ("fluentmail_mailgun_api_key", &[named]),
        ("bulk_email.mailgun.api_key", &[named]),
        ("mailgun.settings.api_key", &[named]),
        ("mailgun.private_api_key", &[named]),
        ("mg_api_key", &[named]),
        ("vite_mailgun_key", &[named]),
        ("mail_gun.api_key", &[named]),
        ("mailgun_public_key", &[]),
        ("mailgun_domain", &[]),
        ("img_key", &[]),
        ("mailgun_webhook_signing_key", &[webhook]),
        ("anymail_mailgun_webhook_signing_key", &[webhook]),
        ("anymail.mailgun_webhook_signing_key", &[webhook]),
        ("mailgun_signing_key", &[webhook]),
        ("webhook_signing_key", &[webhook]),
        ("mailgun.http_signing_key", &[webhook]),
        ("mailgun_ingress_signing_key", &[webhook]),
        ("mailer_mailgun.secret", &[named, webhook]),
        ("stripe_webhook_signing_key", &[]),
        (
            "mailgun_alerts_signing_key",
            &["mailgun-alerts-signing-key"],
        ),
        ("mailgun_smtp_password", &[smtp, pair]),
        ("mailgun.password", &[smtp, pair, beside]),
        ("mail.mailers.smtp.password", &[pair, beside]),
        ("discourse_smtp_password", &[pair]),
        ("authentik_email_password", &[pair]),
        ("mail_smtppassword", &[pair]),
        ("auth.pass", &[pair, beside]),
        ("password", &[pair, beside]),
        ("database.password", &[beside]),
        ("db_password", &[]),
        ("mail_password_hash", &[]),
    ];
    for (name, expected) in cases {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let mut found = takers("Mailgun", name, &hex);
        found.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
    let seed = String::from_utf8(render("{base32:16}", 1).unwrap().text).unwrap();
    for name in [
        "mailgun_totp_secret",
        "mailgun.two_factor_secret",
        "mailgun.account.2fa",
    ] {
        assert!(
            takers("Mailgun", name, &seed).contains(&"mailgun-totp-seed".to_owned()),
            "{name}"
        );
    }
}
