//! Whole incidents as generated trees with logs: the named cause is the planted one, and the safe twin names none.

use serde_json::Value;

use super::git::git_in;
use super::support::{Tree, env_file, mailgun_key};

/// A line as `combined` has it.
fn line(request: &str, answer: &str) -> String {
    format!(
        "203.0.113.9 - - [21/Nov/2026:03:02:07 +0000] \"{request} HTTP/1.1\" {answer} \"-\" \"python-requests/2.31\"\n"
    )
}

/// Apache serves a directory of the tree.
fn apache(directory: &str) -> String {
    format!(
        "services:\n  web:\n    image: php:8.3-apache\n    volumes:\n      - ./{directory}:/var/www/html\n"
    )
}

const NGINX: &str = "http {\n  server {\n    listen 80;\n    root /srv/app;\n    index index.php;\n    location / { try_files \
                     $uri $uri/ =404; }\n    location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; }\n  }\n}\n";

/// Investigates `app` with the logs beside it, and gives the case.
fn investigate(tree: &Tree, extra: &[&str]) -> Value {
    let mut args = vec!["investigate", "app", "--isolated"];
    args.extend(extra);
    let run = tree.run(&args);
    assert!(matches!(run.code, Some(0 | 1 | 3)), "{run:#?}");
    serde_json::from_str(&std::fs::read_to_string(tree.at("spillcheck-case.json")).unwrap())
        .unwrap()
}

/// The first cause, as class, file and reach.
#[track_caller]
fn first_cause(case: &Value) -> (String, String, String) {
    let cause = &case["answer"]["causes"][0];
    let field = |name: &str| cause[name].as_str().unwrap_or_default().to_owned();
    (field("class"), field("file"), field("reach"))
}

#[track_caller]
fn names(case: &Value, class: &str, file: &str, reach: &str) {
    assert_eq!(
        first_cause(case),
        (class.to_owned(), file.to_owned(), reach.to_owned()),
        "{case:#}"
    );
}

/// No way leads out, nor has led out.
#[track_caller]
fn names_none(case: &Value) {
    let causes = case["answer"]["causes"].as_array().unwrap();
    let out = ["observed-leak", "reachable", "published", "likely"];
    let named: Vec<&Value> = causes
        .iter()
        .filter(|cause| out.contains(&cause["reach"].as_str().unwrap()))
        .collect();
    assert!(named.is_empty(), "{named:#?}");
}

#[test]
fn laravel_env_served_by_apache() {
    let key = mailgun_key(41);
    let env = env_file(&key);
    let compose = apache("");
    let files = [
        ("app/docker-compose.yml", compose.as_str()),
        ("app/.env", &env),
        ("app/artisan", "#!/usr/bin/env php\n"),
        ("app/bootstrap/app.php", "<?php return 1;\n"),
        ("app/public/index.php", "<?php echo 1;\n"),
    ];
    let tree = Tree::of(&files);
    tree.write(
        "app/logs/access.log",
        line("GET /.env", &format!("200 {}", env.len())),
    );
    let case = investigate(&tree, &[]);
    names(
        &case,
        "exposed environment file",
        "app/.env",
        "observed-leak",
    );
    assert_eq!(
        case["answer"]["causes"][0]["first_fetched"],
        "2026-11-21T03:02:07Z"
    );

    let twin = Tree::of(&files);
    twin.write("app/docker-compose.yml", apache("public"));
    twin.write("app/logs/access.log", line("GET /.env", "404 196"));
    names_none(&investigate(&twin, &[]));
}

#[test]
fn wordpress_backup_on_nginx_with_an_inert_htaccess() {
    let key = mailgun_key(42);
    let config = format!("<?php\ndefine('DB_NAME', 'wp');\ndefine('MAILGUN_APIKEY', '{key}');\n");
    let files = [
        ("nginx.conf", NGINX),
        ("app/wp-config.php", &config),
        ("app/wp-config.php.bak", &config),
        ("app/wp-load.php", "<?php\n"),
        (
            "app/wp-includes/version.php",
            "<?php\n$wp_version = '6.7.1';\n",
        ),
        (
            "app/.htaccess",
            "<Files \"wp-config.php.bak\">\nRequire all denied\n</Files>\n",
        ),
        ("app/index.php", "<?php echo 1;\n"),
    ];
    let tree = Tree::of(&files);
    let log = [
        line("GET /wp-config.php", "200 0"),
        line("GET /wp-config.php.bak", &format!("200 {}", config.len())),
    ];
    tree.write("app/logs/access.log", log.concat());
    let args = ["--server-config=nginx.conf", "--map=/srv/app=app"];
    let case = investigate(&tree, &args);
    names(
        &case,
        "copy of a configuration",
        "app/wp-config.php.bak",
        "observed-leak",
    );
    let wordpress = &case["examined"][0];
    assert_eq!(
        (&wordpress["theme"], &wordpress["done"]),
        (&"WordPress".into(), &true.into())
    );

    let twin = Tree::of(&files);
    std::fs::remove_file(twin.at("app/wp-config.php.bak")).unwrap();
    twin.write(
        "app/logs/access.log",
        log[0].clone() + &line("GET /wp-config.php.bak", "404 153"),
    );
    names_none(&investigate(&twin, &args));
}

#[test]
fn wordpress_debug_log() {
    let key = mailgun_key(43);
    let trace = format!(
        "[20-Nov-2026 10:00:00 UTC] PHP Warning: mail failed: https://api:{key}@api.mailgun.net/v3/mg.example.com/messages\n"
    );
    let config = "<?php\ndefine('WP_DEBUG', true);\ndefine('WP_DEBUG_LOG', true);\ndefine('WP_DEBUG_DISPLAY', false);\n";
    let tree = Tree::of(&[
        (
            "app/Dockerfile",
            "FROM wordpress:6-apache\nCOPY . /var/www/html\n",
        ),
        ("app/wp-config.php", config),
        ("app/wp-load.php", "<?php\n"),
        (
            "app/wp-includes/version.php",
            "<?php\n$wp_version = '6.7.1';\n",
        ),
        ("app/wp-content/debug.log", &trace.repeat(3)),
        ("app/index.php", "<?php echo 1;\n"),
    ]);
    tree.write(
        "app/logs/access.log",
        line("GET /wp-content/debug.log", &format!("200 {}", trace.len())),
    );
    let case = investigate(&tree, &[]);
    names(
        &case,
        "exposed log",
        "app/wp-content/debug.log",
        "observed-leak",
    );

    tree.write(
        "app/wp-content/.htaccess",
        "<Files \"debug.log\">\nRequire all denied\n</Files>\n",
    );
    tree.write(
        "app/logs/access.log",
        line("GET /wp-content/debug.log", "403 199"),
    );
    names_none(&investigate(&tree, &[]));
}

#[test]
fn phpinfo_with_the_environment_of_the_container() {
    let key = mailgun_key(44);
    let compose = format!(
        "services:\n  web:\n    image: php:8.3-apache\n    environment:\n      MAILGUN_SECRET: {key}\n    volumes:\n      - \
         ./public:/var/www/html\n    ports:\n      - '80:80'\n"
    );
    let files = [
        ("app/docker-compose.yml", compose.as_str()),
        ("app/public/index.php", "<?php echo 1;\n"),
        ("app/public/info.php", "<?php phpinfo();\n"),
    ];
    let tree = Tree::of(&files);
    tree.write("app/logs/access.log", line("GET /info.php", "200 72114"));
    let case = investigate(&tree, &[]);
    names(
        &case,
        "phpinfo page",
        "app/docker-compose.yml",
        "observed-leak",
    );

    let twin = Tree::of(&files);
    std::fs::remove_file(twin.at("app/public/info.php")).unwrap();
    twin.write("app/logs/access.log", line("GET /info.php", "404 196"));
    names_none(&investigate(&twin, &[]));
}

#[test]
fn nothing_is_to_be_found() {
    let tree = Tree::of(&[
        ("app/docker-compose.yml", &apache("")),
        ("app/index.php", "<?php echo 1;\n"),
        ("app/logs/access.log", &line("GET /.env", "404 196")),
    ]);
    let run = tree.run(&[
        "investigate",
        "app",
        "--isolated",
        "--report=md=report.md",
        "--plan=Foundation",
        "--prevention=a hook before each commit",
        "--prevention=a sending key for each domain",
    ]);
    run.exits(0)
        .says("None was found: the cause is not in what was scanned.");
    for told in [
        "WordPress: not examined:",
        "Apache: examined:",
        "public repositories: not examined:",
        "access logs: examined:",
    ] {
        run.says(told);
    }
    let report = std::fs::read_to_string(tree.at("report.md")).unwrap();
    for told in [
        "None was found",
        "**Plan**: Foundation",
        "**Reseller**: not stated",
        "- a hook before each commit\n- a sending key for each domain",
        "read: 1 log with 1 line",
        "to lift limits",
    ] {
        assert!(report.contains(told), "{told}: {report}");
    }
}

#[test]
fn laravel_debug_page() {
    let key = mailgun_key(45);
    let lock = r#"{"packages":[{"name":"laravel/framework","version":"v5.8.38"},{"name":"filp/whoops","version":"2.7.1"}],"packages-dev":[]}"#;
    let env = |debug: &str| format!("APP_ENV=production\nAPP_DEBUG={debug}\n{}", env_file(&key));
    let compose = apache("public");
    let tree = Tree::of(&[
        ("app/docker-compose.yml", compose.as_str()),
        ("app/.env", &env("true")),
        ("app/artisan", "#!/usr/bin/env php\n"),
        ("app/bootstrap/app.php", "<?php return 1;\n"),
        ("app/composer.lock", lock),
        ("app/public/index.php", "<?php echo 1;\n"),
    ]);
    let pages = line("POST /", "500 91234") + &line("GET /login", "500 48211");
    tree.write("app/logs/access.log", pages);
    names(
        &investigate(&tree, &[]),
        "debug page",
        "app/.env",
        "observed-leak",
    );

    tree.write("app/.env", env("false"));
    tree.write("app/logs/access.log", line("POST /", "500 6309"));
    names_none(&investigate(&tree, &[]));
}

#[test]
fn key_in_the_bundle_of_a_node_application() {
    let key = mailgun_key(46);
    let bundle = format!("const a={{mailgun:{{apiKey:\"{key}\"}}}};export{{a as m}};\n");
    let compose = "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - ./dist:/usr/share/nginx/html\n";
    let tree = Tree::of(&[
        ("app/docker-compose.yml", compose),
        ("app/package.json", "{\"name\":\"shop\",\"private\":true}\n"),
        (
            "app/dist/index.html",
            "<script type=\"module\" src=\"/assets/index-ab12.js\"></script>\n",
        ),
        ("app/dist/assets/index-ab12.js", &bundle),
    ]);
    tree.write(
        "app/logs/access.log",
        line(
            "GET /assets/index-ab12.js",
            &format!("200 {}", bundle.len()),
        ),
    );
    names(
        &investigate(&tree, &[]),
        "client bundle",
        "app/dist/assets/index-ab12.js",
        "observed-leak",
    );

    tree.write(
        "app/dist/assets/index-ab12.js",
        "const a={mailgun:{}};export{a as m};\n",
    );
    tree.write("app/server/.env", env_file(&key));
    names_none(&investigate(&tree, &[]));
}

#[test]
fn profiler_of_symfony() {
    let key = mailgun_key(47);
    let bundles = "<?php\nreturn [\n    Symfony\\Bundle\\FrameworkBundle\\FrameworkBundle::class => ['all' => true],\n    \
                   Symfony\\Bundle\\WebProfilerBundle\\WebProfilerBundle::class => ['all' => true],\n];\n";
    let compose = apache("public");
    let tree = Tree::of(&[
        ("app/docker-compose.yml", compose.as_str()),
        ("app/.env.local", &env_file(&key)),
        ("app/bin/console", "#!/usr/bin/env php\n"),
        ("app/src/Kernel.php", "<?php\n"),
        ("app/config/bundles.php", bundles),
        ("app/public/index.php", "<?php echo 1;\n"),
    ]);
    tree.write(
        "app/logs/access.log",
        line("GET /_profiler/open?file=.env.local", "200 3120"),
    );
    names(
        &investigate(&tree, &[]),
        "debug tool",
        "app/config/bundles.php",
        "observed-leak",
    );

    tree.write(
        "app/config/bundles.php",
        bundles.replace(
            "WebProfilerBundle::class => ['all'",
            "WebProfilerBundle::class => ['dev'",
        ),
    );
    tree.write(
        "app/logs/access.log",
        line("GET /_profiler/open?file=.env.local", "404 196"),
    );
    names_none(&investigate(&tree, &[]));
}

#[test]
fn key_in_a_repository_that_is_pushed() {
    let key = mailgun_key(48);
    let tree = Tree::of(&[
        (
            "app/config/mail.php",
            &format!("<?php return ['mailgun_secret' => '{key}'];\n"),
        ),
        ("app/.gitignore", ".env\n"),
    ]);
    let git = |args: &[&str]| git_in(&tree.at("app"), args);
    git(&["init", "-q"]);
    git(&["add", "config/mail.php", ".gitignore"]);
    git(&["commit", "-qm", "shop"]);
    git(&[
        "remote",
        "add",
        "origin",
        "https://github.com/example/shop.git",
    ]);
    let case = investigate(&tree, &[]);
    names(&case, "repository", "app/config/mail.php", "published");
    let told = case["examined"].to_string();
    assert!(told.contains("pushed to origin at github.com"), "{told}");

    tree.write(
        "app/config/mail.php",
        "<?php return ['mailgun_secret' => env('MAILGUN_SECRET')];\n",
    );
    tree.write("app/.env", env_file(&key));
    names_none(&investigate(&tree, &[]));
}

#[test]
fn what_was_sent_is_joined_with_what_was_fetched() {
    let key = mailgun_key(49);
    let env = env_file(&key);
    let compose = apache("");
    let tree = Tree::of(&[
        ("app/docker-compose.yml", compose.as_str()),
        ("app/.env", &env),
    ]);
    tree.write(
        "app/logs/access.log",
        line("GET /.env", &format!("200 {}", env.len())),
    );
    let event = |id: &str, at: &str| {
        format!("{{\"event\":\"accepted\",\"@timestamp\":\"{at}\",\"api-key-id\":\"{id}\"}}\n")
    };
    let events = event("00000000-00000000", "2026-11-20T03:02:07Z")
        + &event(&key[33..], "2026-11-21T07:02:07Z");
    tree.write("events.jsonl", events);
    let case = investigate(&tree, &["--mailgun-events=events.jsonl"]);
    assert_eq!(case["account"]["first_abuse"], "2026-11-21T07:02:07Z");
    let told = case["timeline"].to_string();
    assert!(
        told.contains("the leaked key was first used 4 hours after the first fetch"),
        "{told}"
    );
    tree.run(&[
        "investigate",
        "app",
        "--isolated",
        "--mailgun-events=app/.env",
    ])
    .exits(2)
    .warns("app/.env");
}
