//! Environment files that a build copies into an image.

use crate::checks::names::{directory, is_dockerfile, is_for_tests};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Reach, Reason, Severity};
use crate::site::Want;

use super::build::{Copied, Ignored, copied};

pub(in crate::checks) static CHECK: Check = Check {
    id: "docker-copied-env",
    code: "DOC-002",
    title: "A file with credentials is copied into an image",
    description: "COPY takes everything that .dockerignore does not leave out, hidden files as well. Whoever can pull \
                  the image can read them.",
    severity: Severity::High,
    cwe: &[538, 552],
    fix: "Leave environment files and .git out with a .dockerignore, copy what the application needs by name, and \
          change the credentials of images that were pushed.",
    references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    wants: &[
        Want::start("dockerfile"),
        Want::start("containerfile"),
        Want::end(".dockerfile"),
        Want::start(".env"),
        Want::name(".npmrc"),
        Want::name("auth.json"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files().filter(|path| is_dockerfile(path)) {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let ignored = Ignored::of(context, path);
        let root = directory(path);
        let mut told: Vec<&str> = Vec::new();
        for copy in copied(&text) {
            for file in context.credentials.keys() {
                let Some(inside) = below(root, file).filter(|inside| is_copied(&copy, inside))
                else {
                    continue;
                };
                if is_secret_file(inside)
                    && !ignored.is_ignored(inside)
                    && !told.contains(&file.as_str())
                {
                    told.push(file);
                    report(context, found, path, &copy, file);
                }
            }
        }
    }
}

fn report(context: &Context<'_>, found: &mut Findings, path: &str, copy: &Copied, file: &str) {
    let all = secrets::all_of(context, file);
    let Some(worst) = secrets::worst(&all) else {
        return;
    };
    let message = format!(
        "COPY {} takes {file} with {} into the image: nothing leaves it out.",
        copy.source,
        secrets::names(&all)
    );
    let is_for_development = context.is_for_development(path);
    let severity = if is_for_development || is_for_tests(file) {
        Severity::Low
    } else {
        worst.min(Severity::High)
    };
    let exposure = found.report(path, message);
    exposure
        .at_line(copy.line)
        .severe(severity)
        .because(Reason::at(path, copy.line, format!("COPY {}", copy.source)))
        .exposing(file)
        .reaching(Reach::Published);
    if let Some(line) = copy.through {
        exposure.because(Reason::at(path, line, "COPY --from=… takes it on"));
    }
    // A build elsewhere, from a fresh checkout, does not have a file that git ignores.
    if secrets::is_kept_out_of_git(context, file) {
        exposure.sure(Confidence::Medium).because(Reason::fact(
            "git ignores it: only builds on a machine that has it copy it",
        ));
    }
}

/// Files that are there for their credentials.
fn is_secret_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_example = ["example", "sample", "dist", "template"]
        .iter()
        .any(|word| name.contains(word));
    (name.starts_with(".env") && !is_example)
        || matches!(name, ".npmrc" | "auth.json")
        || path == ".git/config"
}

fn below<'f>(directory: &str, file: &'f str) -> Option<&'f str> {
    match directory {
        "" => Some(file),
        _ => file.strip_prefix(directory)?.strip_prefix('/'),
    }
}

/// Whether the source of a copy takes a file along.
fn is_copied(copy: &Copied, file: &str) -> bool {
    let source = copy.source.trim_start_matches("./").trim_matches('/');
    if matches!(source, "" | "." | "*") {
        // A star leaves no hidden files out: it is Go's filepath.Match.
        return true;
    }
    let is_below = file
        .strip_prefix(source)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let glob = globset::GlobBuilder::new(source)
        .literal_separator(true)
        .build();
    is_below || glob.is_ok_and(|glob| glob.compile_matcher().is_match(file))
}
