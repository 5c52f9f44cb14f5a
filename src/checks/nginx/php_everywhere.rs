//! Scripts that run wherever they lie.

use crate::checks::names::join;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Verdict;

use super::{Block, blocks};

pub(in crate::checks) static CHECK: Check = Check {
    id: "nginx-php-everywhere",
    code: "NGX-007",
    title: "PHP runs in the directory of uploads",
    description: "Who can upload a file with the ending .php runs it by asking for it, and reads every credential \
                  that the application has.",
    severity: Severity::Medium,
    cwe: &[434, 94],
    fix: "Refuse scripts there: `location ~* /uploads/.*\\.php$ { deny all; }`, before the location that runs PHP.",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#location",
        "https://developer.wordpress.org/advanced-administration/server/web-server/nginx/",
    ],
    wants: &[],
    run,
};

/// Where applications put what visitors upload.
const UPLOADS: &[&str] = &[
    "wp-content/uploads",
    "uploads",
    "upload",
    "storage",
    "sites/default/files",
    "media",
    "images/uploads",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for block in blocks(context) {
        let Some((directory, because)) = runs(context, &block) else {
            continue;
        };
        let Some(at) = because
            .iter()
            .rev()
            .find(|reason| reason.directive.starts_with("location "))
        else {
            continue;
        };
        let (Some(file), Some(line)) = (at.file.clone(), at.line) else {
            continue;
        };
        let exposure = found.report(&file, format!("A script in {directory} runs."));
        exposure.at_line(line);
        exposure.because.extend(because);
    }
}

/// A directory for uploads that is there, and whose scripts run.
fn runs(context: &Context<'_>, block: &Block<'_>) -> Option<(String, Vec<Reason>)> {
    let tree = block.root_in_tree()?;
    let root = block.root()?;
    UPLOADS.iter().find_map(|uploads| {
        let directory = join(&tree, uploads);
        if !context.files.is_directory(&directory) {
            return None;
        }
        let (_, answer) = block.if_there(&format!("{root}/{uploads}/any.php"))?;
        (answer.verdict == Verdict::Executed).then_some((directory, answer.because))
    })
}
