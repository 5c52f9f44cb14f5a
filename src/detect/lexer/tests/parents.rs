use super::{Syntax, marked};
use crate::detect::lexer::dotted_name;

#[test]
fn names_are_told_with_what_they_stand_in() {
    for (syntax, case, dotted) in [
        (
            Syntax::Php,
            "return ['services' => ['mailgun' => ['domain' => 'x', '«secret»' => 'b'",
            "services.mailgun.secret",
        ),
        (
            Syntax::Php,
            "array('a' => array('x'), 'mailgun' => array(\n // it's\n 'p' => \"]\", '«apiKey»' => ",
            "mailgun.api_key",
        ),
        (
            Syntax::Php,
            "$config['mail']['smtp-pass']['«Password»'] = ''",
            "config.mail.smtp_pass.password",
        ),
        (Syntax::Php, "$this->mail->«password» = ''", "mail.password"),
        (Syntax::Php, "function f() { $«password» = ''", "password"),
        (
            Syntax::Php,
            "define('«DB_PASSWORD»', '')",
            "define.db_password",
        ),
        (
            Syntax::Json,
            "{\"x\": {\"y\": 1}, \"mail\": {\"list\": [1, {\"«apiKey»\": \"\"",
            "mail.list.api_key",
        ),
        (
            Syntax::Json,
            "\"{\\\"mail\\\":{\\\"a\\\":\\\"b\\\",\\\"«key»\\\":",
            "mail.key",
        ),
        (
            Syntax::Js,
            "const mg = mailgun.client({username: 'api', «key»: ''",
            "mailgun.client.key",
        ),
        (
            Syntax::Js,
            "createTransport({ auth: { user: f('x'), «pass»: ''",
            "create_transport.auth.pass",
        ),
        (Syntax::Js, "config.mail = { «pass»: ''", "config.mail.pass"),
        (Syntax::Js, "this.«token» = ''", "token"),
        (
            Syntax::Yaml,
            "services:\n  x:\n    y: 1\n  mailgun:\n    # c\n\n    a: b\n    «secret»: b",
            "services.mailgun.secret",
        ),
        (Syntax::Yaml, "env:\n  - name: a\n  - «b_c»: d", "env.b_c"),
        (Syntax::Yaml, "a: {«b»: c}", "a.b"),
        (
            Syntax::Ini,
            "[x]\na=b\n[tool.mail]\n; c\n«api-key» = b",
            "tool.mail.api_key",
        ),
        (Syntax::Ini, "«mail.apiKey»=b", "mail_api_key"),
        (
            Syntax::Xml,
            "<config><a><b>c</b></a><mail><x/><«password»>",
            "config.mail.password",
        ),
        (
            Syntax::Xml,
            "<config><smtp host=\"x\" «password»=\"",
            "config.smtp.password",
        ),
        (
            Syntax::Xml,
            "<plist><dict><key>mail</key><dict><key>«pass»</key>",
            "mail.pass",
        ),
        (
            Syntax::Xml,
            "<section name=\"mailgun\"><add key=\"«k»\" value=\"",
            "mailgun.k",
        ),
        (
            Syntax::Text,
            "    [mailgun] => Array\n        (\n            [«secret»] => ",
            "mailgun.secret",
        ),
        (
            Syntax::Text,
            "  [\"mailgun\"]=>\n  array(1) {\n    [\"«secret»\"]=>",
            "mailgun.secret",
        ),
        (
            Syntax::Words,
            "machine a login b password c\nmachine api.mailgun.net login l «password» p",
            "api_mailgun_net.password",
        ),
        (Syntax::Shell, "mysql -u root -«p»x", "mysql.p"),
        (Syntax::Env, "«MAIL_PASSWORD»=", "mail_password"),
        (
            Syntax::Code,
            "mail {\n  x = 1\n  «password» = ",
            "mail.password",
        ),
        (
            Syntax::Code,
            "resource \"a\" \"smtp-user\" {\n «password» = ",
            "smtp_user.password",
        ),
        (Syntax::Code, "self.mail.«password» = ", "mail.password"),
    ] {
        let marked = marked(case);
        assert_eq!(
            dotted_name(marked.text.as_bytes(), marked.name, syntax),
            dotted,
            "{case}"
        );
    }
}

#[test]
fn no_more_than_six_levels_are_told() {
    let text = format!("{}x:", "{\"a\":".repeat(20));
    let name = text.len() - 2..text.len() - 1;
    assert_eq!(
        dotted_name(text.as_bytes(), name, Syntax::Json),
        "a.a.a.a.a.a.x"
    );
}
