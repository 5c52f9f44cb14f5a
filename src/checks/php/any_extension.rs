//! PHP-FPM told to run files of any name.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-any-extension",
    code: "PHP-014",
    title: "PHP-FPM runs files whatever their names are",
    description: "By itself PHP-FPM runs only what ends with .php or .phar. Where that is taken away, a request for \
                  `/photo.jpg/x.php` makes it run the picture, on servers that ask no further: who can upload a \
                  picture runs a script, and reads every credential that the application has.",
    severity: Severity::High,
    cwe: &[434, 94],
    fix: "Take `security.limit_extensions` out of the pool, and let the server ask whether the script is there: \
          `try_files $uri =404;`.",
    references: &[
        "https://www.php.net/manual/en/install.fpm.configuration.php#security-limit-extensions",
        "https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_split_path_info",
    ],
    wants: &[Want::text(".conf", SETTING)],
    run,
};

const SETTING: &str = "security.limit_extensions";

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.holding(".conf", SETTING) {
        let Some(text) = context.files.text(path).filter(|_| !context.is_aside(path)) else {
            continue;
        };
        for (line, text) in (1..).zip(text.lines()) {
            let Some((name, value)) = text.split_once('=') else {
                continue;
            };
            let value = value.split(';').next().unwrap_or_default();
            let value = value.trim().trim_matches(['"', '\'']);
            if name.trim() != SETTING || is_of_scripts(value) {
                continue;
            }
            let message = if value.is_empty() {
                "It runs any file.".to_owned()
            } else {
                format!("It runs files that end with {value}.")
            };
            found
                .report(path, message)
                .at_line(line)
                .because(Reason::at(path, line, text.trim().to_owned()));
        }
    }
}

/// Whether all of these endings, of which there are some, are those of scripts.
fn is_of_scripts(endings: &str) -> bool {
    let mut all = endings
        .split([' ', ','])
        .filter(|ending| !ending.is_empty());
    !endings.is_empty()
        && all.all(|ending| {
            let ending = ending.trim_start_matches('.');
            ending.starts_with("ph") || ending == "inc"
        })
}
