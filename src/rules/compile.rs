//! Rules made ready to run. Nothing is compiled before it is needed: a run that meets three anchors
//! needs three regexes, and compiling all of them would take longer than most scans.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex_automata::{meta, util::syntax};
use regex_syntax::hir::Hir;

use super::model::{Rule, RuleFile, Scope};
use super::names::NameIndex;
use super::relaxed::relaxed;
use super::runs::longest_sure_run;

/// The longest text that a regex of a rule is run on to both sides of its anchor, in bytes. Chunks
/// overlap by more than this.
pub const MAX_REACH: usize = 32 * 1024;

/// How large a compiled regex may be, in bytes.
pub const REGEX_SIZE_LIMIT: usize = 1 << 20;

/// How much memory a regex may take for what it remembers of its searches, in bytes, on each thread. Matches
/// are short and windows small, so a fraction of the usual capacity does.
const CACHE_CAPACITY: usize = 1 << 18;

/// A regex that has searched so many bytes is worth the automata that search faster: to build them takes as long as the
/// slower search of about as many.
const FAST_PAYS: usize = 4 * 1024;

/// What a search takes however short the text is, in bytes searched.
const START: usize = 64;

/// A regex over bytes, compiled when it is first asked for: at first only as far as a search needs it, and once more for
/// speed when it is asked for often.
#[derive(Debug)]
pub struct LazyRegex {
    pattern: String,
    searched: AtomicUsize,
    first: OnceLock<meta::Regex>,
    fast: OnceLock<meta::Regex>,
}

impl LazyRegex {
    /// Takes a pattern that has been checked.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self {
            pattern: pattern.into(),
            searched: AtomicUsize::new(0),
            first: OnceLock::new(),
            fast: OnceLock::new(),
        }
    }

    /// The regex, to search so many bytes with.
    ///
    /// # Panics
    /// If the pattern is not one that [`compile_regex`] accepts. Rules are checked before they are compiled.
    pub fn get(&self, length: usize) -> &meta::Regex {
        // Threads that miss each other's counts get a regex that finds the same.
        let searched = self.searched.load(Ordering::Relaxed);
        if searched > FAST_PAYS {
            return self.fast.get_or_init(|| self.compile(&regex_builder()));
        }
        self.searched
            .store(searched + START + length, Ordering::Relaxed);
        self.first.get_or_init(|| {
            let mut builder = regex_builder();
            builder.configure(meta::Config::new().hybrid(false));
            self.compile(&builder)
        })
    }

    fn compile(&self, builder: &meta::Builder) -> meta::Regex {
        match builder.build(&self.pattern) {
            Ok(regex) => regex,
            Err(error) => panic!(
                "the pattern `{}` passed the check and fails: {error}",
                self.pattern
            ),
        }
    }
}

/// Compiles a pattern as all patterns of rules are: on bytes, without Unicode classes.
///
/// # Errors
/// The pattern is no regex, or a larger one than [`REGEX_SIZE_LIMIT`].
pub fn compile_regex(pattern: &str) -> Result<meta::Regex, Box<meta::BuildError>> {
    regex_builder().build(pattern).map_err(Box::new)
}

/// Compiles patterns into one regex that tells which of them match.
///
/// # Errors
/// As [`compile_regex`].
pub fn compile_regexes(patterns: &[&str]) -> Result<meta::Regex, Box<meta::BuildError>> {
    let mut builder = regex_builder();
    builder.configure(
        meta::Config::new()
            .match_kind(regex_automata::MatchKind::All)
            .hybrid_cache_capacity(16 * CACHE_CAPACITY)
            .nfa_size_limit(Some(16 * REGEX_SIZE_LIMIT)),
    );
    builder.build_many(patterns).map_err(Box::new)
}

fn regex_builder() -> meta::Builder {
    let mut builder = meta::Regex::builder();
    builder
        .configure(
            meta::Config::new()
                .utf8_empty(false)
                .nfa_size_limit(Some(REGEX_SIZE_LIMIT))
                .hybrid_cache_capacity(CACHE_CAPACITY)
                // Most regexes run on a few hundred bytes, so what takes long to build never pays.
                .auto_prefilter(false)
                .dfa(false)
                .onepass(false),
        )
        .syntax(syntax::Config::new().unicode(false).utf8(false));
    builder
}

/// How far a match may reach from its anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// No match is longer than this many bytes.
    Longest(usize),
    /// What the rule says.
    Declared(Scope),
}

/// A rule and what is compiled for it.
#[derive(Debug)]
pub struct CompiledRule {
    /// The vendor or theme of the rule's file.
    pub provider: String,
    /// The rule as it was written.
    pub rule: Rule,
    /// `text.pattern`, `assign.value` or `url.host`.
    pub pattern: Option<LazyRegex>,
    /// `text.name`.
    pub name: Option<LazyRegex>,
    /// `text.not-name` or `assign.not-name`.
    pub not_name: Option<LazyRegex>,
    /// `context.any`, as one regex.
    pub context: Option<LazyRegex>,
    /// The `near` of each attribute, in the same order.
    pub near: Vec<Option<LazyRegex>>,
    hir: OnceLock<Option<Hir>>,
    reach: OnceLock<Reach>,
    sure_run: OnceLock<usize>,
    relaxed: OnceLock<Option<LazyRegex>>,
    include: OnceLock<GlobSet>,
    exclude: OnceLock<GlobSet>,
}

impl CompiledRule {
    fn new(provider: String, rule: Rule) -> Self {
        let pattern = match (&rule.text, &rule.assign, &rule.url) {
            (Some(text), _, _) => Some(LazyRegex::new(&text.pattern)),
            (_, Some(assign), _) => assign
                .value
                .as_ref()
                .map(|value| LazyRegex::new(format!("^(?:{value})$"))),
            (_, _, Some(url)) => url.host.as_ref().map(LazyRegex::new),
            _ => None,
        };
        let text = rule.text.as_ref();
        Self {
            pattern,
            name: text.and_then(|text| text.name.as_ref()).map(LazyRegex::new),
            not_name: text
                .and_then(|text| text.not_name.as_ref())
                .or_else(|| rule.assign.as_ref()?.not_name.as_ref())
                .map(LazyRegex::new),
            context: rule
                .context
                .as_ref()
                .map(|context| LazyRegex::new(any_of(&context.any))),
            near: rule
                .attributes
                .iter()
                .map(|a| a.near.as_ref().map(LazyRegex::new))
                .collect(),
            hir: OnceLock::new(),
            reach: OnceLock::new(),
            sure_run: OnceLock::new(),
            relaxed: OnceLock::new(),
            include: OnceLock::new(),
            exclude: OnceLock::new(),
            provider,
            rule,
        }
    }

    /// How far a match of `text.pattern` may reach from its anchor.
    pub fn reach(&self) -> Reach {
        *self.reach.get_or_init(|| {
            let text = self.rule.text.as_ref();
            let declared = text.and_then(|text| text.scope);
            let longest = self.hir().and_then(|hir| hir.properties().maximum_len());
            match (declared, longest) {
                (Some(scope), _) => Reach::Declared(scope),
                (None, Some(longest)) => Reach::Longest(longest.min(MAX_REACH)),
                (None, None) => Reach::Declared(Scope::Line),
            }
        })
    }

    /// So many ASCII letters and digits stand in a row in every match of `text.pattern`.
    pub fn sure_run(&self) -> usize {
        *self
            .sure_run
            .get_or_init(|| self.hir().map_or(0, longest_sure_run))
    }

    /// A regex to ask before `pattern`, if it pays: where it finds nothing, that finds nothing.
    pub fn relaxed(&self) -> Option<&LazyRegex> {
        let relaxed = self
            .relaxed
            .get_or_init(|| self.hir().and_then(relaxed).map(LazyRegex::new));
        relaxed.as_ref()
    }

    /// `text.pattern` as it is read.
    fn hir(&self) -> Option<&Hir> {
        let text = self.rule.text.as_ref();
        let hir = self.hir.get_or_init(|| parsed(&text?.pattern));
        hir.as_ref()
    }

    /// Whether the rule looks into files of this path, relative to the scanned root.
    pub fn covers(&self, path: &str) -> bool {
        let conditions = &self.rule.path;
        let is_match = |set: &OnceLock<GlobSet>, patterns: &[String]| {
            set.get_or_init(|| globs(patterns)).is_match(path)
        };
        (conditions.include.is_empty() || is_match(&self.include, &conditions.include))
            && (conditions.exclude.is_empty() || !is_match(&self.exclude, &conditions.exclude))
    }

    /// Of two rules on the same bytes the higher one is kept.
    pub fn precedence(&self) -> u8 {
        self.rule
            .precedence
            .unwrap_or(if self.rule.assign.is_some() { 40 } else { 50 })
    }
}

pub(super) fn parsed(pattern: &str) -> Option<Hir> {
    let mut parser = regex_syntax::ParserBuilder::new();
    parser.unicode(false).utf8(false);
    parser.build().parse(pattern).ok()
}

fn any_of(literals: &[String]) -> String {
    let escaped: Vec<String> = literals.iter().map(|l| regex_syntax::escape(l)).collect();
    format!("(?i){}", escaped.join("|"))
}

fn globs(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    let set = patterns.iter().try_for_each(|pattern| {
        let glob = GlobBuilder::new(pattern).case_insensitive(true).build()?;
        builder.add(glob);
        Ok(())
    });
    match set.and_then(|()| builder.build()) {
        Ok(set) => set,
        Err(error) => panic!("the globs {patterns:?} passed the check and fail: {error}"),
    }
}

/// The rules of a run.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<CompiledRule>,
    names: OnceLock<NameIndex>,
}

impl RuleSet {
    /// Prepares rules that have been checked, sorted by id.
    pub fn new(files: impl IntoIterator<Item = RuleFile>) -> Self {
        let files: Vec<RuleFile> = files.into_iter().collect();
        // Rules are large: they are moved no oftener than needed.
        let mut rules = Vec::with_capacity(files.iter().map(|file| file.rules.len()).sum());
        for file in files {
            let compiled = |rule| CompiledRule::new(file.provider.clone(), rule);
            rules.extend(file.rules.into_iter().map(compiled));
        }
        rules.sort_by_cached_key(|compiled: &CompiledRule| compiled.rule.id.clone());
        Self {
            rules,
            names: OnceLock::new(),
        }
    }

    /// The rules; their index is what names them elsewhere.
    pub fn rules(&self) -> &[CompiledRule] {
        &self.rules
    }

    /// The `assign` rules whose name pattern is found in a normalised name, in order.
    pub fn assigned_to(&self, name: &str) -> Vec<usize> {
        let named = self
            .rules
            .iter()
            .enumerate()
            .filter_map(|(index, compiled)| {
                Some((index, compiled.rule.assign.as_ref()?.name.as_str()))
            });
        self.names
            .get_or_init(|| NameIndex::new(named))
            .rules_for(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_often_is_compiled_for_speed_and_finds_the_same() {
        let lazy = LazyRegex::new("(?P<secret>[a-f]{2,4}?)(?:-|$)");
        let text = "ab-abcdef";
        let found = |regex: &meta::Regex| -> Vec<_> {
            regex.find_iter(text).map(|found| found.range()).collect()
        };
        let first = found(lazy.get(text.len()));
        assert_eq!(first, [0..3, 5..9]);
        assert!(lazy.fast.get().is_none());
        lazy.get(FAST_PAYS);
        assert_eq!(found(lazy.get(text.len())), first);
        assert!(lazy.fast.get().is_some());
    }
}
