//! A rule as it is written in TOML. The build script reads this same file, so that the binary
//! carries the pack already parsed.

use serde::{Deserialize, Serialize};

use super::packed::Packed;
use crate::finding::{Confidence, Severity};

/// One TOML file: a vendor or a theme.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RuleFile {
    /// The vendor or theme, as users know it.
    pub provider: String,
    /// Its rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// How one kind of credential is recognised, judged, explained and replaced.
///
/// Exactly one of `text`, `assign` and `url` says how it is found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// Unique, lower-case words joined by `-`; stable, since baselines name it.
    pub id: String,
    /// What was found, as a noun phrase: `Mailgun API key`.
    pub title: String,
    /// What it is and why it is bad that others can read it. Plain sentences.
    pub description: Packed<String>,
    /// How bad it is if true.
    pub severity: Severity,
    /// How sure a match is before context and value are looked at.
    pub confidence: Confidence,
    /// CWE numbers; 798 (hard-coded credentials) unless said otherwise.
    #[serde(default = "default_cwe")]
    pub cwe: Vec<u32>,
    /// Themes: `mail`, `payment`, `cloud`, `database`, `framework`, …
    #[serde(default)]
    pub tags: Vec<String>,
    /// Of two rules on the same bytes the higher one is kept. Without it: 50 for `text` and `url`,
    /// 40 for `assign`.
    #[serde(default)]
    pub precedence: Option<u8>,
    /// Finds by the credential's own shape.
    #[serde(default)]
    pub text: Option<TextFinder>,
    /// Finds by the name that a value is assigned to.
    #[serde(default)]
    pub assign: Option<AssignFinder>,
    /// Finds in the user information of a URL.
    #[serde(default)]
    pub url: Option<UrlFinder>,
    /// What the value must be like.
    #[serde(default)]
    pub value: ValueConditions,
    /// What must stand around it.
    #[serde(default)]
    pub context: Option<Context>,
    /// Which files it is looked for in.
    #[serde(default)]
    pub path: PathConditions,
    /// What to read beside it for the report.
    #[serde(default, rename = "attribute")]
    pub attributes: Vec<AttributeRule>,
    /// How to replace it.
    pub rotate: Packed<Rotation>,
    /// Where the facts are from: the vendor's own pages.
    pub references: Packed<Vec<String>>,
    /// Texts that hold the credential. See `template` for the language they are written in.
    pub hit: Packed<Vec<String>>,
    /// Texts that look alike and hold none.
    pub miss: Packed<Vec<String>>,
}

fn default_cwe() -> Vec<u32> {
    vec![798]
}

/// Finds by shape: a regex that is run only around its anchors.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TextFinder {
    /// Literals of three bytes or more; every match holds at least one of them. A rule that has
    /// neither anchors nor pairs needs `path.include`, and looks only into files of at most 256 bytes. Compared without
    /// regard to ASCII case when the pattern starts with `(?i)`, exactly otherwise.
    #[serde(default)]
    pub anchors: Vec<String>,
    /// For shapes without a literal: the same byte twice, a fixed distance apart.
    #[serde(default)]
    pub pairs: Vec<Pair>,
    /// The regex, on bytes, without Unicode classes. The group `secret` is the credential; without
    /// one it is the whole match. Groups may feed attributes.
    pub pattern: String,
    /// Needed when a match has no longest length: how far from the anchor it may reach.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// A regex on the name that the match is assigned to, if it stands in an assignment (as for
    /// [`AssignFinder::name`]); a match with another name or none is not this rule's.
    #[serde(default)]
    pub name: Option<String>,
    /// The same, but a match with such a name is not this rule's.
    #[serde(default)]
    pub not_name: Option<String>,
}

/// The same byte twice, in one word: between the two, right before and right after them stand letters, digits,
/// `_` and `-`, and nowhere there the byte itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pair {
    /// An ASCII character.
    pub byte: char,
    /// Bytes from the first to the second: 1 to 31.
    pub distance: u8,
}

/// How far an unbounded match may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scope {
    /// The anchor's line, at most 4,096 bytes to either side.
    Line,
    /// This many bytes to either side of the anchor.
    Bytes(u32),
}

/// Finds by name: `DB_PASSWORD=…`, `'password' => '…'`, `<apiKey>…</apiKey>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AssignFinder {
    /// A regex, searched in the normalised name: lower case, words joined by `_` (so `apiKey`,
    /// `API-KEY` and `api.key` are `api_key`), after the names of the tables that it stands in,
    /// joined by `.`: `services.mailgun.secret`.
    pub name: String,
    /// The same, but a value with such a name is not this rule's.
    #[serde(default)]
    pub not_name: Option<String>,
    /// A regex that the whole value has to match; groups may feed attributes.
    #[serde(default)]
    pub value: Option<String>,
    /// Literals in names that are to be looked at besides the built-in ones, which are words such as `pass`,
    /// `pwd`, `secret`, `token`, `api_key`, `_key`, `salt`, `auth_`, `credential` and `dsn`. A bare `key` or
    /// `auth` is not among them: they stand in every second line of code.
    #[serde(default)]
    pub anchors: Vec<String>,
    /// Which files: `config` files only, or `any`, code too (where only quoted literals count).
    #[serde(default)]
    pub files: Files,
}

/// Kinds of file for an assignment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Files {
    /// `.env`, YAML, JSON, INI, XML, server configuration and their like.
    Config,
    /// All text.
    #[default]
    Any,
}

/// Finds in `scheme://user:password@host/path`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UrlFinder {
    /// Schemes in lower case, without `://`.
    pub schemes: Vec<String>,
    /// A regex that the host (with its port) has to match.
    #[serde(default)]
    pub host: Option<String>,
    /// Where the credential stands.
    #[serde(default)]
    pub secret: UrlPart,
}

/// A part of a URL's user information.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UrlPart {
    /// Before the colon, or all of it.
    User,
    /// After the colon.
    #[default]
    Password,
}

/// What the value must be like. All that are given have to hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ValueConditions {
    /// In bytes.
    #[serde(default)]
    pub min_length: Option<u32>,
    /// In bytes.
    #[serde(default)]
    pub max_length: Option<u32>,
    /// Shannon entropy, bits a byte, 0 to 8.
    #[serde(default)]
    pub min_entropy: Option<f32>,
    /// How many of lower case, upper case, digits and others must be there: 1 to 4.
    #[serde(default)]
    pub min_classes: Option<u8>,
    /// The value must look drawn at random rather than written by a person.
    #[serde(default)]
    pub random: bool,
    /// What a person chose as a password (`Kestrel2019`) will do as well where `random` is asked for.
    #[serde(default)]
    pub chosen: bool,
    /// The value carries a checksum, which must be right.
    #[serde(default)]
    pub checksum: Option<Checksum>,
}

/// Checksums that tokens carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// The last six characters are the CRC-32 of those before, after the last `_`, in base 62
    /// (GitHub, npm).
    Crc32Base62,
    /// The value is a JSON Web Token: header and payload are base64url of JSON objects.
    Jwt,
    /// The body is base64 of DER or of an OpenSSH key.
    Pem,
}

/// What must stand around a match.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Context {
    /// Literals, compared without regard to ASCII case; one is enough. Five bytes or more.
    pub any: Vec<String>,
    /// How far away, in lines; without it, anywhere in the file.
    #[serde(default)]
    pub lines: Option<u32>,
    /// What becomes of a match without it.
    pub missing: Missing,
}

/// What becomes of a match whose context is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// It is none.
    Drop,
    /// It is kept with low confidence.
    Low,
    /// It is kept with medium confidence.
    Medium,
}

/// Which files a rule looks in: globs on the path relative to the scanned root.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PathConditions {
    /// Only these, if any are given.
    #[serde(default)]
    pub include: Vec<String>,
    /// Never these.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// Something to read beside a match: a named group of the pattern (`group`), or what a regex finds near it (`near`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AttributeRule {
    /// What it is, in words: `key id`, `domain`.
    pub name: String,
    /// A named group of the pattern or of `assign.value`.
    #[serde(default)]
    pub group: Option<String>,
    /// A part of the URL: `user`, `host`, `path`.
    #[serde(default)]
    pub url_part: Option<String>,
    /// A regex searched around the match; its group `value` is the attribute.
    #[serde(default)]
    pub near: Option<String>,
    /// How far away, in lines; 15 unless said otherwise. The nearest one is taken.
    #[serde(default)]
    pub lines: Option<u32>,
    /// What to say when `near` matched, instead of a group of it.
    #[serde(default)]
    pub value: Option<String>,
    /// What to say when nothing was found.
    #[serde(default)]
    pub default: Option<String>,
    /// Without it there is no match.
    #[serde(default)]
    pub required: bool,
}

/// How to replace a credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rotation {
    /// One line for the report: what to do.
    pub summary: String,
    /// The provider's own steps, in order, with the path through its control panel.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Where it is done.
    #[serde(default)]
    pub urls: Vec<String>,
}
