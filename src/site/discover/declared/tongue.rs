//! What a finder needs to know of a language.

use super::super::super::lex::code::{Arg, Call, Code, Language};
use super::super::super::lex::js::Expr;
use super::{Program, Root};

/// A language, and which of its programs are read.
pub(super) struct Tongue {
    pub(super) language: Language,
    /// The ends of the names of its files.
    pub(super) ends: &'static [&'static str],
    /// What a program that serves files holds one of.
    pub(super) needles: &'static [&'static str],
    /// Files beside which a program is started.
    pub(super) markers: &'static [&'static str],
    /// Whether a file of this name is a test.
    pub(super) is_test: fn(&str) -> bool,
    pub(super) read: fn(&Program<'_>) -> Vec<Root>,
}

impl Tongue {
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let ends = self.ends.iter();
        ends.flat_map(|end| self.needles.iter().map(move |needle| (*end, *needle)))
    }
}

/// The argument of this name, or without a name at this position.
pub(super) fn arg(args: &[Arg], at: usize, name: &str) -> Option<Expr> {
    let named = args.iter().find(|arg| arg.name.as_deref() == Some(name));
    let plain = args.get(at).filter(|arg| arg.name.is_none());
    named.or(plain).map(|arg| arg.value.clone())
}

/// The value of the argument of this name.
pub(super) fn named(args: &[Arg], name: &str) -> Option<Expr> {
    arg(args, usize::MAX, name)
}

/// The call that an expression is, or that the name stands for.
pub(super) fn call_of(code: &Code<'_>, calls: &[Call], expr: &Expr) -> Option<Call> {
    let expr = code.constant_of(expr).unwrap_or_else(|| expr.clone());
    let starts = |call: &&Call| expr.start <= call.start && call.end <= expr.end;
    calls.iter().find(starts).cloned()
}
