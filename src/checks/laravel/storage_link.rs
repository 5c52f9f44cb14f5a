//! The link from `public/` into the storage, one directory too high.

use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reach, Reason, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-storage-link",
    code: "LAR-012",
    title: "public/storage leads to the whole storage",
    description: "The link is for storage/app/public. One that leads to storage/ or storage/app gives away private \
                  uploads, sessions and logs.",
    severity: Severity::Medium,
    cwe: &[552, 59],
    fix: "Delete the link and let `php artisan storage:link` make it.",
    references: &["https://laravel.com/docs/master/filesystem#the-public-disk"],
    wants: &[Want::name("artisan")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for link in context.index.links() {
        let Some(target) = context.files.target(link) else {
            continue;
        };
        let public = directory(link);
        let Some(project) = public
            .strip_suffix("public")
            .map(|project| project.trim_end_matches('/'))
        else {
            continue;
        };
        let is_apps = context.files.is_file(&join(project, "artisan"));
        let target = target.trim_end_matches('/');
        let leads_too_high = target.ends_with("storage/app")
            || target.ends_with("/storage")
            || target.ends_with("storage/logs")
            || target == "..";
        if is_apps && leads_too_high && !context.is_aside(link) {
            found
                .report(link, "The link gives away more than storage/app/public.")
                .because(Reason::fact(format!("it leads to {target}")))
                .exposing(&join(project, "storage/logs/laravel.log"))
                .reaching(Reach::Latent);
        }
    }
}
