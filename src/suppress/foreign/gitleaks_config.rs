//! The allowlists of `.gitleaks.toml`, <https://github.com/gitleaks/gitleaks#configuration>.

use std::collections::BTreeMap;

use regex_automata::meta::Regex;
use serde::Deserialize;

use crate::rules::gitleaks::rule_id;

use super::{ForeignSight, compiled, counted, line};

/// Reads the file that a configuration extends, by its path.
pub type Extended<'e> = &'e dyn Fn(&str) -> Result<String, String>;

/// So deep configurations extend one another, as in gitleaks.
const MAX_DEPTH: usize = 2;
/// Of a description, so many characters are kept.
const MAX_DESCRIPTION: usize = 200;

/// What of the file speaks of all findings.
#[derive(Debug, Default)]
pub(super) struct GitleaksConfig {
    allowlists: Vec<Allowlist>,
    /// How many rules it brings.
    pub(super) own_rules: usize,
}

#[derive(Debug, Default)]
struct Allowlist {
    description: Option<String>,
    paths: Vec<Regex>,
    regexes: Vec<Regex>,
    target: Target,
    /// In lower case.
    stopwords: Vec<String>,
    commits: Vec<String>,
    /// All kinds that are given have to fit, not one of them.
    all: bool,
    /// The rules that it speaks of; without any, of all.
    rules: Vec<String>,
}

/// What the expressions of an allowlist are compared with.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Target {
    #[default]
    Secret,
    Match,
    Line,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    extend: Extend,
    allowlist: Option<WrittenList>,
    #[serde(default)]
    allowlists: Vec<WrittenList>,
    #[serde(default)]
    rules: Vec<WrittenRule>,
    #[serde(flatten)]
    others: BTreeMap<String, toml::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extend {
    path: Option<String>,
    url: Option<String>,
    #[serde(default)]
    disabled_rules: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenList {
    description: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    regexes: Vec<String>,
    regex_target: Option<String>,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(default)]
    commits: Vec<String>,
    condition: Option<String>,
    #[serde(default)]
    target_rules: Vec<String>,
    #[serde(flatten)]
    others: BTreeMap<String, toml::Value>,
}

#[derive(Debug, Deserialize)]
struct WrittenRule {
    #[serde(default)]
    id: String,
    regex: Option<String>,
    path: Option<String>,
    allowlist: Option<WrittenList>,
    #[serde(default)]
    allowlists: Vec<WrittenList>,
}

impl WrittenRule {
    /// Without either it changes a rule that gitleaks brings.
    fn is_own(&self) -> bool {
        self.regex.is_some() || self.path.is_some()
    }
}

/// Keys beside those above that change nothing of what is allowed.
const HARMLESS: [&str; 3] = ["title", "description", "minVersion"];

impl GitleaksConfig {
    pub(super) fn read(
        text: &str,
        extended: Extended<'_>,
        unheard: &mut Vec<String>,
    ) -> Result<Self, String> {
        let mut reading = Reading {
            config: Self::default(),
            extended,
            unheard,
        };
        reading.add(text, 0)?;
        Ok(reading.config)
    }

    /// The allowlist that allows this, and its description.
    pub(super) fn allowlist(&self, sight: &ForeignSight<'_>) -> Option<(String, Option<String>)> {
        let lists = self.allowlists.iter().zip(1..);
        let mut fitting = lists.filter(|(list, _)| list.fits(sight));
        let (list, number) = fitting.next()?;
        Some((format!("allowlist {number}"), list.description.clone()))
    }
}

struct Reading<'r> {
    config: GitleaksConfig,
    extended: Extended<'r>,
    unheard: &'r mut Vec<String>,
}

impl Reading<'_> {
    fn add(&mut self, text: &str, depth: usize) -> Result<(), String> {
        let written: Written = toml::from_str(text).map_err(|error| {
            format!("this is no configuration of gitleaks: {}", error.message())
        })?;
        self.say_what_is_not_honoured(&written);
        for list in written.allowlist.iter().chain(&written.allowlists) {
            if let Some(rules) = self.targets(&written, list) {
                self.take(list, &rules);
            }
        }
        for rule in written.rules.iter().filter(|rule| rule.is_own()) {
            for list in rule.allowlist.iter().chain(&rule.allowlists) {
                self.take(list, std::slice::from_ref(&rule.id));
            }
        }
        if let Some(path) = written.extend.path {
            if depth >= MAX_DEPTH {
                self.unheard.push(format!(
                    "`{path}` would be a third extension, which is not read"
                ));
            } else {
                let text = (self.extended)(&path)?;
                self.add(&text, depth + 1)?;
            }
        }
        Ok(())
    }

    /// The rules that an allowlist names and that the file brings; `None` if it names only others.
    fn targets(&mut self, written: &Written, list: &WrittenList) -> Option<Vec<String>> {
        let own: Vec<&WrittenRule> = written.rules.iter().filter(|rule| rule.is_own()).collect();
        let is_own = |id: &&String| own.iter().any(|rule| rule.id == **id);
        let (own, others): (Vec<&String>, Vec<&String>) =
            list.target_rules.iter().partition(is_own);
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(|id| id.as_str()).collect();
            self.unheard.push(format!(
                "an allowlist for rules that gitleaks brings is not honoured for them: {}",
                names.join(", ")
            ));
        }
        let is_of_others = own.is_empty() && !others.is_empty();
        (!is_of_others).then(|| own.into_iter().cloned().collect())
    }

    fn say_what_is_not_honoured(&mut self, written: &Written) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut count = |what: &'static str, more: usize| {
            if more > 0 {
                *counts.entry(what).or_default() += more;
            }
        };
        self.config.own_rules += written.rules.iter().filter(|rule| rule.is_own()).count();
        let lists =
            |rule: &WrittenRule| rule.allowlists.len() + usize::from(rule.allowlist.is_some());
        let of_others = written.rules.iter().filter(|rule| !rule.is_own());
        count(
            "allowlists of rules that gitleaks brings",
            of_others.map(lists).sum(),
        );
        count(
            "rules that it switches off",
            written.extend.disabled_rules.len(),
        );
        if !counts.is_empty() {
            self.unheard.push(format!(
                "not taken over, since rules are other ones here: {}",
                counted(&counts)
            ));
        }
        if let Some(url) = &written.extend.url {
            self.unheard
                .push(format!("what it extends at {url} is not fetched"));
        }
        let odd = written.others.keys().map(String::as_str);
        let odd: Vec<&str> = odd.filter(|key| !HARMLESS.contains(key)).collect();
        if !odd.is_empty() {
            self.unheard
                .push(format!("not understood: {}", odd.join(", ")));
        }
    }

    /// Takes an allowlist of some rules, or of all if it names none.
    fn take(&mut self, written: &WrittenList, rules: &[String]) {
        let odd: Vec<&str> = written.others.keys().map(String::as_str).collect();
        if !odd.is_empty() {
            self.unheard.push(format!(
                "not understood in an allowlist: {}",
                odd.join(", ")
            ));
        }
        let target = match written.regex_target.as_deref() {
            None | Some("" | "secret") => Target::Secret,
            Some("match") => Target::Match,
            Some("line") => Target::Line,
            Some(other) => {
                self.unheard.push(format!(
                    "an allowlist whose regexTarget is `{other}` is not honoured"
                ));
                return;
            }
        };
        let all = written
            .condition
            .as_deref()
            .is_some_and(|word| word.eq_ignore_ascii_case("and") || word == "&&");
        let asked = written.paths.len() + written.regexes.len();
        let list = Allowlist {
            description: written.description.as_deref().map(in_one_line),
            paths: compiled(&written.paths, self.unheard),
            regexes: compiled(&written.regexes, self.unheard),
            target,
            stopwords: written
                .stopwords
                .iter()
                .map(|word| word.to_lowercase())
                .collect(),
            commits: written
                .commits
                .iter()
                .map(|id| id.to_ascii_lowercase())
                .collect(),
            all,
            rules: rules.iter().map(|id| rule_id(id)).collect(),
        };
        // Without one of its conditions it would allow more than it says.
        if all && list.paths.len() + list.regexes.len() < asked {
            self.unheard.push(
                "so an allowlist of which all conditions have to fit is not honoured".to_owned(),
            );
            return;
        }
        self.config.allowlists.push(list);
    }
}

/// Descriptions can be whole texts.
fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_DESCRIPTION).collect()
}

impl Allowlist {
    fn fits(&self, sight: &ForeignSight<'_>) -> bool {
        if !self.rules.is_empty() && !self.rules.contains(&sight.finding.rule) {
            return false;
        }
        let checks = [
            (!self.commits.is_empty()).then(|| self.has_commit(sight)),
            (!self.paths.is_empty())
                .then(|| self.paths.iter().any(|path| path.is_match(sight.path))),
            (!self.regexes.is_empty()).then(|| self.has_match(sight)),
            (!self.stopwords.is_empty()).then(|| self.has_stopword(sight)),
        ];
        let mut given = checks.into_iter().flatten().peekable();
        if self.all {
            given.peek().is_some() && given.all(|fits| fits)
        } else {
            given.any(|fits| fits)
        }
    }

    fn has_commit(&self, sight: &ForeignSight<'_>) -> bool {
        let commits = sight.place.commits.as_ref();
        commits.is_some_and(|commits| self.commits.contains(&commits.first.id))
    }

    fn has_match(&self, sight: &ForeignSight<'_>) -> bool {
        let secret = sight.finding.secret.expose();
        let line = || line(sight);
        let text = match self.target {
            Target::Secret => None,
            Target::Line => line().map(|(line, ..)| line),
            // What a rule of gitleaks takes in starts at the name.
            Target::Match => line().map(|(line, start, end)| {
                let name = sight.place.name.as_deref();
                let name = name.and_then(|name| line[..start].rfind(name));
                line[name.unwrap_or(start)..end].to_owned()
            }),
        };
        let text = text.as_deref().map_or(secret, str::as_bytes);
        self.regexes.iter().any(|regex| regex.is_match(text))
    }

    fn has_stopword(&self, sight: &ForeignSight<'_>) -> bool {
        let secret = String::from_utf8_lossy(sight.finding.secret.expose()).to_lowercase();
        let mut words = self.stopwords.iter();
        words.any(|word| secret.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (GitleaksConfig, Vec<String>) {
        let mut unheard = Vec::new();
        let extended = |path: &str| match path {
            "base.toml" => Ok("[allowlist]\nstopwords = [\"Base\"]\n".to_owned()),
            "loop.toml" => Ok("[extend]\npath = \"loop.toml\"\n".to_owned()),
            _ => Err(format!("{path}: no such file")),
        };
        let config = GitleaksConfig::read(text, &extended, &mut unheard).unwrap();
        (config, unheard)
    }

    #[test]
    fn all_forms_of_allowlists_are_read() {
        let (config, unheard) = read(
            "title = \"ours\"\n[extend]\nuseDefault = true\npath = \"base.toml\"\n\
             [allowlist]\ndescription = \"\"\"\nold\n form\n\"\"\"\npaths = ['''(^|/)tests?/''']\n\
             [[allowlists]]\ncondition = \"AND\"\nregexTarget = \"line\"\nregexes = ['''(?i)example''']\npaths = ['x']\n",
        );
        assert_eq!(unheard, Vec::<String>::new());
        assert_eq!(config.allowlists.len(), 3);
        assert_eq!(
            config.allowlists[0].description.as_deref(),
            Some("old form")
        );
        assert!(config.allowlists[1].all);
        assert_eq!(config.allowlists[1].target, Target::Line);
        assert_eq!(config.allowlists[2].stopwords, ["base"]);
    }

    #[test]
    fn what_is_not_honoured_is_told() {
        for (text, said) in [
            ("[ignore]\npaths = ['x']\n", "not understood: ignore"),
            (
                "[[rules]]\nid = 'a'\n[[rules.allowlists]]\npaths = ['b']\n",
                "1 allowlists of rules that gitleaks brings",
            ),
            (
                "[extend]\ndisabledRules = ['a']\n",
                "1 rules that it switches off",
            ),
            ("[extend]\nurl = 'https://x'\n", "not fetched"),
            ("[extend]\npath = 'loop.toml'\n", "third extension"),
            (
                "[[allowlists]]\ntargetRules = ['a']\npaths = ['b']\n",
                "not honoured for them: a",
            ),
            (
                "[allowlist]\nfiles = ['b']\n",
                "not understood in an allowlist: files",
            ),
            (
                "[allowlist]\nregexTarget = 'commit'\nregexes = ['b']\n",
                "`commit`",
            ),
            ("[allowlist]\nregexes = ['(?=a)b']\n", "(?=a)b"),
        ] {
            let (config, unheard) = read(text);
            assert!(
                unheard.iter().any(|told| told.contains(said)),
                "{text}: {unheard:?}"
            );
            let all = config.allowlists.iter();
            assert!(
                all.map(|list| list.regexes.len() + list.paths.len())
                    .sum::<usize>()
                    == 0
            );
        }
        let broken = "[allowlist]\ncondition = 'AND'\nregexes = ['(?=a)b']\npaths = ['c']\n";
        assert!(read(broken).0.allowlists.is_empty());
    }

    #[test]
    fn what_is_no_configuration_is_an_error() {
        let read = |text| GitleaksConfig::read(text, &|path| Err(path.to_owned()), &mut Vec::new());
        assert!(read("[allowlist\n").is_err());
        assert!(read("[allowlist]\npaths = 1\n").is_err());
        assert!(read("[extend]\npath = 'gone'\n").is_err());
    }
}
