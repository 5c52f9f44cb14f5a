//! `mod_rewrite`.
//!
//! <https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html>

mod expand;
mod flags;
mod parse;
mod run;

use std::sync::Arc;

use crate::finding::Reason;

use super::expr::Expr;
use super::pattern::Pattern;

pub(super) use parse::{cond, rule};
pub(super) use run::{Run, Verdict, scheme};

/// A `RewriteRule` with its conditions.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pattern: Pattern,
    is_negated: bool,
    output: String,
    flags: Flags,
    conds: Vec<Cond>,
    why: Arc<Reason>,
}

/// A `RewriteCond`.
#[derive(Debug, Clone)]
pub(super) struct Cond {
    input: String,
    test: Test,
    is_negated: bool,
    ignores_case: bool,
    /// It is enough that this one or the next holds.
    is_or: bool,
}

#[derive(Debug, Clone)]
enum Test {
    Pattern(Pattern),
    /// `-f`, `-d` and so on, by letter.
    File(char),
    Compare(String, String),
    Number(String, i64),
    Expr(Expr),
    Other(String),
}

/// What stands in the brackets of a rule.
#[derive(Debug, Clone, Default)]
struct Flags {
    /// The request ends with this status.
    status: Option<u16>,
    redirect: Option<u16>,
    is_last: bool,
    is_end: bool,
    is_next: bool,
    is_chained: bool,
    skip: usize,
    passes: bool,
    is_proxy: bool,
    not_in_subrequests: bool,
    appends_query: bool,
    drops_query: bool,
    last_question_mark: bool,
    escapes: bool,
    allows_question_mark: bool,
    trusts_prefix: bool,
    drops_path_info: bool,
    keeps_slashes: bool,
    handler: Option<String>,
    content_type: Option<String>,
    env: Vec<String>,
    ignores_case: bool,
}

impl Rule {
    /// The substitution as it is written.
    pub(super) fn output(&self) -> &str {
        &self.output
    }
}
