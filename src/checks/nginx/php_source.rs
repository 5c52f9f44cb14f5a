//! Scripts that are sent instead of run.

use crate::checks::names::join;
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Reach, Severity};

use super::blocks;

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-php-source",
    code: "NGX-008",
    title: "The sources of PHP scripts are sent",
    description: "nginx knows no PHP by itself: without `fastcgi_pass`, a script is a file like any other, and its \
                  source, with the credentials in it, is what visitors get.",
    severity: Severity::High,
    cwe: &[540, 200],
    fix: "Add a location that passes scripts to PHP-FPM, and change the credentials that stand in them.",
    references: &["https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_pass"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        let Some(root) = block.root_in_tree() else {
            continue;
        };
        let scripts = [
            "index.php",
            "wp-config.php",
            "config.php",
            "configuration.php",
        ];
        let served = scripts
            .iter()
            .map(|name| join(&root, name))
            .find(|path| context.files.is_file(path) && context.verdict(path).served().is_some());
        let Some(script) = served else { continue };
        let at = &block.hosted.server.hosts()[block.host].at;
        let (Some(file), Some(line)) = (at.file.as_deref(), at.line) else {
            continue;
        };
        let verdict = context.verdict(&script);
        let exposed: Vec<String> = context
            .credentials
            .keys()
            .filter(|path| path.ends_with(".php") && !secrets::all_of(context, path).is_empty())
            .filter(|path| context.verdict(path).served().is_some())
            .cloned()
            .collect();
        let exposure = found.report(
            file,
            format!("The source of {script} is sent: no location passes it to PHP."),
        );
        exposure
            .at_line(line)
            .served(&verdict)
            .reaching(Reach::Reachable);
        for path in exposed {
            exposure.exposing(&path);
        }
    }
}
