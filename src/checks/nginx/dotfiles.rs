//! Hidden files that no location keeps in.

use crate::checks::names::join;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::{Block, blocks};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-no-dotfile-deny",
    code: "NGX-002",
    title: "Hidden files are sent",
    description: "nginx sends every file below the document root. Names that start with a dot are settings and \
                  histories, such as `.env` and `.git`, and none of them is for visitors.",
    severity: Severity::High,
    cwe: &[538, 552],
    fix: "Add `location ~ /\\.(?!well-known) { deny all; }` to the server, and take the files out of the document \
          root.",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#location",
        "https://github.com/h5bp/server-configs-nginx/blob/main/h5bp/location/security_file_access.conf",
    ],
    wants: &[],
    run,
};

/// Hidden names that give nothing away.
const HARMLESS: &[&str] = &[
    ".well-known",
    ".gitignore",
    ".gitkeep",
    ".keep",
    ".htaccess",
    ".gitattributes",
    ".editorconfig",
    ".nojekyll",
    ".dockerignore",
    ".npmignore",
    ".eslintrc",
    ".prettierrc",
    ".browserslistrc",
    ".user.ini",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        let Some(root) = block.root() else { continue };
        // What the server does with such a name if it is there.
        let Some((target, answer)) = block.sends(&format!("{root}/.env")) else {
            continue;
        };
        let at = &block.hosted.server.hosts()[block.host].at;
        let (Some(file), Some(line)) = (at.file.as_deref(), at.line) else {
            continue;
        };
        let served = served(context, &block);
        let message = match served.first() {
            Some(first) => {
                format!("No location refuses hidden files, and {first} lies in the document root.")
            }
            None => {
                "No location refuses hidden files. None lies in the document root now.".to_owned()
            }
        };
        let exposure = found.report(file, message);
        exposure.at_line(line);
        match served.first() {
            Some(first) => {
                let verdict = context.verdict(first);
                exposure.served(&verdict);
                for path in served
                    .iter()
                    .filter(|path| !context.credentials_in(path).is_empty())
                {
                    exposure.exposing(path);
                }
            }
            None => {
                exposure.severe(Severity::Low);
                exposure.because.extend(answer.because);
                exposure.urls.push(target);
            }
        }
    }
}

/// Hidden files of the document root that are sent.
fn served(context: &Context<'_>, block: &Block<'_>) -> Vec<String> {
    let Some(root) = block.root_in_tree() else {
        return Vec::new();
    };
    let mut served = Vec::new();
    for name in context.files.list(&root) {
        if !name.starts_with('.') || HARMLESS.contains(&name.as_str()) {
            continue;
        }
        let path = join(&root, &name);
        let candidates = [path.clone(), join(&path, "config"), join(&path, "HEAD")];
        let is_served = |path: &&String| {
            context.files.is_file(path) && context.verdict(path).served().is_some()
        };
        served.extend(candidates.iter().find(is_served).cloned());
    }
    served
}
