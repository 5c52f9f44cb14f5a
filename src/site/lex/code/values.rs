//! What an expression comes to, if it is constant.

use std::cell::Cell;

use super::super::place::{Base, FILE_NAME, Place};
use super::super::token::Kind;
use super::super::tokens::Expr;
use super::super::value::Value;
use super::calls::Call;
use super::language::Language;
use super::paths::{self, Path};
use super::script::Code;
use super::strings::{self, Piece};

/// So deep, names and calls are looked into.
const MAX_DEPTH: u32 = 12;

/// So many expressions are looked at for one value.
const MAX_STEPS: u32 = 500;

/// Longer chains of names are none.
const MAX_NAMES: usize = 8;

impl Code<'_> {
    /// The text that an expression comes to. Of `a or 'text'` the text.
    pub fn text(&self, expr: &Expr) -> Option<String> {
        match self.evaluate(expr)? {
            Value::Text(text) => Some(text),
            Value::Place(_) => None,
        }
    }

    /// The path that an expression comes to: a text, or one that is put together with the functions of the language.
    pub fn place(&self, expr: &Expr) -> Option<Place> {
        self.evaluate(expr)?.place()
    }

    /// The directory that a path is in which ends with a name whose value is not known: of `join(ROOT, name)` it is
    /// `ROOT`.
    pub fn place_before(&self, expr: &Expr, name: &str) -> Option<Place> {
        let evaluation = Evaluation {
            hole: Some(name),
            ..Evaluation::of(self)
        };
        evaluation.value(expr, 0)?.place()
    }

    fn evaluate(&self, expr: &Expr) -> Option<Value> {
        Evaluation::of(self).value(expr, 0)
    }
}

struct Evaluation<'c, 't> {
    code: &'c Code<'t>,
    /// The name that stands for nothing.
    hole: Option<&'c str>,
    steps: Cell<u32>,
}

impl<'c, 't> Evaluation<'c, 't> {
    fn of(code: &'c Code<'t>) -> Self {
        Self {
            code,
            hole: None,
            steps: Cell::new(MAX_STEPS),
        }
    }

    fn value(&self, expr: &Expr, depth: u32) -> Option<Value> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        let code = self.code;
        let mut expr = expr.clone();
        while matches!(code.word(expr.start), "new" | "await" | "&" | "mut") && expr.len() > 1 {
            expr.start += 1;
        }
        if depth > MAX_DEPTH || expr.is_empty() {
            return None;
        }
        for operator in ["??", "||", "or"] {
            // What stands in the environment is not known here; what stands in its place is.
            let parts = self.split(&expr, operator);
            if parts.len() > 1 {
                return parts.iter().find_map(|part| self.value(part, depth + 1));
            }
        }
        let has_paths = matches!(code.language, Language::Python | Language::Ruby);
        for operator in ["+", "/"] {
            let terms = self.split(&expr, operator);
            if terms.len() < 2 || (operator == "/" && !has_paths) {
                continue;
            }
            let mut terms = terms.iter();
            let first = self.value(terms.next()?, depth + 1)?;
            return terms.try_fold(first, |sum, term| {
                let next = self.value(term, depth + 1)?;
                if operator == "+" {
                    return sum.append(next);
                }
                match next {
                    Value::Text(text) => Some(Value::Place(sum.place()?.join(&text)?)),
                    Value::Place(_) => None,
                }
            });
        }
        self.chain(&expr, depth)
    }

    fn split(&self, expr: &Expr, operator: &str) -> Vec<Expr> {
        let mut parts = Vec::new();
        let mut start = expr.start;
        let mut at = expr.start;
        while at < expr.end {
            if at > start && self.code.word(at) == operator {
                parts.push(start..at);
                start = at + 1;
            }
            at = self.code.after(at);
        }
        parts.push(start..expr.end);
        parts
    }

    /// A value, and what is called on it: `Path(__file__).resolve().parent`.
    fn chain(&self, expr: &Expr, depth: u32) -> Option<Value> {
        let code = self.code;
        let (mut value, mut at) = self.head(expr, depth)?;
        while at < expr.end {
            if code.is(at, "?") || code.is(at, "!") {
                at += 1;
                continue;
            }
            if !matches!(code.word(at), "." | "&." | "?." | "::") {
                return None;
            }
            let name = code.word(at + 1);
            if name == "parents" && code.is(at + 2, "[") {
                let levels: usize = code.word(at + 3).parse().ok()?;
                let mut place = value.place()?;
                for _ in 0..=levels.min(MAX_NAMES) {
                    place = place.join("..")?;
                }
                value = Value::Place(place);
                at = code.after(at + 2);
                continue;
            }
            let call = code.call_at(at + 2).filter(|_| code.is(at + 2, "("));
            let does = paths::named(name, code.language)?;
            value = self.made(does, Some(value), call.as_ref(), depth)?;
            at = call.map_or(at + 2, |call| call.end);
        }
        Some(value)
    }

    /// What an expression starts with, and what follows it.
    fn head(&self, expr: &Expr, depth: u32) -> Option<(Value, usize)> {
        let code = self.code;
        let start = expr.start;
        if code.kind(start) == Kind::Text {
            return Some((self.literal(start, depth)?, start + 1));
        }
        if code.is(start, "(") {
            let close = code.mate(start)?;
            return Some((self.value(&(start + 1..close), depth + 1)?, close + 1));
        }
        if code.kind(start) != Kind::Name {
            return None;
        }
        if self.hole == Some(code.word(start)) {
            return Some((Value::Text(String::new()), start + 1));
        }
        let constant = code.constant(code.word(start));
        if let Some(constant) = constant.clone().filter(|value| !value.contains(&start))
            && let Some(value) = self.value(&constant, depth + 1)
        {
            return Some((value, start + 1));
        }
        let mut names = vec![code.word(start)];
        let mut ends = vec![start + 1];
        let mut at = start + 1;
        if code.is(at, "!") {
            // A macro of Rust.
            at += 1;
            names.push("!");
            ends.push(at);
        }
        while names.len() < MAX_NAMES
            && matches!(code.word(at), "." | "::")
            && code.kind(at + 1) == Kind::Name
        {
            names.push(code.word(at + 1));
            at += 2;
            ends.push(at);
        }
        // What stands under a key of a configuration.
        if code.is(at, "[")
            && let Some(key) = code.text_at(at + 1)
        {
            let constant = code.constant(&format!("[{key}]"))?;
            let is_itself = constant.contains(&start);
            let value = (!is_itself).then(|| self.value(&constant, depth + 1))??;
            return Some((value, code.after(at)));
        }
        for length in (1..=names.len()).rev() {
            let name = names[..length].join(".").replace(".!", "!");
            let end = ends[length - 1];
            if name == "env!" && code.text_at(end + 1).as_deref() == Some("CARGO_MANIFEST_DIR") {
                return Some((Value::Place(Place::of(Base::Working)), code.after(end)));
            }
            // Of something that is not known, only what needs nothing of it is.
            let known = paths::named(&name, code.language)
                .filter(|does| constant.is_none() || does.is_fixed());
            let Some(does) = known else {
                continue;
            };
            let call = if code.is(end, "(") {
                Some(self.call(start, end)?)
            } else {
                None
            };
            let value = self.made(does, None, call.as_ref(), depth)?;
            return Some((value, call.map_or(end, |call| call.end)));
        }
        None
    }

    fn call(&self, start: usize, open: usize) -> Option<Call> {
        let close = self.code.mate(open)?;
        Some(Call {
            callee: String::new(),
            start,
            end: close + 1,
            args: open + 1..close,
            line: self.code.line(start),
        })
    }

    /// The pieces of a text and the names in it.
    fn literal(&self, at: usize, depth: u32) -> Option<Value> {
        let mut sum = Value::Text(String::new());
        for piece in strings::pieces(self.code.word(at), self.code.language)? {
            let next = match piece {
                Piece::Text(text) if text.is_empty() => continue,
                Piece::Text(text) => Value::Text(text.into_owned()),
                Piece::Names(names) => self.names(names, depth)?,
            };
            sum = sum.append(next)?;
        }
        Some(sum)
    }

    /// What names in dots stand for that are written within a text.
    fn names(&self, names: &str, depth: u32) -> Option<Value> {
        if self.hole == Some(names) {
            return Some(Value::Text(String::new()));
        }
        if let Some(constant) = self.code.constant(names) {
            return self.value(&constant, depth + 1);
        }
        self.made(paths::named(names, self.code.language)?, None, None, depth)
    }

    fn made(
        &self,
        does: Path,
        receiver: Option<Value>,
        call: Option<&Call>,
        depth: u32,
    ) -> Option<Value> {
        let args = call.map_or_else(Vec::new, |call| self.code.args(call));
        let arg = |at: usize| self.value(&args.get(at)?.value, depth + 1);
        let given = |receiver: Option<Value>| receiver.or_else(|| arg(0));
        let place = match does {
            Path::Here => Place::of(Base::Script),
            Path::File => Place::of(Base::Script).join(FILE_NAME)?,
            Path::Working => Place::of(Base::Working),
            Path::Same => return given(receiver),
            Path::Default => return arg(1),
            Path::Parent => given(receiver)?.place()?.join("..")?,
            Path::Expand => match arg(1) {
                Some(base) => base
                    .place()?
                    .join(&self.plain(&args.first()?.value, depth)?)?,
                None => arg(0)?.place()?,
            },
            Path::Join => {
                let mut rest = args.iter();
                let first = match receiver {
                    Some(receiver) => receiver.place()?,
                    None => match rest.next() {
                        Some(first) => self.value(&first.value, depth + 1)?.place()?,
                        None => Place::of(Base::Working),
                    },
                };
                rest.try_fold(first, |sum, arg| {
                    match self.value(&arg.value, depth + 1)? {
                        Value::Text(text) => sum.join(&text),
                        Value::Place(place) => Some(place),
                    }
                })?
            }
        };
        Some(Value::Place(place))
    }

    fn plain(&self, expr: &Expr, depth: u32) -> Option<String> {
        match self.value(expr, depth + 1)? {
            Value::Text(text) => Some(text),
            Value::Place(_) => None,
        }
    }
}
