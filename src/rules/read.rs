//! From TOML to checked rules, with every mistake and its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::check::{self, FieldPath, Problem, Step};
use super::error::{Place, RuleError};
use super::model::{Rule, RuleFile};

/// A rule file that has been read and not yet parsed.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// What errors call it.
    pub(super) name: String,
    /// The TOML.
    pub(super) text: String,
}

/// The rule files of a directory, `*.toml`, sorted; not those of directories in it.
///
/// # Errors
/// The directory cannot be read.
pub(super) fn rule_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}

/// Parses and checks rule files that are used together. `others` are the rules that they extend: an
/// id of those is taken.
///
/// # Errors
/// Every mistake of every file, in the order of the files.
pub(super) fn read(
    sources: &[Source],
    others: &[RuleFile],
) -> Result<Vec<RuleFile>, Vec<RuleError>> {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    let mut ids: BTreeMap<String, String> = others
        .iter()
        .flat_map(|file| &file.rules)
        .map(|rule| {
            (
                rule.id.clone(),
                "the rules that come with spillcheck".to_owned(),
            )
        })
        .collect();
    for source in sources {
        let (file, mut found) = parse(source);
        let mut problems = check::check(&file);
        problems.extend(taken_ids(&file, &source.name, &mut ids));
        // A rule that did not parse is missing from `file`, so that positions would be off.
        if found.is_empty() {
            found = located(source, &file, problems);
        }
        files.push(file);
        errors.append(&mut found);
    }
    if errors.is_empty() {
        Ok(files)
    } else {
        Err(errors)
    }
}

fn taken_ids(file: &RuleFile, name: &str, ids: &mut BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, rule) in file.rules.iter().enumerate() {
        if let Some(owner) = ids.insert(rule.id.clone(), name.to_owned()) {
            problems.push(Problem {
                at: FieldPath::rule(index).key("id"),
                reason: format!("the id `{}` is already used in {owner}", rule.id),
                help: "give every rule its own id".to_owned(),
            });
        }
    }
    problems
}

/// What could be parsed, and what could not.
fn parse(source: &Source) -> (RuleFile, Vec<RuleError>) {
    let (table, syntax_errors) = DeTable::parse_recoverable(&source.text);
    let mut file = RuleFile {
        provider: String::new(),
        rules: Vec::new(),
    };
    let mut errors: Vec<RuleError> = syntax_errors
        .iter()
        .map(|error| of_toml(source, None, error))
        .collect();
    // What recovery made of broken syntax says little about the rules.
    if !errors.is_empty() {
        return (file, errors);
    }
    for (key, value) in table.into_inner() {
        let place = key.span().start;
        match (key.get_ref().as_ref(), value.into_inner()) {
            ("provider", DeValue::String(provider)) => file.provider = provider.into_owned(),
            ("rule", DeValue::Array(rules)) => {
                for rule in rules {
                    match parse_rule(source, rule) {
                        Ok(rule) => file.rules.push(rule),
                        Err(error) => errors.push(error),
                    }
                }
            }
            (key, _) => errors.push(RuleError {
                file: source.name.clone(),
                place: Some(Place::of(&source.text, place)),
                rule: None,
                reason: format!("`{key}` does not belong here"),
                help: "a rule file holds `provider = \"…\"` and `[[rule]]` tables, nothing else"
                    .to_owned(),
            }),
        }
    }
    (file, errors)
}

fn parse_rule(source: &Source, value: Spanned<DeValue<'_>>) -> Result<Rule, RuleError> {
    let span = value.span();
    let id = value
        .get_ref()
        .get("id")
        .and_then(|id| id.get_ref().as_str())
        .map(str::to_owned);
    Rule::deserialize(ValueDeserializer::from(value)).map_err(|error| {
        let mut error = of_toml(source, id, &error);
        error
            .place
            .get_or_insert_with(|| Place::of(&source.text, span.start));
        error
    })
}

fn of_toml(source: &Source, rule: Option<String>, error: &toml::de::Error) -> RuleError {
    RuleError {
        file: source.name.clone(),
        place: error.span().map(|span| Place::of(&source.text, span.start)),
        rule,
        reason: error.message().to_owned(),
        help:
            "the fields of a rule and the TOML they are written in are described in CONTRIBUTING.md"
                .to_owned(),
    }
}

fn located(source: &Source, file: &RuleFile, problems: Vec<Problem>) -> Vec<RuleError> {
    if problems.is_empty() {
        return Vec::new();
    }
    let (table, _) = DeTable::parse_recoverable(&source.text);
    problems
        .into_iter()
        .map(|problem| {
            let rule = problem.at.rule_index().and_then(|at| file.rules.get(at));
            RuleError {
                file: source.name.clone(),
                place: Some(Place::of(&source.text, start_of(&table, &problem.at))),
                rule: rule.map(|rule| rule.id.clone()),
                reason: problem.reason,
                help: problem.help,
            }
        })
        .collect()
}

/// Where a field starts; where the nearest one around it starts, if it is absent.
fn start_of(table: &Spanned<DeTable<'_>>, path: &FieldPath) -> usize {
    let mut start = table.span().start;
    let mut value: Option<&DeValue<'_>> = None;
    for step in path.steps() {
        let next = match (step, value) {
            (Step::Key(key), None) => table.get_ref().get(*key),
            (Step::Key(key), Some(value)) => value.get(*key),
            (Step::Index(index), value) => value.and_then(|value| value.get(*index)),
        };
        let Some(next) = next else { break };
        start = next.span().start;
        value = Some(next.get_ref());
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one rule, an item a line.
    fn source(name: &str, id: &str) -> Source {
        let text = format!(
            "provider = \"P\"\n[[rule]]\nid = \"{id}\"\ntitle = \"T\"\ndescription = \"D\"\n\
             severity = \"low\"\nconfidence = \"low\"\nreferences = [\"https://a.b\"]\n\
             hit = [\"⟦x⟧\", \"⟦y⟧\"]\nmiss = [\"x\", \"y\"]\n\
             text = {{ anchors = [\"abc\"], pattern = \"abc\" }}\nrotate = {{ summary = \"S\" }}\n"
        );
        Source {
            name: name.to_owned(),
            text,
        }
    }

    fn places(errors: &[RuleError]) -> Vec<(&str, usize, usize)> {
        errors
            .iter()
            .map(|error| {
                let place = error.place.as_ref().unwrap();
                (error.file.as_str(), place.line, place.column)
            })
            .collect()
    }

    #[test]
    fn ids_are_unique_over_all_files() {
        let files = read(&[source("a", "x"), source("b", "y")], &[]).unwrap();
        let errors = read(&[source("a", "x"), source("b", "x")], &[]).unwrap_err();
        assert_eq!(places(&errors), [("b", 3, 6)]);
        assert!(errors[0].reason.contains("already used in a"));
        let errors = read(&[source("c", "y")], &files).unwrap_err();
        assert!(errors[0].reason.contains("come with spillcheck"));
    }

    #[test]
    fn all_mistakes_of_all_files_are_told_at_once() {
        let mut syntax = source("syntax", "x");
        syntax.text = syntax.text.replace("title = ", "title ");
        let mut unknown = source("unknown", "y");
        unknown.text = unknown.text.replace("title", "tilte");
        let mut level = source("level", "z");
        level.text = level.text.replacen("\"low\"", "\"huge\"", 1);
        let mut top = source("top", "w");
        top.text = format!("{}\n[[rules]]\n", top.text);
        let checked = source("checked", "NO");
        let errors = read(&[syntax, unknown, level, top, checked], &[]).unwrap_err();
        assert_eq!(
            places(&errors),
            [
                ("syntax", 4, 7),
                ("unknown", 4, 1),
                ("level", 6, 12),
                ("top", 14, 3),
                ("checked", 3, 6)
            ]
        );
        assert_eq!(errors[1].rule.as_deref(), Some("y"));
        assert!(
            errors[1].reason.contains("unknown field `tilte`"),
            "{}",
            errors[1]
        );
    }

    #[test]
    fn a_field_that_is_missing_is_placed_at_its_rule() {
        let mut missing = source("missing", "x");
        missing.text = missing.text.replace("title = \"T\"\n", "");
        let errors = read(&[missing], &[]).unwrap_err();
        assert_eq!(places(&errors), [("missing", 2, 1)]);
        assert!(errors[0].reason.contains("missing field `title`"));
    }
}
