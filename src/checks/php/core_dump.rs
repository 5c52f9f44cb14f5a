//! The memory of a process, in a file.

use crate::checks::names::name;
use crate::checks::standing::{is_tracked, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::input::{Files, MAX_READ};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-core-dump",
    code: "PHP-011",
    title: "The memory of a process lies in the tree",
    description: "A process that dies leaves its memory behind, with its environment and every credential that it \
                  used.",
    severity: Severity::High,
    cwe: &[528, 538],
    fix: "Delete the file, and set where such files go (`kernel.core_pattern`) to a place outside of the tree.",
    references: &["https://cwe.mitre.org/data/definitions/528.html"],
    wants: &[
        Want::name("core"),
        Want::start("core."),
        Want::end(".hprof"),
        Want::end(".dmp"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let files = context.own_files();
    for path in files.filter(|path| is_dump(context.files, path)) {
        let standing = sent(context, path);
        let message = "It holds the memory of a process.";
        if standing.is_open() {
            report(found, &standing, path, message);
        } else {
            let severity = if is_tracked(context, path) {
                Severity::Medium
            } else {
                Severity::Low
            };
            found.report(path, message).severe(severity);
        }
    }
}

fn is_dump(files: &dyn Files, path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    let number = name.strip_prefix("core.").unwrap_or_default();
    let is_core =
        name == "core" || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let is_other = name.ends_with(".hprof") || name.ends_with(".dmp");
    if !(is_core || is_other) || !files.is_file(path) {
        return false;
    }
    match files.read(path) {
        Some(bytes) => {
            is_elf_core(&bytes) || bytes.starts_with(b"JAVA PROFILE") || bytes.starts_with(b"MDMP")
        }
        // Too long to be read, as memory is, and as nothing else of this name.
        None => files.len(path).is_some_and(|len| len > MAX_READ),
    }
}

/// `e_type` is `ET_CORE`: <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html>.
fn is_elf_core(bytes: &[u8]) -> bool {
    match bytes.get(..18) {
        Some(head) if head.starts_with(b"\x7fELF") => match head[5] {
            2 => head[16..18] == [0, 4],
            _ => head[16..18] == [4, 0],
        },
        _ => false,
    }
}
