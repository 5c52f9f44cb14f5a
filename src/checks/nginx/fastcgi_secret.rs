//! Credentials that nginx hands to an application with each request.

use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Reach, Reason, Severity};

use super::all_blocks;

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-fastcgi-secret",
    code: "NGX-006",
    title: "A credential is passed with every request",
    description: "Values of `fastcgi_param` stand in `$_SERVER`. Pages of `phpinfo()`, error pages and error \
                  reports print them.",
    severity: Severity::Medium,
    cwe: &[526, 312],
    fix: "Set it in the pool of PHP-FPM, or in a file that the application reads, and change the credential if a \
          page has shown it.",
    references: &["https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_param"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in all_blocks(context) {
        for directive in block.directives {
            if !matches!(
                &*directive.name,
                "fastcgi_param" | "uwsgi_param" | "scgi_param"
            ) {
                continue;
            }
            let lines = directive.line..=directive.line;
            let here = secrets::on_lines(context, &directive.file, &lines);
            if here.is_empty() {
                continue;
            }
            let name = directive.args.first().map_or("", String::as_str);
            let chain = Reason::at(
                directive.file.as_str(),
                directive.line,
                format!("{} {name}", directive.name),
            );
            found
                .report(
                    &directive.file,
                    format!("{} passes {name} to the application.", directive.name),
                )
                .at_line(directive.line)
                .because(chain)
                .exposing(&directive.file)
                .reaching(Reach::Latent);
        }
    }
}
