//! What was looked at, theme by theme: a line each, also where nothing was found.

use crate::checks;
use crate::report::{Report, counted};

use super::super::case::Examined;
use super::Evidence;

/// A framework or server that customers are asked about, and the checks that are about it.
struct Theme {
    name: &'static str,
    /// Frameworks of these names are it.
    frameworks: &'static [&'static str],
    /// Servers of these words are it.
    servers: &'static [&'static str],
    /// Its checks start so.
    checks: &'static [&'static str],
    /// What would settle whether there is one.
    settle: &'static str,
}

const THEMES: &[Theme] = &[
    Theme {
        name: "WordPress",
        frameworks: &["WordPress"],
        servers: &[],
        checks: &["wordpress-", "vulnerable-wordpress"],
        settle: "scan the directory that holds wp-config.php",
    },
    Theme {
        name: "Apache",
        frameworks: &[],
        servers: &["apache"],
        checks: &["apache-"],
        settle: "--server-config with the server's configuration, such as /etc/apache2",
    },
    Theme {
        name: "nginx and other web servers",
        frameworks: &[],
        servers: &["nginx", "caddy", "iis", "lighttpd"],
        checks: &["nginx-", "caddy-", "iis-", "lighttpd-", "traefik-"],
        settle: "--server-config with the server's configuration, such as /etc/nginx",
    },
    Theme {
        name: "Laravel",
        frameworks: &["Laravel", "Lumen"],
        servers: &[],
        checks: &["laravel-"],
        settle: "scan the directory that holds artisan",
    },
    Theme {
        name: "Node.js",
        frameworks: &["Next.js", "Nuxt", "Express", "Node.js"],
        servers: &[
            "express",
            "serve-static",
            "koa-static",
            "vite",
            "serve",
            "http-server",
            "sirv",
        ],
        checks: &["node-", "vulnerable-npm"],
        settle: "scan the directory that holds package.json",
    },
    Theme {
        name: "PHP (phpinfo, error pages, sessions)",
        frameworks: &[
            "Laravel",
            "Symfony",
            "WordPress",
            "Drupal",
            "Joomla",
            "Magento",
            "PrestaShop",
            "Yii",
            "CakePHP",
        ],
        servers: &["php"],
        checks: &["php-", "vulnerable-composer"],
        settle: "scan the directory that holds the PHP files",
    },
    Theme {
        name: "similar frameworks",
        frameworks: &[
            "Symfony",
            "Drupal",
            "Joomla",
            "Magento",
            "PrestaShop",
            "CodeIgniter",
            "Yii",
            "CakePHP",
            "Django",
            "Rails",
            "Flask",
            "Spring",
            "Nextcloud",
            "ownCloud",
            "Moodle",
        ],
        servers: &[],
        checks: &[
            "symfony-",
            "cms-",
            "joomla-",
            "drupal-",
            "magento-",
            "prestashop-",
            "codeigniter-",
            "yii-",
            "cakephp-",
            "moodle-",
            "thinkphp-",
            "django-",
            "rails-",
            "flask-",
            "spring-",
            "aspnet-",
            "go-",
        ],
        settle: "scan the directory of the application",
    },
    Theme {
        name: "containers and pipelines",
        frameworks: &[],
        servers: &[],
        checks: &[
            "docker-",
            "ci-",
            "kubernetes-",
            "terraform-",
            "vulnerable-image",
        ],
        settle: "scan the directory that holds the Dockerfile or the pipeline",
    },
    Theme {
        name: "traces of attackers",
        frameworks: &[],
        servers: &[],
        checks: &["ioc-"],
        settle: "scan the server's own disk instead of a checkout",
    },
];

pub(super) fn of(report: &Report, evidence: &Evidence<'_>) -> Vec<Examined> {
    let mut lines: Vec<Examined> = THEMES
        .iter()
        .map(|theme| theme.examine(report, evidence))
        .collect();
    lines.push(repositories(evidence));
    lines.push(logs(evidence));
    lines.push(Examined {
        theme: "hosting provider".to_owned(),
        done: false,
        result: "no file tells whether the provider's own systems were broken into: ask them"
            .to_owned(),
    });
    lines
}

impl Theme {
    fn examine(&self, report: &Report, evidence: &Evidence<'_>) -> Examined {
        let frameworks = evidence
            .frameworks
            .iter()
            .filter(|found| self.frameworks.contains(&found.name.as_str()));
        let mut there: Vec<String> = frameworks
            .map(|found| {
                let place = if found.directory.is_empty() {
                    "."
                } else {
                    &found.directory
                };
                match &found.version {
                    Some(version) => format!("{} {version} in {place}", found.name),
                    None => format!("{} in {place}", found.name),
                }
            })
            .collect();
        let servers = evidence
            .servers
            .iter()
            .filter(|server| self.servers.contains(&server.as_str()));
        there.extend(servers.map(|server| format!("configuration of {server}")));
        let mine = |id: &str| self.checks.iter().any(|start| id.starts_with(start));
        let mut found: Vec<String> = Vec::new();
        for exposure in report
            .exposures
            .iter()
            .filter(|exposure| mine(&exposure.check))
        {
            let line = format!("{} ({})", exposure.title, exposure.file);
            if !found.contains(&line) {
                found.push(line);
            }
        }
        let checks = checks::ALL.iter().filter(|check| mine(check.id)).count();
        let always = self.frameworks.is_empty() && self.servers.is_empty();
        let done = always || !there.is_empty() || !found.is_empty();
        let found = match found.len() {
            0 => format!("{checks} checks, which found nothing"),
            count => format!("{checks} checks, which found {count}: {}", found.join("; ")),
        };
        let result = match (done, there.is_empty()) {
            (true, true) => found,
            (true, false) => format!("{}; {found}", there.join(", ")),
            (false, _) => format!(
                "none is in what was scanned; if there is one elsewhere, {}",
                self.settle
            ),
        };
        Examined {
            theme: self.name.to_owned(),
            done,
            result,
        }
    }
}

fn repositories(evidence: &Evidence<'_>) -> Examined {
    let repository = &evidence.repository;
    let remotes: Vec<&str> = repository.remotes.iter().map(String::as_str).collect();
    let result = match (repository.is_there, remotes.is_empty()) {
        (false, _) => "what was scanned is no git repository; scan a clone of it".to_owned(),
        (true, true) => {
            "the files with credentials are not pushed anywhere, by what the repository says"
                .to_owned()
        }
        (true, false) => format!(
            "files with credentials are tracked, and pushed to {}; whether that is public is to be looked up there",
            remotes.join(", ")
        ),
    };
    let history = match (repository.is_there, repository.history) {
        (true, true) => "; its history was looked through",
        (true, false) => "; its history was not looked through: what was deleted is still in it",
        (false, _) => "",
    };
    Examined {
        theme: "public repositories".to_owned(),
        done: repository.is_there,
        result: format!("{result}{history}"),
    }
}

fn logs(evidence: &Evidence<'_>) -> Examined {
    let covered = evidence
        .logs
        .and_then(|logs| Some((logs, logs.from?, logs.to?)));
    match covered {
        Some((logs, from, to)) => Examined {
            theme: "access logs".to_owned(),
            done: true,
            result: format!(
                "{}, {}, from {from} to {to}, {} of a day or more",
                counted(logs.logs.len() as u64, "file"),
                counted(logs.logs.iter().map(|log| log.1).sum(), "line"),
                counted(logs.gaps.len() as u64, "gap")
            ),
        },
        None => Examined {
            theme: "access logs".to_owned(),
            done: false,
            result: "none was found; --access-log with those of the web server".to_owned(),
        },
    }
}
