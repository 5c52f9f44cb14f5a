//! What an expression comes to, if it is constant.

use std::cell::Cell;

use super::decode::unescape;
use super::script::Script;
use crate::site::lex::place::{Base, FILE_NAME, Place};
use crate::site::lex::token::Kind;
use crate::site::lex::tokens::Expr;
use crate::site::lex::value::Value;

/// So deep, names and calls are looked into.
const MAX_DEPTH: u32 = 10;

/// So many expressions are looked at for one value.
const MAX_STEPS: u32 = 500;

impl Script<'_> {
    /// The text that an expression comes to: strings, put together with `+`, templates and names. Of `a || 'text'`
    /// the text.
    pub fn text(&self, expr: &Expr) -> Option<String> {
        match self.evaluate(expr)? {
            Value::Text(text) => Some(text),
            Value::Place(_) => None,
        }
    }

    /// The path that an expression comes to: a text, or one that is put together with `__dirname`, `process.cwd()`,
    /// `import.meta.url` and the functions of `path`.
    pub fn place(&self, expr: &Expr) -> Option<Place> {
        self.evaluate(expr)?.place()
    }

    fn evaluate(&self, expr: &Expr) -> Option<Value> {
        let evaluation = Evaluation {
            script: self,
            steps: Cell::new(MAX_STEPS),
        };
        evaluation.value(expr, 0)
    }
}

struct Evaluation<'s, 't> {
    script: &'s Script<'t>,
    steps: Cell<u32>,
}

impl Evaluation<'_, '_> {
    fn value(&self, expr: &Expr, depth: u32) -> Option<Value> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        if depth > MAX_DEPTH || expr.is_empty() {
            return None;
        }
        let expr = self.script.stripped(expr);
        for operator in ["??", "||"] {
            // What stands in the environment is not known here; what stands in its place is.
            let parts = self.script.split(&expr, operator);
            if parts.len() > 1 {
                return parts.iter().find_map(|part| self.value(part, depth + 1));
            }
        }
        let terms = self.script.split(&expr, "+");
        if terms.len() > 1 {
            let mut terms = terms.iter();
            let first = self.value(terms.next()?, depth + 1)?;
            return terms.try_fold(first, |sum, term| sum.append(self.value(term, depth + 1)?));
        }
        self.term(&expr, depth)
    }

    fn term(&self, expr: &Expr, depth: u32) -> Option<Value> {
        let script = self.script;
        if expr.len() == 1 {
            return self.single(expr.start, depth);
        }
        if script.kind(expr.start) == Kind::TemplateHead {
            return self.template(expr, depth);
        }
        if script.is_chain(expr, "import.meta.dirname") {
            return Some(Value::Place(Place::of(Base::Script)));
        }
        if script.is_chain(expr, "import.meta.url") || script.is_chain(expr, "import.meta.filename")
        {
            return Some(Value::Place(Place::of(Base::Script).join(FILE_NAME)?));
        }
        let is_member = expr.len() > 2 && script.is(expr.end - 2, ".");
        if is_member && matches!(script.word(expr.end - 1), "pathname" | "href") {
            return self.value(&(expr.start..expr.end - 2), depth + 1);
        }
        self.call(expr, depth)
    }

    fn single(&self, at: usize, depth: u32) -> Option<Value> {
        if let Some(text) = self.script.text_at(at) {
            return Some(Value::Text(text.into_owned()));
        }
        let word = self.script.word(at);
        match self.script.constant(word) {
            Some(value) => return self.value(&value, depth + 1),
            None if word == "__dirname" => {}
            None if word == FILE_NAME => {
                return Some(Value::Place(Place::of(Base::Script).join(FILE_NAME)?));
            }
            None => return None,
        }
        Some(Value::Place(Place::of(Base::Script)))
    }

    /// The pieces of text and the substitutions, in turn.
    fn template(&self, expr: &Expr, depth: u32) -> Option<Value> {
        let mut sum = Value::Text(String::new());
        let mut at = expr.start;
        loop {
            let (start, end) = match self.script.kind(at) {
                Kind::TemplateHead | Kind::TemplateMiddle => (1, 2),
                Kind::TemplateTail => (1, 1),
                _ => return None,
            };
            let word = self.script.word(at);
            let piece = word.get(start..word.len().checked_sub(end)?)?;
            if !piece.is_empty() {
                sum = sum.append(Value::Text(unescape(piece).into_owned()))?;
            }
            let Some(next) = self.script.mate(at).filter(|&next| next > at) else {
                return (at + 1 == expr.end).then_some(sum);
            };
            sum = sum.append(self.value(&(at + 1..next), depth + 1)?)?;
            at = next;
        }
    }

    fn call(&self, expr: &Expr, depth: u32) -> Option<Value> {
        let call = self.script.as_call(expr)?;
        let args = self.script.args(&call);
        let name = call.callee.rsplit(['.', '/']).next()?;
        let place = |arg: &Expr| self.value(arg, depth + 1)?.place();
        let found = match name {
            "cwd" => Place::of(Base::Working),
            "dirname" => place(args.first()?)?.join("..")?,
            "fileURLToPath" | "normalize" | "realpathSync" => place(args.first()?)?,
            "URL" if call.is_new => match self.value(args.get(1)?, depth + 1)? {
                // The last name of the base is that of the script, and is replaced.
                Value::Place(base) => base.join("..")?.join(&self.text(args.first()?, depth)?)?,
                Value::Text(_) => return None,
            },
            "join" => {
                let mut args = args.iter();
                let first = place(args.next()?)?;
                args.try_fold(first, |sum, arg| sum.join(&self.text(arg, depth)?))?
            }
            "resolve" => {
                let start = Place::of(Base::Working);
                args.iter()
                    .try_fold(start, |sum, arg| match self.value(arg, depth + 1)? {
                        Value::Text(text) if text.starts_with('/') => Place::of_text(&text),
                        Value::Text(text) => sum.join(&text),
                        Value::Place(place) => Some(place),
                    })?
            }
            _ => return None,
        };
        Some(Value::Place(found))
    }

    fn text(&self, expr: &Expr, depth: u32) -> Option<String> {
        match self.value(expr, depth + 1)? {
            Value::Text(text) => Some(text),
            Value::Place(_) => None,
        }
    }
}
