//! Buckets that Terraform opens to everyone.

use std::ops::Range;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::js::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "terraform-public-bucket",
    code: "TF-002",
    title: "Terraform opens a bucket to everyone",
    description: "Whatever is put into the bucket is read by everyone who knows or guesses its name: backups, logs and \
                  settings among it. Lists of buckets' names are searched all the time.",
    severity: Severity::Medium,
    cwe: &[732, 284],
    fix: "Leave the bucket private, with aws_s3_bucket_public_access_block or public_access_prevention, and put a CDN \
          before what is meant for everyone.",
    references: &[
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        "https://cloud.google.com/storage/docs/public-access-prevention",
    ],
    wants: &[
        Want::text(".tf", "public-read"),
        Want::text(".tf", "s3_bucket_policy"),
        Want::text(".tf", "allusers"),
    ],
    run,
};

const NEEDLES: &[&str] = &["public-read", "s3_bucket_policy", "allusers"];

/// Words of names of buckets that nobody is meant to read.
const PRIVATE: &[&str] = &[
    "backup", "log", "private", "secret", "dump", "state", "config", "database",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    let all = NEEDLES
        .iter()
        .flat_map(|needle| context.index.holding(".tf", needle));
    let mut paths: Vec<&str> = all.filter(|path| !context.is_aside(path)).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let text = context.files.text(path).unwrap_or_default();
        // A site is meant for everyone.
        let is_site = text.contains("website");
        for open in opened(&without_comments(&text)) {
            let severity = match (open.is_private_by_name, is_site) {
                (true, _) => Severity::High,
                (false, true) => Severity::Low,
                (false, false) => Severity::Medium,
            };
            found
                .report(path, open.message)
                .at_line(open.line)
                .severe(context.severity_where(path, severity))
                .sure(Confidence::Medium);
        }
    }
}

struct Open {
    line: u32,
    message: String,
    is_private_by_name: bool,
}

fn opened(text: &str) -> Vec<Open> {
    // Strings and brackets are those of JavaScript.
    let script = Script::new(text);
    let has_block = script.tokens().len() > 8 && text.contains("aws_s3_bucket_public_access_block");
    let mut found = Vec::new();
    for at in 0..script.tokens().len() {
        let kind = script
            .is_word(at, "resource")
            .then(|| script.text_at(at + 1))
            .flatten();
        let (Some(kind), Some(close)) = (kind, script.mate(at + 3)) else {
            continue;
        };
        let body = at + 3..close;
        let told = match &*kind {
            "aws_s3_bucket" | "aws_s3_bucket_acl" if !has_block => acl(&script, &body),
            "aws_s3_bucket_policy" if !has_block => policy(&script, &body),
            kind if kind.starts_with("google_storage_") => member(&script, &body),
            _ => None,
        };
        if let Some((line, message)) = told {
            let source = script.source(&(at..close)).to_ascii_lowercase();
            found.push(Open {
                line,
                message,
                is_private_by_name: PRIVATE.iter().any(|word| {
                    source
                        .split(|c: char| !c.is_ascii_alphanumeric())
                        .any(|part| part.trim_end_matches('s') == *word)
                }),
            });
        }
    }
    found
}

/// The place of a value: `key = …`, `"key": …`.
fn values<'s>(
    script: &'s Script<'_>,
    body: &Range<usize>,
    key: &'s str,
) -> impl Iterator<Item = usize> + 's {
    let named = move |at: usize| {
        script.is_word(at, key) || script.text_at(at).is_some_and(|text| text == key)
    };
    let sets = move |at: usize| script.is(at + 1, "=") || script.is(at + 1, ":");
    body.clone()
        .filter(move |&at| named(at) && sets(at))
        .map(|at| at + 2)
}

fn acl(script: &Script<'_>, body: &Range<usize>) -> Option<(u32, String)> {
    let at = values(script, body, "acl").next()?;
    let acl = script.text_at(at)?;
    matches!(
        &*acl,
        "public-read" | "public-read-write" | "authenticated-read"
    )
    .then(|| (script.line(at), format!("The bucket's ACL is {acl}.")))
}

fn policy(script: &Script<'_>, body: &Range<usize>) -> Option<(u32, String)> {
    let is_all = |at: usize| {
        let star = |at: usize| script.text_at(at).is_some_and(|text| text == "*");
        // `{ AWS = "*" }`, `["*"]`
        star(at) || (at..script.after(at)).any(star)
    };
    let at = values(script, body, "Principal").find(|&at| is_all(at))?;
    let allows = values(script, body, "Effect")
        .any(|at| script.text_at(at).is_some_and(|text| text == "Allow"));
    let has_condition = values(script, body, "Condition").next().is_some();
    (allows && !has_condition).then(|| {
        (
            script.line(at),
            "The bucket's policy allows everyone: its Principal is `*`.".to_owned(),
        )
    })
}

fn member(script: &Script<'_>, body: &Range<usize>) -> Option<(u32, String)> {
    let at = body.clone().find(|&at| {
        script
            .text_at(at)
            .is_some_and(|text| matches!(&*text, "allUsers" | "allAuthenticatedUsers"))
    })?;
    Some((
        script.line(at),
        format!("{} may read the bucket.", script.text_at(at)?),
    ))
}

/// HCL has `#` for comments as well; the lines stay.
fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let is_comment = line.trim_start().starts_with('#');
        if is_comment { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_for_everyone_are_told_from_others() {
        let lines = |text: &str| {
            opened(&without_comments(text))
                .iter()
                .map(|one| one.line)
                .collect::<Vec<_>>()
        };
        let policy = |principal: &str| {
            format!(
                "resource \"aws_s3_bucket_policy\" \"p\" {{\n policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Principal = {principal}, Action = [\"s3:GetObject\"] }}] }})\n}}\n"
            )
        };
        assert_eq!(lines(&policy("\"*\"")), [2]);
        assert_eq!(lines(&policy("{ AWS = \"*\" }")), [2]);
        assert_eq!(
            lines(&policy("{ AWS = \"arn:aws:iam::123456789012:role/app\" }")),
            [0; 0]
        );
        assert_eq!(
            lines(
                "resource \"aws_s3_bucket\" \"b\" {\n  # acl = \"public-read\"\n  acl = \"private\"\n}"
            ),
            [0; 0]
        );
        assert_eq!(
            lines("resource \"aws_s3_bucket\" \"b\" {\n  acl = \"public-read\"\n}"),
            [2]
        );
        assert_eq!(
            lines(
                "resource \"google_storage_bucket_iam_member\" \"b\" {\n  member = \"allUsers\"\n}"
            ),
            [2]
        );
    }
}
