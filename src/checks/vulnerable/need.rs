//! Whether a vulnerable version matters, as far as the tree tells.

use crate::checks::Context;
use crate::checks::server_side::developed;
use crate::finding::Reason;
use crate::site::Verdict;
use crate::site::advisories::Need;

/// What the tree says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Met {
    /// It is so, and this says it.
    Yes(Reason),
    /// Nothing says so where it would have to stand.
    No,
    /// The tree does not tell.
    Unknown,
}

/// Looks; `lock` is the file that names the package.
pub(super) fn look(context: &Context<'_>, need: Need, lock: &str) -> Met {
    let root = match lock.strip_suffix("vendor/composer/installed.json") {
        Some(root) => root,
        None => lock.rfind('/').map_or("", |slash| &lock[..=slash]),
    };
    match need {
        Need::EvalStdinServed => eval_stdin(context, root),
        Need::LaravelDebug => laravel_debug(context, root),
        Need::AppRouter => app_router(context, root),
        Need::NextMiddleware => next_middleware(context, root),
        Need::DevServer => dev_server(context, root),
        Need::RailsDevelopment => rails_development(context, root),
        Need::RailsAssets => rails_assets(context, root),
        Need::RubyVips => beside(context, lock, "ruby-vips"),
    }
}

fn rails_development(context: &Context<'_>, root: &str) -> Met {
    let started = context.starts().iter().find(|one| {
        one.file.starts_with(root)
            && !one.is_for_development
            && developed::rails(context, one).is_some()
    });
    started.map_or(Met::Unknown, |one| {
        Met::Yes(Reason::at(&one.file, one.line, one.command.clone()))
    })
}

fn rails_assets(context: &Context<'_>, root: &str) -> Met {
    let file = format!("{root}config/environments/production.rb");
    let text = context.files.text(&file).unwrap_or_default();
    for (number, line) in (1..).zip(text.lines()) {
        let compact: String = line.split_whitespace().collect();
        if compact.starts_with("config.assets.compile=true") {
            return Met::Yes(Reason::at(file, number, line.trim()));
        }
        if compact.starts_with("config.assets.compile=false") {
            return match rails_development(context, root) {
                Met::Unknown => Met::No,
                met => met,
            };
        }
    }
    rails_development(context, root)
}

/// The lock file installs another package as well.
fn beside(context: &Context<'_>, lock: &str, name: &str) -> Met {
    let mut packages = context.packages().all().iter();
    let found = packages.find(|package| package.file == lock && package.name == name);
    found.map_or(Met::No, |package| {
        let shown = format!("{} {}", package.name, package.version);
        Met::Yes(Reason::at(lock, package.line, shown))
    })
}

fn eval_stdin(context: &Context<'_>, root: &str) -> Met {
    let file = format!("{root}vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php");
    if !context.files.is_file(&file) {
        return Met::No;
    }
    let verdict = context.verdict(&file);
    match verdict.worst() {
        Some(url) if matches!(url.verdict, Verdict::Served | Verdict::Executed) => {
            Met::Yes(Reason::fact(format!("{file} answers at {}", url.url)))
        }
        Some(_) => Met::No,
        None if context.has_servers() => Met::No,
        None => Met::Unknown,
    }
}

fn laravel_debug(context: &Context<'_>, root: &str) -> Met {
    let file = format!("{root}.env");
    let Some(text) = context.files.text(&file) else {
        return Met::Unknown;
    };
    let on = |value: &str| {
        matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "(true)" | "1" | "on"
        )
    };
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim().trim_start_matches("export ");
        let Some(value) = line.strip_prefix("APP_DEBUG") else {
            continue;
        };
        let Some(value) = value.trim_start().strip_prefix('=') else {
            continue;
        };
        if on(value.trim().trim_matches(['"', '\''])) {
            return Met::Yes(Reason::at(file, number, line));
        }
    }
    Met::No
}

/// In a workspace the application lies elsewhere.
fn is_workspace(context: &Context<'_>, root: &str) -> bool {
    let package = context.files.text(&format!("{root}package.json"));
    context.files.is_file(&format!("{root}pnpm-workspace.yaml"))
        || package.is_some_and(|text| text.contains("\"workspaces\""))
}

fn app_router(context: &Context<'_>, root: &str) -> Met {
    for name in ["app", "src/app"] {
        let directory = format!("{root}{name}");
        if context.files.is_directory(&directory) {
            return Met::Yes(Reason::fact(format!("there is {directory}/")));
        }
    }
    let has_pages = ["pages", "src/pages"];
    let has_pages = has_pages
        .iter()
        .any(|name| context.files.is_directory(&format!("{root}{name}")));
    if has_pages && !is_workspace(context, root) {
        Met::No
    } else {
        Met::Unknown
    }
}

fn next_middleware(context: &Context<'_>, root: &str) -> Met {
    for name in ["middleware", "src/middleware"] {
        for end in ["ts", "js", "mjs", "tsx"] {
            let file = format!("{root}{name}.{end}");
            if context.files.is_file(&file) {
                return Met::Yes(Reason::at(file, 1, "middleware"));
            }
        }
    }
    if is_workspace(context, root) {
        Met::Unknown
    } else {
        Met::No
    }
}

/// Something that runs in production starts a development server that listens for others.
fn dev_server(context: &Context<'_>, root: &str) -> Met {
    let directory = root.strip_suffix('/').unwrap_or(root);
    let listens = listens_by_itself(context, root);
    for name in context.files.list(directory) {
        if !is_start_file(&name) {
            continue;
        }
        let file = format!("{root}{name}");
        let Some(text) = context.files.text(&file) else {
            continue;
        };
        for (number, line) in (1..).zip(text.lines()) {
            if starts_dev_server(line) && (listens || listens_for_others(line)) {
                return Met::Yes(Reason::at(file, number, line.trim()));
            }
        }
    }
    Met::No
}

/// What an image, a platform or a person on a server starts; not what says of itself that it is for development.
fn is_start_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_one = name.starts_with("dockerfile")
        || name.ends_with(".dockerfile")
        || name == "procfile"
        || name.ends_with(".service")
        || name.starts_with("ecosystem.config")
        || name.starts_with("docker-compose")
        || name.starts_with("compose");
    let is_development = ["dev", "local", "test", "override"];
    is_one
        && !name
            .split(['.', '-', '_'])
            .any(|part| is_development.contains(&part))
}

fn starts_dev_server(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with(['#', '/']) {
        return false;
    }
    let words: Vec<&str> = line
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '&' | ';' | '=')
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).any(|pair| match *pair {
        ["run" | "yarn" | "pnpm" | "bun" | "nuxt" | "astro", "dev"] => true,
        ["vite", next] => !matches!(next, "build" | "preview" | "optimize"),
        _ => false,
    }) || words.last() == Some(&"vite")
}

fn listens_for_others(line: &str) -> bool {
    line.contains("--host") || line.contains("0.0.0.0")
}

/// By a script of package.json or by Vite's configuration.
fn listens_by_itself(context: &Context<'_>, root: &str) -> bool {
    let package = context
        .files
        .text(&format!("{root}package.json"))
        .unwrap_or_default();
    let by_script = package
        .lines()
        .any(|line| line.trim_start().starts_with("\"dev\"") && listens_for_others(line));
    let by_config = ["ts", "js", "mjs", "mts", "cjs"].iter().any(|end| {
        let text = context
            .files
            .text(&format!("{root}vite.config.{end}"))
            .unwrap_or_default();
        let is_host = |line: &str| {
            let line = line.replace([' ', '\t'], "");
            [
                "host:true",
                "host:'0.0.0.0'",
                "host:\"0.0.0.0\"",
                "host:'::'",
            ]
            .iter()
            .any(|host| line.contains(host))
        };
        text.lines().any(is_host)
    });
    by_script || by_config
}
