//! `SetEnvIf`: variables that access rules look at.

use super::expr::Expr;
use super::pattern::Pattern;
use super::request::Asked;
use super::tree::{Known, Node};

/// Sets variables where a request fits.
#[derive(Debug, Clone)]
pub(super) struct SetEnvIf {
    test: Test,
    /// A name, and its value unless it is taken away.
    vars: Vec<(String, Option<String>)>,
}

#[derive(Debug, Clone)]
enum Test {
    Attribute(String, Pattern),
    Expr(Expr),
}

impl SetEnvIf {
    /// From a directive.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let mut words = node.words().into_iter();
        let test = match &*node.name {
            "setenvifexpr" => Test::Expr(Expr::new(&words.next()?)),
            name => {
                let attribute = if name.starts_with("browser") {
                    "user-agent".to_owned()
                } else {
                    words.next()?.to_ascii_lowercase()
                };
                Test::Attribute(
                    attribute,
                    Pattern::new(&words.next()?, name.ends_with("nocase")),
                )
            }
        };
        let vars = words.map(
            |word| match (word.strip_prefix('!'), word.split_once('=')) {
                (Some(name), _) => (name.to_owned(), None),
                (None, Some((name, value))) => (name.to_owned(), Some(value.to_owned())),
                (None, None) => (word, Some("1".to_owned())),
            },
        );
        Some(Self {
            test,
            vars: vars.collect(),
        })
    }

    /// Sets what has to be set.
    pub(super) fn apply(&self, asked: &mut Asked<'_>) -> Known<()> {
        let groups = match &self.test {
            Test::Expr(expr) => {
                if !expr.holds(asked)? {
                    return Ok(());
                }
                super::pattern::Groups::default()
            }
            Test::Attribute(name, pattern) => {
                let value = asked.attribute(name);
                match pattern.groups(&value)? {
                    Some(groups) => groups,
                    None => return Ok(()),
                }
            }
        };
        for (name, value) in &self.vars {
            match value {
                None => {
                    asked.env.remove(name);
                }
                Some(value) => {
                    let value =
                        super::alias::substituted(value, &|number| groups.get(number).to_owned());
                    asked.env.insert(name.clone(), value);
                }
            }
        }
        Ok(())
    }
}
