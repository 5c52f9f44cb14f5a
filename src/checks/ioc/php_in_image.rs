//! PHP in what is called an image.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

use super::walk;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-php-in-image",
    code: "IOC-002",
    title: "PHP code in an image file",
    description: "Attackers hide their code in files that are called images, and run it by an include, or by a rule \
                  that makes the server run such files.",
    severity: Severity::High,
    cwe: &[506, 434],
    fix: "Delete the file, and look for what includes it.",
    references: &["https://developer.wordpress.org/advanced-administration/security/hacked/"],
    wants: &[
        Want::text(".ico", "<?php"),
        Want::text(".gif", "<?php"),
        Want::text(".jpg", "<?php"),
        Want::text(".jpeg", "<?php"),
        Want::text(".png", "<?php"),
        Want::text(".webp", "<?php"),
    ],
    run,
};

const IMAGES: &[&str] = &[".ico", ".gif", ".jpg", ".jpeg", ".png", ".webp"];

/// Longer files are photographs.
const MAX_IMAGE: u64 = 256 * 1024;
/// No more than this is read of uploaded images.
const MAX_READ: u64 = 64 * 1024 * 1024;

fn run(context: &Context<'_>, found: &mut Findings) {
    let texts = IMAGES
        .iter()
        .flat_map(|end| context.index.holding(end, "<?php"));
    let mut paths: Vec<String> = texts.map(str::to_owned).collect();
    let mut left = MAX_READ;
    for path in walk::uploaded(context) {
        let lower = path.to_ascii_lowercase();
        let length = context.files.len(&path).unwrap_or(u64::MAX);
        if !IMAGES.iter().any(|end| lower.ends_with(end)) || length > MAX_IMAGE.min(left) {
            continue;
        }
        left -= length;
        if context
            .files
            .read(&path)
            .is_some_and(|bytes| has_php(&bytes))
        {
            paths.push(path);
        }
    }
    paths.sort();
    paths.dedup();
    for path in paths.iter().filter(|path| !context.is_aside(path)) {
        let Some(bytes) = context.files.read(path).filter(|bytes| has_php(bytes)) else {
            continue;
        };
        let exposure = found.report(path, "What is called an image holds PHP code.");
        if !bytes.trim_ascii_start().starts_with(b"<?php") {
            exposure.sure(Confidence::Medium);
        }
    }
}

/// The opening tag is followed by a blank, or PHP takes it for none.
fn has_php(bytes: &[u8]) -> bool {
    let mut tags = memchr::memmem::find_iter(bytes, b"<?php");
    tags.any(|at| bytes.get(at + 5).is_some_and(u8::is_ascii_whitespace))
}
