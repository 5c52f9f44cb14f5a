use super::{Syntax, marked};
use crate::detect::lexer::{assignment_at, name_of};

/// Both ways: from both ends of the name to the value, and from the value to the name.
fn check(syntax: Syntax, cases: &[&str]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| difference(syntax, case))
        .collect();
    assert!(wrong.is_empty(), "{syntax:?}:\n{}", wrong.join("\n"));
}

fn difference(syntax: Syntax, case: &str) -> Option<String> {
    let marked = marked(case);
    let text = marked.text.as_bytes();
    for word in [marked.name.start, marked.name.end - 1] {
        let found = assignment_at(text, word, syntax).map(|found| (found.name, found.value));
        if found != Some((marked.name.clone(), marked.value.clone())) {
            let shown = found.map(|(name, value)| (&marked.text[name], &marked.text[value]));
            return Some(format!("{case:?}: from the name {shown:?}"));
        }
    }
    let name = name_of(text, marked.value.clone(), syntax);
    let shown = name.clone().map(|name| &marked.text[name]);
    (name != Some(marked.name.clone())).then(|| format!("{case:?}: from the value {shown:?}"))
}

#[test]
fn env_files() {
    check(
        Syntax::Env,
        &[
            "«A_B»=‹b›",
            "«MAIL_PASSWORD»=‹hunter2›\nX=y",
            "«A»=\"‹b c›\"",
            "«A»='‹b›'",
            "export «A»=‹b›",
            "«A»=‹b› # comment",
            "«A» = ‹b›",
            "«A»=\"‹b\\\"c›\"",
            "«A»=‹b c d›",
            "«A»=‹b› C=d",
            "X=1\r\n«A_PASS»=‹b›\r\n",
            "«A»=‹a=b›",
            "#«A»=‹b›",
        ],
    );
}

#[test]
fn shells() {
    check(
        Syntax::Shell,
        &[
            "«PASS»=‹x› cmd",
            "export «PASS»='‹x y›'",
            "cmd --«password»=‹x› y",
            "cmd --«password» ‹x› y",
            "cmd --«password» '‹x y›'",
            "mysql -uroot -«p»'‹x›' db",
            "mysqldump -u root -«p»‹x› db",
            "curl -u «api»:‹x› https://a",
            "curl --user '«api»:‹x›' https://a",
            "curl -H \"«X-Api-Key»: ‹b›\" u",
            "curl -H '«Authorization»: Bearer ‹b›' u",
            "curl https://a/?«api_key»=‹b›&x=y",
            "docker run -e «DB_PASS»=‹b› x",
            "docker run -e \"«DB_PASS»=‹b›\" x",
            "setenv «A_KEY» ‹b›",
            "export A=1 «B»=‹c›; ls",
            "aws configure set «aws_secret_access_key» ‹b›",
        ],
    );
}

#[test]
fn php() {
    check(
        Syntax::Php,
        &[
            "define('«DB_PASSWORD»', '‹b›');",
            "define( \"«A»\" , \"‹b›\" );",
            "const «A» = '‹b›';",
            "['«secret»' => '‹b›']",
            "array(\n  \"«key»\"   =>   \"‹b›\",\n)",
            "putenv('«A»=‹b›');",
            "putenv(\"«A»=‹b›\");",
            "$_ENV['«A»'] = '‹b›';",
            "$_SERVER[\"«A»\"] = \"‹b›\";",
            "$config['x']['«y»'] = '‹b›';",
            "$this->«password» = '‹b›';",
            "public $«password» = '‹b›';",
            "'x' => env('«A»', '‹default›'),",
            "$m->set«Password»('‹b›');",
            "f(«password»: '‹b›')",
            "getenv('«X»') ?: '‹v›'",
            "$_ENV['«X»'] ?? '‹v›'",
            "$x = array('«pass»'=>'‹it\\'s›');",
            "private string $«token» = '‹b›';",
            "ini_set('«SMTP_pass»', '‹b›')",
            "[\"name\" => \"«A»\", \"value\" => \"‹b›\"]",
            "'X' => ['«Authorization»' => 'Basic ‹b›']",
            "curl_setopt($c, X, ['«X-Api-Key»: ‹b›']);",
            "\"https://a/?«token»=‹b›\"",
            "$dsn = 'mysql:host=h;user=u;«password»=‹b›';",
            "$x->«password» ??= '‹b›';",
        ],
    );
    check(Syntax::Php, &["const «A» = '‹$2y$10$abc›';"]);
}

#[test]
fn json() {
    check(
        Syntax::Json,
        &[
            "{\"«a»\":\"‹b›\"}",
            "{\"«a»\" :\n \"‹b›\"}",
            "{\"x\":\"{\\\"«a»\\\":\\\"‹b›\\\"}\"}",
            "{\"key\":\"«A»\",\"value\":\"‹b›\"}",
            "{\"name\": \"«A»\",\n \"enabled\": true,\n \"value\": \"‹b›\"}",
            "{\"value\":\"‹b›\",\"key\":\"«A»\"}",
            "[\"«DB_PASS»=‹b›\"]",
            "{\"«Authorization»\": \"Bearer ‹b›\"}",
            "{\"u\": \"https://x/?«api_key»=‹b›&c=d\"}",
            "{\"«A»\": {\"value\": \"‹b›\"}}",
            "{\"«A_PASS»\": {\n  \"value\": \"‹b›\", \"required\": true}}",
        ],
    );
}

#[test]
fn yaml() {
    check(
        Syntax::Yaml,
        &[
            "«a»: ‹b›",
            "«a»: '‹b›'",
            "«a»: \"‹b›\" # c",
            "«a»: ‹b› # c",
            "env:\n  - «A»=‹b›\n",
            "env:\n  - \"«A»=‹b›\"\n",
            "- name: «A»\n  value: ‹b›\n",
            "- name: «A»\n  value: \"‹b›\"\n- name: C\n  value: d\n",
            "- value: ‹b›\n  name: «A»\n",
            "«a»: |\n  ‹first line›\n  second",
            "«a»: >-\n  ‹b›",
            "«a»: &x ‹b›",
            "x: {«a»: ‹b›, c: d}",
            "  «spring.mail.password»: ‹b›",
            "\"«a»\": \"‹b›\"",
            "command: run --«password»=‹b›",
            "a: \"{{ «mail_pass» | default('‹b›') }}\"",
        ],
    );
}

#[test]
fn ini() {
    check(
        Syntax::Ini,
        &[
            "«a»=‹b›",
            "«a» = \"‹b›\"",
            "«a»: ‹b›",
            "«a» = ‹b› ; c",
            "[x]\n«a» = ‹b› # c",
            "«mail.api.key»=‹b;c›",
            "env[«A»] = ‹b›",
            "php_value[«x»] = ‹b›",
            "Environment=\"«A»=‹b›\"",
            "Environment=«A»=‹b›",
            "//registry.npmjs.org/:«_authToken»=‹x›",
            "«requirepass» ‹b›",
            "[client]\n«password»='‹b›'",
            "«a» = '''‹b›'''",
        ],
    );
}

#[test]
fn xml() {
    check(
        Syntax::Xml,
        &[
            "<«a»>‹b›</a>",
            "<«a» type=\"x\">‹b›</a>",
            "<add key=\"«A»\" value=\"‹b›\"/>",
            "<add value=\"‹b›\" key=\"«A»\" />",
            "<entry key=\"«a»\">‹b›</entry>",
            "<x «password»=\"‹b›\">",
            "<key>«a»</key>\n<string>‹b›</string>",
            "<«a»><![CDATA[‹b›]]></a>",
            "<crypt><«key»><![CDATA[‹b›]]></key></crypt>",
            "<crypt><«key»>‹b›</key></crypt>",
            "<tr><td class=\"e\">«A» </td><td class=\"v\">‹b› </td></tr>",
            "<tr><td class=\"e\">$_ENV['X']</td></tr><tr><td>«A»</td><td>‹b›</td></tr>",
            "<td>«A»</td><td><pre class=\"x\"><span class=\"y\">‹b›</span></pre></td>",
            "<td class=\"e\">$_SERVER['«A»']</td><td class=\"v\">‹b›</td>",
            "<input name=\"«a»\" value=\"‹b›\">",
            "<input value=\"‹b›\" type=\"hidden\" name=\"«a»\">",
            "<member><name>«a»</name><value><string>‹b›</string></value>",
            "x=\"{&quot;«a»&quot;:&quot;‹b›&quot;}\"",
            "<name>«a»</name>\n <value>‹b›</value>",
            "<a href=\"/?x=y&amp;«token»=‹b›\">",
            "<x s=\"Server=h;«Password»=‹b›;\"/>",
            "<x s=\"Server=h; X=y;«Pwd»=‹b›\"/>",
            "<ns:«password»>‹b›</ns:password>",
        ],
    );
}

#[test]
fn javascript() {
    check(
        Syntax::Js,
        &[
            "{ «a»: '‹b›' }",
            "{ '«a»': \"‹b›\" }",
            "«a» = '‹b›'",
            "«a»: \"‹b›\"",
            "const «a»='‹b›';",
            "const «a» = `‹b›`;",
            "process.env.«A» = '‹b›'",
            "<X «password»=\"‹b›\" />",
            "process.env.«X» || '‹v›'",
            "process.env.«X» ?? \"‹v›\"",
            "const «y»: string = '‹v›'",
            "config['«a»'] = '‹b›'",
            "x.set«Password»(\"‹b›\")",
            "headers: { '«X-Api-Key»': '‹b›' }",
            "{ «a»: Joi.string().default('‹b›') }",
            "headers.set('«Authorization»', 'Bearer ‹b›')",
            "{key: '«A»', value: '‹b›'}",
            "var x=1,«apiKey»=\"‹b›\",y",
            "{ pass: 1, «auth»:\n  '‹b›' }",
        ],
    );
}

#[test]
fn other_languages() {
    check(
        Syntax::Code,
        &[
            "«a» = \"‹b›\"",
            "«a»: \"‹b›\"",
            ":«a» => \"‹b›\"",
            "«a» := \"‹b›\"",
            "f(«password»=\"‹b›\")",
            "os.environ[\"«A»\"] = \"‹b›\"",
            "«a» = r\"‹b›\"",
            "«a» = f\"‹b›\"",
            "set«Password»(\"‹b›\")",
            "«a» = \"\"\"‹b›\"\"\"",
            "os.environ.get('«X»', '‹v›')",
            "os.getenv(\"«X»\", \"‹v›\")",
            "env(\"«X»\", default=\"‹v›\")",
            "ENV.fetch('«X»') { '‹v›' }",
            "ENV['«X»'] || '‹v›'",
            "val «password»: String = \"‹b›\"",
            "@Value(\"${«x»:‹lit›}\")",
            "«a» = @\"‹b›\";",
            "Password = \"x\", «Token» = \"‹b›\"",
            "os.environ.get(\"«X»\") or \"‹v›\"",
            "name = \"«A»\"\n value = \"‹b›\"",
            "Private Const «API_KEY» As String = \"‹b›\"",
            "sh 'mvn deploy -D«password»=‹b› -q'",
        ],
    );
}

#[test]
fn web_servers() {
    check(
        Syntax::Apache,
        &[
            "SetEnv «A» ‹b›",
            "SetEnv «A» \"‹b c›\"",
            "  SetEnv   «A»   ‹b›\n",
            "RewriteRule .* - [E=«A»:‹b›]",
            "RewriteRule .* - [E=«A»:‹b›,L]",
            "php_value «x.pass» ‹b›",
            "RequestHeader set «Authorization» \"Basic ‹b›\"",
        ],
    );
    check(
        Syntax::Nginx,
        &[
            "fastcgi_param «A» ‹b›;",
            "fastcgi_param «A» \"‹b›\";",
            "set $«a» \"‹b›\";",
            "set $«a» ‹b›;",
            "env «A»=‹b›;",
            "proxy_set_header «Authorization» \"Basic ‹b›\";",
            "proxy_set_header «X-Api-Key» ‹b›;",
        ],
    );
    check(
        Syntax::Docker,
        &[
            "ENV «A»=‹b› C=d",
            "ENV A=b «C»=‹d›",
            "ENV «A» ‹b›",
            "ENV «A» ‹b c›",
            "ARG «A»=‹b›",
            "ENV «A»=\"‹b c›\"",
            "RUN x --«password»=‹b›",
        ],
    );
}

#[test]
fn sql() {
    check(
        Syntax::Sql,
        &[
            "VALUES (12,'«A»','‹b›','yes')",
            "(12, '«mail_pass»', '‹b›', 'yes')",
            "CREATE USER u «IDENTIFIED» BY '‹b›'",
            "IDENTIFIED WITH «mysql_native_password» BY '‹b›'",
            "ALTER ROLE x «PASSWORD» '‹b›'",
            "SET «PASSWORD» = '‹b›'",
            "SET «PASSWORD» FOR 'u'@'h' = '‹b›'",
            "UPDATE x SET «col» = '‹b›'",
            "UPDATE x SET `«col»`='‹b›', y=1",
            "'s:1:\\\"«A»\\\";s:1:\\\"‹b›\\\";'",
            "SET x = «PASSWORD»('‹b›')",
        ],
    );
    check(Syntax::Text, &["s:1:\"«A»\";s:1:\"‹b›\";"]);
}

#[test]
fn words() {
    check(
        Syntax::Words,
        &[
            "machine h login l «password» ‹p›",
            "machine h\n login l\n «password» ‹p›\n",
            "host h\n«password» ‹p›",
            "«password» \"‹p›\"",
            "[«smtp.example.org»]:587 user:‹pass›",
            "«smtp.example.org» user@x.y:‹pa:ss›",
            "# c\n«h»:5432:*:u:‹pass›\n",
        ],
    );
}

#[test]
fn text() {
    check(
        Syntax::Text,
        &[
            "«MAIL_PASS»=‹b›",
            "«password»: '‹b›'",
            "'«password»' => '‹b›'",
            "Array\n(\n    [«A»] => ‹b c›\n)",
            "  [\"«A»\"]=>\n  string(5) \"‹b›\"",
            "«MAIL_PASSWORD»: ‹b›",
            "«MAIL_PASSWORD» => ‹b›\n",
            "$_ENV['«A»'] => ‹b›\n",
            "GET /?a=b&«api_key»=‹b› HTTP/1.1",
            "«Authorization»: Bearer ‹b›",
            "«X-Api-Key»: ‹b›",
            "[«password»:protected] => ‹b›",
            "run --«password»=‹b› now",
            "export «A_B»=‹b›, then",
            "`«A_PASS»=‹b›`",
            "[\"«password»\":\"X\":private]=>\n string(1) \"‹b›\"",
        ],
    );
}

/// An expression that reads another setting has two names; the way back tells the nearer one.
#[test]
fn fallbacks_are_the_value_of_both_names() {
    for (syntax, outer, inner) in [
        (Syntax::Env, "«A»=${B:-‹literal›}", "A=${«B»:-‹literal›}"),
        (Syntax::Ini, "«A»=${B:‹c›}", "A=${«B»:‹c›}"),
        (
            Syntax::Code,
            "«y» = os.environ.get('X', '‹v›')",
            "y = os.environ.get('«X»', '‹v›')",
        ),
        (
            Syntax::Code,
            "«y» = ENV.fetch('X') { '‹v›' }",
            "y = ENV.fetch('«X»') { '‹v›' }",
        ),
        (
            Syntax::Code,
            "«y» = ENV['X'] || '‹v›'",
            "y = ENV['«X»'] || '‹v›'",
        ),
        (
            Syntax::Js,
            "const «y» = process.env.X || '‹v›'",
            "const y = process.env.«X» || '‹v›'",
        ),
        (
            Syntax::Php,
            "define('«A»', env('B', '‹c›'));",
            "define('A', env('«B»', '‹c›'));",
        ),
        (
            Syntax::Php,
            "$«k» = env('B', '‹c›');",
            "$k = env('«B»', '‹c›');",
        ),
        (
            Syntax::Php,
            "'«k»' => getenv('B') ?: '‹c›',",
            "'k' => getenv('«B»') ?: '‹c›',",
        ),
        (
            Syntax::Yaml,
            "«a»: \"{{ x | default('‹b›') }}\"",
            "a: \"{{ «x» | default('‹b›') }}\"",
        ),
        (Syntax::Yaml, "«a»: ${X:‹b›}", "a: ${«X»:‹b›}"),
        (
            Syntax::Json,
            "{\"«A»\": \"${B:-‹c›}\"}",
            "{\"A\": \"${«B»:-‹c›}\"}",
        ),
        (Syntax::Shell, "«A»=\"${B:-‹v›}\"", "A=\"${«B»:-‹v›}\""),
    ] {
        let expected = marked(outer);
        let found = assignment_at(expected.text.as_bytes(), expected.name.start, syntax);
        assert_eq!(
            found.map(|found| found.value),
            Some(expected.value),
            "{outer}"
        );
        check(syntax, &[inner]);
    }
}

#[test]
fn the_last_part_of_a_path_leads_to_its_value() {
    for (syntax, case) in [
        (
            Syntax::Sql,
            "VALUES (9,'default',0,'«smtp/options/password»','‹b›')",
        ),
        (Syntax::Json, "{\"«Smtp:Password»\": \"‹b›\"}"),
        (
            Syntax::Xml,
            "<add key=\"«Mailgun:SigningKey»\" value=\"‹b›\" />",
        ),
        (Syntax::Text, "«Smtp:Accounts:0:Password» = ‹b›\n"),
        (
            Syntax::Code,
            "configuration[\"«Smtp:Password»\"] = \"‹b›\";",
        ),
        (Syntax::Yaml, "\"«smtp:password»\": ‹b›\n"),
        (Syntax::Code, "Vault::«password» = \"‹b›\""),
    ] {
        let marked = marked(case);
        let text = marked.text.as_bytes();
        let found = assignment_at(text, marked.name.end - 1, syntax);
        assert_eq!(
            found.map(|found| (found.name, found.value)),
            Some((marked.name.clone(), marked.value.clone())),
            "{case}"
        );
        assert_eq!(
            name_of(text, marked.value, syntax),
            Some(marked.name),
            "{case}"
        );
    }
}

#[test]
fn builders_and_conversions() {
    check(
        Syntax::Code,
        &[
            "c.with«Password»(\"‹b›\").build()",
            "c.«password»(\"‹b›\")",
            "c.set«Password»(\"‹b›\".toCharArray());",
            "var «secret» = []byte(\"‹b›\")",
            "«db_password»: SecretStr = SecretStr(\"‹b›\")",
            "«password»: str = Field(\"‹b›\", env=\"X\")",
            "«password»: str = Field(default=\"‹b›\")",
            "let «token» = String::from(\"‹b›\");",
            "auto «token» = std::string(\"‹b›\");",
            "const QString «secret» = QStringLiteral(\"‹b›\");",
            "static «PASSWORD»: &'static str = \"‹b›\";",
            "«SECRET_KEY» = (\"‹b›\"\n  \"c\")",
            "«API_KEY» = \\\n    '‹b›'",
            "#define «API_KEY» (\"‹b›\")",
            "const std::string «kApiKey»{\"‹b›\"};",
            "static const char «wifi_pass»[] = \"‹b›\";",
            "char «mqtt_password»[32] = \"‹b›\";",
            "$«password» = ConvertTo-SecureString \"‹b›\" -AsPlainText -Force",
            "String «password» = \"‹b›\" +\n \"c\";",
        ],
    );
}

#[test]
fn comparisons_and_pairs() {
    check(
        Syntax::Code,
        &[
            "if «password» == \"‹b›\":",
            "manifestPlaceholders = [«apiKey»: \"‹b›\"]",
            "@Value(\"${«db.password»:‹b›}\")",
            "if («password».equals(\"‹b›\")) return;",
            "Map(\"«password»\" -> \"‹b›\")",
            "mapOf(\"«x-api-key»\" to \"‹b›\")",
            "{ \"«password»\", \"‹b›\" },",
            "req.Header.Add(\"«X-Api-Key»\", \"‹b›\")",
            "    «storePassword» '‹b›'\n",
            "env.getOrElse(\"«SECRET_KEY»\", \"‹b›\")",
        ],
    );
    check(
        Syntax::Php,
        &[
            "$«password» === '‹b›'",
            "$_GET['«token»'] != '‹b›'",
            "#[WithConfig('«app.key»', '‹b›')]",
        ],
    );
    check(
        Syntax::Js,
        &["if («pass» === '‹b›') {", "«token» !== \"‹b›\""],
    );
}

#[test]
fn notes_and_single_dashes() {
    check(
        Syntax::Text,
        &[
            "«secret_key_base»: ‹b›\n",
            "«password» = ‹b›\n",
            "\n«Password»: ‹b›\n",
            "\n- SMTP «password»: ‹b1›\n",
            "\nroot «pwd» = ‹b1›\n",
        ],
    );
    check(
        Syntax::Shell,
        &["mvn -D«db.password»=‹b› deploy", "influx -«password» '‹b›'"],
    );
}
