use crate::input::{Kind, Memory};
use crate::site::Watch;

use super::*;

fn read(file: &str, text: &str) -> Vec<String> {
    let packages = read_lock(file, text.as_bytes()).unwrap();
    let shown = |package: &Package| {
        let dev = if package.is_dev { " dev" } else { "" };
        format!(
            "{} {} :{}{dev}",
            package.name, package.version, package.line
        )
    };
    packages.iter().map(shown).collect()
}

#[test]
fn composer_lock_and_what_is_installed() {
    let lock = r#"{
  "packages": [
    {
      "name": "Laravel/Framework",
      "version": "v8.4.2"
    }
  ],
  "packages-dev": [{"name": "filp/whoops", "version": "2.9.0"}]
}"#;
    assert_eq!(
        read("composer.lock", lock),
        ["laravel/framework v8.4.2 :4", "filp/whoops 2.9.0 :8 dev"]
    );
    let installed = r#"{"packages": [{"name": "a/b", "version": "1.0"}, {"name": "c/d", "version": "2"}],
        "dev": true, "dev-package-names": ["c/d"]}"#;
    assert_eq!(
        read("vendor/composer/installed.json", installed),
        ["a/b 1.0 :1", "c/d 2 :1 dev"]
    );
    assert_eq!(
        read("installed.json", r#"[{"name": "a/b", "version": "1.0"}]"#),
        ["a/b 1.0 :1"]
    );
}

#[test]
fn gemfile_lock_and_the_groups_of_the_gemfile() {
    let lock = "GIT\n  remote: https://example.com/a.git\n  specs:\n    a (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  \
                specs:\n    actionview (5.2.2)\n      builder (~> 3.1)\n    nokogiri (1.10.1-x86_64-linux)\n\nPLATFORMS\n  \
                ruby\n\nDEPENDENCIES\n    rails (= 1)\n";
    assert_eq!(
        read("Gemfile.lock", lock),
        ["a 1.0 :4", "actionview 5.2.2 :9", "nokogiri 1.10.1 :11"]
    );
    let gemfile = "gem 'rails', '5.2'\ngroup :development, :test do\n  gem 'web-console'\n  if ENV['X']\n    gem \"x\"\n  \
                   end\nend\ngem \"puma\"\ngem 'byebug', group: :development, require: false\ngem 'both', group: \
                   [:development, :production]\ngem 'spec', groups: [:test]\n";
    let names: Vec<String> = gemfile::for_development(gemfile).into_iter().collect();
    assert_eq!(names, ["byebug", "spec", "web-console", "x"]);
}

#[test]
fn what_python_projects_pin() {
    let requirements = "# pins\nDjango==3.2.4 ; python_version > '3'  # via x\nflask[async] == 1.1.1 \\\n    --hash=sha256:00\n\
                        aiohttp>=3\n-r base.txt\nZope.Interface===5.0\nnotebook==6.*\n";
    assert_eq!(
        read("requirements.txt", requirements),
        [
            "django 3.2.4 :2",
            "flask 1.1.1 :3",
            "zope-interface 5.0 :7",
            "notebook 6.* :8"
        ]
    );
    assert_eq!(
        read("requirements/dev.txt", "werkzeug==0.15\n"),
        ["werkzeug 0.15 :1 dev"]
    );
    assert!(read("notes.txt", "a==1\n").is_empty());
    let poetry = "[[package]]\nname = \"aiohttp\"\nversion = \"3.9.1\"\ngroups = [\"main\", \"dev\"]\n\n[package.dependencies]\n\
                  name = \"1\"\nversion = \"2\"\n\n[[package]]\nname = \"pytest\"\nversion = \"8\"\ncategory = \"dev\"\n";
    assert_eq!(
        read("poetry.lock", poetry),
        ["aiohttp 3.9.1 :2", "pytest 8 :11 dev"]
    );
    let pipfile = r#"{"_meta": {}, "default": {
  "Gradio": {"version": "==4.10.0"}, "local": {"path": "."}},
  "develop": {"pytest": {"version": "==8.0"}}}"#;
    assert_eq!(
        read("Pipfile.lock", pipfile),
        ["gradio 4.10.0 :2", "pytest 8.0 :3 dev"]
    );
}

#[test]
fn npm_lock_of_each_version() {
    let first = r#"{"lockfileVersion": 1, "dependencies": {
  "next": {"version": "15.0.0", "dependencies": {
    "react": {"version": "19.0.0", "dev": true}}},
  "alias": {"version": "npm:@a/b@1.2.3"}
}}"#;
    assert_eq!(
        read("package-lock.json", first),
        ["next 15.0.0 :2", "react 19.0.0 :3 dev", "@a/b 1.2.3 :4"]
    );
    let third = r#"{"lockfileVersion": 3, "packages": {
  "": {"name": "app", "version": "1.0.0"},
  "node_modules/vite": {"version": "6.2.2", "dev": true},
  "node_modules/a/node_modules/@b/c": {"version": "2.0.0"},
  "node_modules/alias": {"name": "true-name", "version": "3.0.0"},
  "node_modules/own": {"resolved": "packages/own", "link": true},
  "packages/own": {"version": "1.0.0"}
}, "dependencies": {"vite": {"version": "0.0.1"}}}"#;
    assert_eq!(
        read("package-lock.json", third),
        ["vite 6.2.2 :3 dev", "@b/c 2.0.0 :4", "true-name 3.0.0 :5"]
    );
}

#[test]
fn yarn_lock_old_and_new() {
    let first = "# yarn lockfile v1\n\n\"@a/b@^1.0.0\", \"@a/b@^1.2.0\":\n  version \"1.2.3\"\n  dependencies:\n    version \"9\"\n\nnext@15.0.0, next@^15:\n  version \"15.0.0\"\n\nalias@npm:true-name@^2:\n  version \"2.0.0\"\n";
    assert_eq!(
        read("yarn.lock", first),
        ["@a/b 1.2.3 :3", "next 15.0.0 :8", "true-name 2.0.0 :11"]
    );
    let berry = "__metadata:\n  version: 8\n\n\"alias@npm:@a/b@^1.0.0\":\n  version: 1.2.3\n  resolution: \"@a/b@npm:1.2.3\"\n  dependencies:\n    next: \"npm:^15\"\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n\n\"next@npm:^15, next@npm:15.0.0\":\n  version: 15.0.0\n  resolution: \"next@npm:15.0.0\"\n";
    assert_eq!(
        read("yarn.lock", berry),
        ["@a/b 1.2.3 :4", "next 15.0.0 :14"]
    );
    assert!(read_lock("yarn.lock", b"a@1:\n<<<<<<< HEAD\n").is_err());
}

#[test]
fn pnpm_lock_of_each_version() {
    let fifth = "lockfileVersion: 5.4\npackages:\n\n  /@a/b/1.2.3_react@17.0.2:\n    resolution: {integrity: x}\n    dev: true\n\n  /next/12.0.0:\n    resolution: {integrity: y}\n    dev: false\n";
    assert_eq!(
        read("pnpm-lock.yaml", fifth),
        ["@a/b 1.2.3 :4 dev", "next 12.0.0 :8"]
    );
    let sixth = "lockfileVersion: '6.0'\npackages:\n  /@a/b@1.2.3(react@18.0.0):\n    dev: true\n  /next@13.0.0(@b/c@1.0.0):\n    dev: false\n";
    assert_eq!(
        read("pnpm-lock.yaml", sixth),
        ["@a/b 1.2.3 :3 dev", "next 13.0.0 :5"]
    );
    let ninth = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      next:\n        specifier: ^15\n        version: 15.0.0(react@19.0.0)\n    devDependencies:\n      vite:\n        specifier: ^6\n        version: 6.2.2\n\npackages:\n\n  '@a/b@1.0.0':\n    resolution: {integrity: x}\n\n  next@15.0.0:\n    resolution: {integrity: x}\n\n  react@19.0.0:\n    resolution: {integrity: x}\n\n  vite@6.2.2:\n    resolution: {integrity: x}\n\nsnapshots:\n\n  '@a/b@1.0.0': {}\n\n  next@15.0.0(react@19.0.0):\n    dependencies:\n      react: 19.0.0\n      alias: '@a/b@1.0.0'\n\n  react@19.0.0: {}\n\n  vite@6.2.2: {}\n";
    assert_eq!(
        read("pnpm-lock.yaml", ninth),
        [
            "@a/b 1.0.0 :17",
            "next 15.0.0 :20",
            "react 19.0.0 :23",
            "vite 6.2.2 :26 dev"
        ]
    );
    assert!(read_lock("pnpm-lock.yaml", b"packages:\n").is_err());
}

#[test]
fn bun_lock_with_its_commas() {
    let lock = r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": {"name": "app", "dependencies": {"next": "^15"}, "devDependencies": {"vite": "^6"}},
  },
  "packages": {
    "next": ["next@15.0.0", "", {"dependencies": {"react": "*"}}, "sha512-x"],
    "vite": ["vite@6.2.2", "", {}, "sha512-x"],
    "own": ["own@workspace:packages/own"],
  }
}"#;
    assert_eq!(
        read("bun.lock", lock),
        ["next 15.0.0 :7", "vite 6.2.2 :8 dev"]
    );
}

#[test]
fn wrong_files_say_where() {
    let error = read_lock("a/composer.lock", b"{\n\"packages\": [\n}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a/composer.lock:3: expected a JSON value"
    );
    let deep = "[".repeat(100_000);
    assert!(read_lock("composer.lock", deep.as_bytes()).is_err());
}

fn packages(files: &[(&str, &str)]) -> Packages {
    let files: Memory = files.iter().copied().collect();
    let watch = Watch::new(WANTS.iter().copied());
    for name in files.names() {
        watch.saw(name, Kind::File);
        watch.read(name, &crate::input::Files::read(&files, name).unwrap());
    }
    Packages::of(&files, &watch.finish())
}

#[test]
fn wordpress_headers_go_before_readmes() {
    let found = packages(&[
        (
            "wp-includes/version.php",
            "<?php\n/** @global string $wp_version */\n$wp_version = '6.8.1';\n",
        ),
        (
            "wp-content/plugins/post-smtp/postman-smtp.php",
            "<?php\r\n/*\r\n * Plugin Name: Post SMTP\r\n * Version: 2.8.7 */\r\n",
        ),
        (
            "wp-content/plugins/post-smtp/readme.txt",
            "=== Post ===\nStable tag: 2.9.0\n",
        ),
        (
            "wp-content/plugins/other/readme.txt",
            "=== Other ===\nStable tag: 1.1\n",
        ),
        ("wp-content/plugins/trunk/readme.txt", "Stable tag: trunk\n"),
        (
            "wp-content/plugins/hello.php",
            "<?php /*\nPlugin Name: Hello\nVersion: 1.7\n*/",
        ),
        (
            "wp-content/themes/twenty/style.css",
            "/*\nTheme Name: Twenty\nVersion: 1.0\n*/",
        ),
        (
            "wp-content/plugins/other/inc/x.php",
            "<?php // The plugin name: nothing\n",
        ),
    ]);
    let shown: Vec<String> = found
        .all()
        .iter()
        .map(|package| {
            format!(
                "{:?} {} {} {}",
                package.ecosystem, package.name, package.version, package.line
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "WordpressCore wordpress 6.8.1 3",
            "WordpressPlugin hello 1.7 3",
            "WordpressPlugin other 1.1 2",
            "WordpressPlugin post-smtp 2.8.7 4",
            "WordpressTheme twenty 1.0 3",
        ]
    );
}

#[test]
fn the_nearest_lock_file_counts() {
    let lock =
        |version: &str| format!(r#"{{"packages": [{{"name": "a/b", "version": "{version}"}}]}}"#);
    let (outer, inner) = (lock("1.0"), lock("2.0"));
    let found = packages(&[
        ("composer.lock", &outer),
        ("app/composer.lock", &inner),
        ("app/vendor/composer/installed.json", &outer),
        ("vendor/x/composer.lock", &inner),
    ]);
    assert_eq!(found.all().len(), 2);
    let near = |path: &str| {
        found
            .near(path, Ecosystem::Composer, "a/b")
            .map(|package| package.version.as_str())
    };
    assert_eq!(near("app/.env"), Some("2.0"));
    assert_eq!(near("application/.env"), Some("1.0"));
    assert_eq!(near(".env"), Some("1.0"));
}

/// One lock file of each kind, to be damaged.
const LOCKS: &[(&str, &str)] = &[
    (
        "composer.lock",
        r#"{"packages": [{"name": "a/b", "version": "v1.2"}], "packages-dev": [{"name": "c/d", "version": "2.x-dev"}]}"#,
    ),
    (
        "package-lock.json",
        r#"{"packages": {"node_modules/@a/b": {"version": "1.0.0", "dev": true}}, "dependencies": {"a": {"version": "npm:b@1"}}}"#,
    ),
    (
        "yarn.lock",
        "\"@a/b@^1.0.0\", c@npm:d@2:\n  version \"1.2.3\"\n  resolution: \"d@npm:2.0.0\"\n",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        version: 1.0.0(b@1)\npackages:\n  '@a/b@1.0.0':\n    dev: true\n  /c/1.0.0_d@2: {}\nsnapshots:\n  a@1.0.0(b@1):\n    dependencies:\n      c: '@a/b@1.0.0'\n",
    ),
    (
        "bun.lock",
        r#"{"workspaces": {"": {"devDependencies": {"a": "1"},},}, "packages": {"a": ["a@1.0.0", {}]}}"#,
    ),
];

proptest::proptest! {
    #[test]
    fn damaged_locks_are_read_or_refused(
        number in 0..LOCKS.len(),
        cuts in proptest::collection::vec((0..300_usize, 0..20_usize, "[-@:{}\\[\\]\"',./ \n#?é]{0,4}"), 1..4),
    ) {
        let (file, text) = LOCKS[number];
        let mut text = text.to_owned();
        for (at, length, insert) in cuts {
            let at = floor(&text, at);
            let end = floor(&text, at + length);
            text.replace_range(at..end.max(at), &insert);
        }
        let lines = 1 + text.matches('\n').count();
        match read_lock(file, text.as_bytes()) {
            Ok(packages) => for package in packages {
                proptest::prop_assert!((1..=lines).contains(&(package.line as usize)));
            },
            Err(error) => proptest::prop_assert!(error.line.is_none_or(|line| line as usize <= lines)),
        }
    }
}

/// The last place at or before an offset at which a text can be cut.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
