//! Which notation a file is in, by its name and its first bytes.

use super::Syntax;

/// Endings that editors, people and packagers put after the ending that says what a file is.
const COPIES: [&str; 26] = [
    "bak",
    "backup",
    "old",
    "orig",
    "save",
    "saved",
    "swp",
    "swo",
    "tmp",
    "temp",
    "dist",
    "example",
    "sample",
    "template",
    "tpl",
    "copy",
    "new",
    "prod",
    "production",
    "local",
    "dev",
    "staging",
    "test",
    "1",
    "2",
    "txt",
];

/// How many bytes of the file are looked at.
const MAX_HEAD: usize = 2048;

/// The notation of the file. `path` may use either slash; `head` is the file's beginning, a few hundred bytes.
pub fn syntax_of(path: &str, head: &[u8]) -> Syntax {
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(path)
        .to_ascii_lowercase();
    let head = &head[..head.len().min(MAX_HEAD)];
    by_name(&name)
        .or_else(|| by_ending(&name, head))
        .or_else(|| by_content(head))
        .unwrap_or(Syntax::Text)
}

fn by_name(name: &str) -> Option<Syntax> {
    let stem = name.trim_end_matches('~');
    Some(match stem {
        ".npmrc" | ".yarnrc" | ".pypirc" | ".my.cnf" | "my.cnf" | ".gitconfig" | ".s3cfg"
        | ".esmtprc" | ".muttrc" | ".boto" | "credentials" | ".editorconfig" | ".pgservice"
        | ".pg_service.conf" | "redis.conf" | "php.ini" | "www.conf" => Syntax::Ini,
        ".netrc" | "_netrc" | ".msmtprc" | "msmtprc" | "sasl_passwd" | ".pgpass"
        | "pgpass.conf" | ".fetchmailrc" => Syntax::Words,
        ".bash_history" | ".zsh_history" | ".sh_history" | ".history" | ".bashrc"
        | ".bash_profile" | ".profile" | ".zshrc" | ".bash_aliases" | "envvars" | "crontab" => {
            Syntax::Shell
        }
        ".mysql_history" | ".psql_history" => Syntax::Sql,
        ".htaccess" | "httpd.conf" | "apache2.conf" | "apache.conf" => Syntax::Apache,
        "nginx.conf" | "fastcgi_params" | "fastcgi.conf" => Syntax::Nginx,
        "composer.lock" | ".babelrc" | ".eslintrc" | "pipfile.lock" | ".dockercfg"
        | ".dockerconfigjson" => Syntax::Json,
        "rakefile" | "gemfile" | "makefile" | "jenkinsfile" | "vagrantfile" => Syntax::Code,
        "environment" | "env" => Syntax::Env,
        _ => return by_beginning(stem),
    })
}

fn by_beginning(name: &str) -> Option<Syntax> {
    let env = name
        .strip_prefix(".env")
        .or_else(|| name.strip_prefix("env."));
    if let Some(rest) = env
        && !rest
            .split('.')
            .any(|part| ending(part).is_some_and(|syntax| syntax != Syntax::Env))
    {
        return Some(Syntax::Env);
    }
    for (beginning, syntax) in [
        ("dockerfile", Syntax::Docker),
        ("containerfile", Syntax::Docker),
        ("sasl_passwd", Syntax::Words),
        (".htaccess", Syntax::Apache),
        (".npmrc", Syntax::Ini),
        (".netrc", Syntax::Words),
    ] {
        if name.starts_with(beginning) {
            return Some(syntax);
        }
    }
    None
}

/// By the last ending that says something; endings of copies are passed over.
fn by_ending(name: &str, head: &[u8]) -> Option<Syntax> {
    let mut rest = name.trim_end_matches(['~', '#']);
    for _ in 0..4 {
        let (stem, last) = rest.rsplit_once('.')?;
        let last = last.trim_end_matches('~');
        match last {
            "conf" | "vhost" | "cnf" => return Some(configuration(head)),
            "txt" if !stem.contains('.') => return None,
            _ => {}
        }
        if let Some(syntax) = ending(last) {
            return Some(syntax);
        }
        if !COPIES.contains(&last) && !last.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        rest = stem;
    }
    None
}

fn ending(ending: &str) -> Option<Syntax> {
    Some(match ending {
        "env" | "envrc" => Syntax::Env,
        "ini" | "properties" | "toml" | "cfg" | "service" | "desktop" | "tfvars" | "config_ini" => {
            Syntax::Ini
        }
        "yml" | "yaml" | "neon" | "eyaml" => Syntax::Yaml,
        "json" | "json5" | "jsonc" | "tfstate" | "ipynb" | "har" | "jsonl" | "ndjson"
        | "webmanifest" => Syntax::Json,
        "xml" | "config" | "html" | "htm" | "xhtml" | "plist" | "csproj" | "pubxml" | "wsdl"
        | "svg" | "jmx" => Syntax::Xml,
        "php" | "phtml" | "inc" | "php3" | "php4" | "php5" | "php7" | "phps" | "module"
        | "install" | "ctp" => Syntax::Php,
        "js" | "ts" | "jsx" | "tsx" | "mjs" | "cjs" | "mts" | "cts" | "vue" | "svelte" => {
            Syntax::Js
        }
        "py" | "pyi" | "rb" | "java" | "go" | "cs" | "kt" | "kts" | "scala" | "rs" | "c" | "h"
        | "cpp" | "cc" | "hpp" | "pl" | "pm" | "lua" | "swift" | "m" | "erb" | "ex" | "exs"
        | "groovy" | "gradle" | "tf" | "hcl" | "dart" | "r" | "vb" | "fs" | "clj" | "erl"
        | "jsp" | "aspx" | "asp" | "cshtml" | "ps1" | "psm1" | "rake" | "ru" => Syntax::Code,
        "sh" | "bash" | "zsh" | "ksh" | "fish" | "bat" | "cmd" | "csh" => Syntax::Shell,
        "htaccess" => Syntax::Apache,
        "nginx" => Syntax::Nginx,
        "dockerfile" => Syntax::Docker,
        "sql" | "dump" | "mysql" | "pgsql" => Syntax::Sql,
        "netrc" | "pgpass" => Syntax::Words,
        "md" | "rst" | "log" | "adoc" | "csv" | "tsv" => Syntax::Text,
        _ => return None,
    })
}

/// `.conf` says nothing: Apache, nginx or INI by what stands in it.
fn configuration(head: &[u8]) -> Syntax {
    const APACHE: [&[u8]; 6] = [
        b"<VirtualHost",
        b"<Directory",
        b"<IfModule",
        b"SetEnv ",
        b"DocumentRoot",
        b"RewriteEngine",
    ];
    const NGINX: [&[u8]; 6] = [
        b"server {",
        b"location ",
        b"fastcgi_",
        b"proxy_",
        b"upstream ",
        b"http {",
    ];
    let counted = |words: &[&[u8]]| {
        words
            .iter()
            .filter(|word| memchr::memmem::find(head, word).is_some())
            .count()
    };
    let (apache, nginx) = (counted(&APACHE), counted(&NGINX));
    match (apache, nginx) {
        (0, 0) => Syntax::Ini,
        _ if apache >= nginx => Syntax::Apache,
        _ => Syntax::Nginx,
    }
}

fn by_content(head: &[u8]) -> Option<Syntax> {
    let start = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let starts = |literal: &[u8]| {
        start
            .get(..literal.len())
            .is_some_and(|bytes| bytes.eq_ignore_ascii_case(literal))
    };
    if starts(b"<?php") || starts(b"<?=") {
        return Some(Syntax::Php);
    }
    if starts(b"<?xml") || starts(b"<!doctype") || starts(b"<html") {
        return Some(Syntax::Xml);
    }
    if let Some(line) = start.strip_prefix(b"#!") {
        return Some(interpreter(line));
    }
    if starts(b"-- ") || starts(b"INSERT INTO") || starts(b"/*!40") {
        return Some(Syntax::Sql);
    }
    if is_environment(head) {
        return Some(Syntax::Env);
    }
    match start {
        [b'{', rest @ ..] if matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')) => {
            Some(Syntax::Json)
        }
        [b'[', rest @ ..] if matches!(rest.trim_ascii_start().first(), Some(b'{' | b'"')) => {
            Some(Syntax::Json)
        }
        _ => None,
    }
}

/// Whether nearly all lines of the head set a variable: what `env`, `printenv` and `export -p` print. The others
/// go on with values of more than one line.
fn is_environment(head: &[u8]) -> bool {
    const LEAST: usize = 3;
    let whole = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
    let lines = || {
        whole
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
    };
    let set = lines().filter(|line| sets_variable(line)).count();
    set >= LEAST && set * 10 >= lines().count() * 9
}

fn sets_variable(line: &[u8]) -> bool {
    let line = [b"export ".as_slice(), b"declare -x "]
        .iter()
        .find_map(|word| line.strip_prefix(*word))
        .unwrap_or(line);
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = line.iter().take_while(in_name).count();
    length > 0 && !line[0].is_ascii_digit() && line.get(length) == Some(&b'=')
}

fn interpreter(line: &[u8]) -> Syntax {
    let end = memchr::memchr(b'\n', line).unwrap_or(line.len());
    let has = |word: &[u8]| memchr::memmem::find(&line[..end], word).is_some();
    match () {
        () if has(b"php") => Syntax::Php,
        () if has(b"node") => Syntax::Js,
        () if has(b"python") || has(b"ruby") || has(b"perl") => Syntax::Code,
        () => Syntax::Shell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        for (paths, syntax) in [
            (
                ".env a/.env.production env.bak .env.bak .env~ prod.env .env.local.bak .env.old env.txt",
                Syntax::Env,
            ),
            (
                ".env.php config.php~ x.php.bak wp-config.php.save wp-config.php.2 a.inc wp-config.php.txt",
                Syntax::Php,
            ),
            (".htaccess sub/.htaccess.bak", Syntax::Apache),
            ("Dockerfile Dockerfile.prod app.dockerfile", Syntax::Docker),
            (
                "parameters.yml.dist docker-compose.yml docker-compose.override.yaml.bak",
                Syntax::Yaml,
            ),
            (
                ".npmrc php.ini app.properties x.tfvars a.service my.cnf",
                Syntax::Ini,
            ),
            (
                ".netrc .msmtprc etc/postfix/sasl_passwd .pgpass",
                Syntax::Words,
            ),
            (".bash_history deploy.sh", Syntax::Shell),
            ("dump.sql backup.sql.old", Syntax::Sql),
            (
                "a.ipynb terraform.tfstate x.postman_environment.json a.har terraform.tfstate.backup",
                Syntax::Json,
            ),
            ("phpinfo.html Web.config", Syntax::Xml),
            ("a\\b\\app.ts", Syntax::Js),
            ("main.tf x.py", Syntax::Code),
            ("notes.txt README.md error.log LICENSE", Syntax::Text),
        ] {
            for path in paths.split(' ') {
                assert_eq!(syntax_of(path, b""), syntax, "{path}");
            }
        }
    }

    #[test]
    fn beginnings_say_what_a_file_without_ending_is() {
        for (head, syntax) in [
            ("<?php\n", Syntax::Php),
            ("\u{feff} {\"a\": 1}", Syntax::Json),
            ("#!/bin/sh\n", Syntax::Shell),
            ("#!/usr/bin/env python3\n", Syntax::Code),
            ("<!DOCTYPE html>", Syntax::Xml),
            ("hello", Syntax::Text),
        ] {
            assert_eq!(syntax_of("some/file", head.as_bytes()), syntax, "{head}");
        }
        assert_eq!(
            syntax_of("site.conf", b"<VirtualHost *:80>\n SetEnv A b"),
            Syntax::Apache
        );
        assert_eq!(
            syntax_of("site.conf", b"server {\n location / {"),
            Syntax::Nginx
        );
        assert_eq!(syntax_of("pool.conf", b"[www]\nenv[A] = b"), Syntax::Ini);
    }
}
