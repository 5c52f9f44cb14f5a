use super::{Syntax, marked};
use crate::detect::lexer::assignment_at;

fn refuse(syntax: Syntax, cases: &[&str]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let marked = marked(case);
            let found = assignment_at(marked.text.as_bytes(), marked.name.start, syntax)?;
            Some(format!("{case:?}: {:?}", &marked.text[found.value]))
        })
        .collect();
    assert!(wrong.is_empty(), "{syntax:?}:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_assigned_in_code() {
    refuse(
        Syntax::Php,
        &[
            "$«password»)",
            "$«password»;",
            "$«password», 'x'",
            "f('«password»')",
            "f('«password»', 'x')",
            "$«password» = $x;",
            "$«password» = \"$x\";",
            "$«password» = \"a{$x}\";",
            "'«a»' => env('B')",
            "'«a»' => config('b')",
            "$«a» = 'x' . $y",
            "$«a» = '';",
            "$«a» = \"\";",
            "$«a» = getenv('X');",
            "$«password»->x",
            "\"SELECT «password»=\" . $x . \"'\"",
            "\"&«password»=\" . $x . \"&\"",
            "[«password»::class => 'x']",
            "$a ? $«password» : 'x'",
            "'«a»' => '%env(B)%'",
            "['«password»', 'email']",
            "\"«password»=\" . \"x\"",
            "\"«password»='\" . $x . \"'\"",
        ],
    );
    refuse(
        Syntax::Js,
        &[
            "«password»: string",
            "«password»?: string;",
            "«password»: x.y",
            "«password» = process.env.X",
            "«password»=${x}",
            "const «a» = `x${y}`",
            "{«password», 'x': 1}",
            "«a» = 'x' + y",
            "«a» = b('x')",
            "x ? «password» : 'y'",
            "<X «password»={y} />",
            "type=\"«password»\" id=\"x\"",
            "\"?«token»=\" + x",
            "this.«password».x = 'y'",
            "«a» = 'x'.concat(y)",
            ";«password»=e;x(\"a\")",
            "`?«token»=${x}`",
        ],
    );
    refuse(
        Syntax::Code,
        &[
            "«password» = f\"{x}\"",
            "«password» = \"%s\" % x",
            "«password» = x",
            "def «password»(\"x\")",
            "`json:\"«password»\"`",
            "«password» =~ \"x\"",
        ],
    );
}

#[test]
fn nothing_is_assigned_in_configuration() {
    refuse(
        Syntax::Env,
        &[
            "«A»=",
            "«A»=\"\"",
            "«A»=$B",
            "«A»=${B}",
            "«A»=''\nB=c",
            "«A»= # c",
            "«A»={{ x }}",
            "«A»=<%= x %>",
        ],
    );
    refuse(
        Syntax::Shell,
        &[
            "«A»=$(cmd)",
            "«A»=\"$B\"",
            "«A»=`cmd`",
            "echo $«PASSWORD»",
            "[ \"$«PASSWORD»\" = x ]",
            "cmd --«password» --x",
            "cmd --«password» $X",
            "mysql -u root -«p» db",
            "curl -u «a»:$B u",
        ],
    );
    refuse(
        Syntax::Yaml,
        &[
            "«a»: !vault |\n  x",
            "«a»:",
            "«a»: *x",
            "«a»: {{ x }}",
            "«a»: \"{{ x }}\"",
            "«a»: '%env(X)%'",
            "«a»: ${X}",
            "«a»: [x]",
            "«a»:b",
            "- name: «A»\n  valueFrom:\n    x: y",
            "«a»: # c",
        ],
    );
    refuse(
        Syntax::Json,
        &[
            "{\"«a»\": \"\"}",
            "{\"«a»\": null}",
            "{\"«a»\": {\"b\": \"c\"}}",
            "[\"«a»\", \"b\"]",
            "{\"«key»\":\"A\",\"value\":\"b\"}",
        ],
    );
    refuse(
        Syntax::Xml,
        &[
            "<«a»></a>",
            "<«a»/>",
            "<«a»><b>c</b></a>",
            "<input type=\"«password»\" name=\"x\">",
            "<«a»>${x}</a>",
            "</«a»>b<c>",
            "<p>«password» x</p>",
        ],
    );
    refuse(
        Syntax::Apache,
        &[
            "PassEnv «A»",
            "SetEnv «A»",
            "SetEnvIf «A» x",
            "SetEnv «A» ${B}",
        ],
    );
    refuse(
        Syntax::Nginx,
        &["fastcgi_param «A» $b;", "fastcgi_param «A» \"$b\";"],
    );
    refuse(Syntax::Docker, &["ARG «A»", "ENV «A»=$B", "ENV «A»=${B}"]);
    refuse(
        Syntax::Ini,
        &["«a»=", "«a» =\nb=c", "; «a» is b", "«a» = ; c"],
    );
    refuse(Syntax::Words, &["machine h «password»", "# «h» u:p"]);
    refuse(
        Syntax::Sql,
        &[
            "`«password»` varchar(255) NOT NULL DEFAULT ''",
            "WHERE «password» = ?",
            "WHERE «password» = :x",
        ],
    );
}

#[test]
fn nothing_is_assigned_in_prose() {
    refuse(
        Syntax::Text,
        &[
            "the «password» is secret",
            "«password»: see below",
            "your «password».",
            "a «password» = foo",
            "(«password»)",
            "«token»s: a",
            "#«PASSWORD»",
            "<«password»",
            "«A_B»=$X",
            "«A_B»=",
        ],
    );
}

#[test]
fn values_without_quotes_have_a_longest_length() {
    let longest = format!("A_B={}", "x".repeat(2048));
    assert!(assignment_at(longest.as_bytes(), 0, Syntax::Env).is_some());
    let longer = format!("{longest}x");
    assert_eq!(assignment_at(longer.as_bytes(), 0, Syntax::Env), None);
}

#[test]
fn near_misses_of_real_files_are_no_values() {
    refuse(
        Syntax::Apache,
        &["RewriteRule .* - [E=«A»:%{HTTP:Authorization}]"],
    );
    refuse(
        Syntax::Xml,
        &[
            "<«key»>a</key>\n<string>b</string>",
            "<«key»>a</key> <dict>",
        ],
    );
    refuse(Syntax::Js, &["u(\"[«secret»='\"+r,t.setAttribute(\"x\")"]);
    refuse(
        Syntax::Js,
        &["x(\"«token»=\"+lr);switch(a[0]){case 1:b(\"\")"],
    );
}

#[test]
fn checksums_labels_and_tokens_of_forms_are_none() {
    refuse(Syntax::Yaml, &["checksum/«secret»: b"]);
    refuse(
        Syntax::Xml,
        &[
            "<string name=\"«password»\">Contrasenya2</string>",
            "<input type=\"hidden\" name=\"_«token»\" value=\"b\">",
        ],
    );
}

#[test]
fn a_credential_is_not_what_a_function_of_its_name_is_asked_for() {
    refuse(
        Syntax::Code,
        &[
            "c.«getPassword»(\"main\")",
            "«password»(\"Password:\")",
            "c.«validateToken»(\"b\")",
            "«password» = get_password(\"main\")",
            "«token» = request(\"b\")",
            "«password».format(\"b\")",
            "«password»[0] == x",
            "if «password» == other:",
            "«passwords»[key]",
        ],
    );
    refuse(
        Syntax::Text,
        &[
            "«Password»: the password of the account\n",
            "Your «password»: b\n",
        ],
    );
}
