//! Formats of access logs.

mod apache;
mod columns;
mod json;
mod line;
mod nginx;
mod template;
mod when;

#[cfg(test)]
mod tests;

pub(super) use columns::{Columns, HEADER};
pub(super) use line::{Line, Size};
use template::Template;

/// A way to take lines apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// Text with fields in it.
    Text(Template),
    /// A JSON object in each line.
    Json,
    /// Columns that the log itself names.
    Columns(Columns),
}

impl Format {
    /// Takes a line, without its end, apart; `None` where it is no such line.
    pub(super) fn parse<'l>(&self, text: &'l [u8]) -> Option<Line<'l>> {
        match self {
            Self::Text(template) => template.parse(text),
            Self::Json => json::parse(text),
            Self::Columns(columns) => columns.parse(text),
        }
    }
}

/// A format that a configuration sets, without the quotes around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Configured {
    /// `LogFormat` or `CustomLog` of Apache.
    Apache(String),
    /// `log_format` of nginx.
    Nginx(String),
}

/// The formats that are tried, those that say most first.
#[derive(Debug, Clone)]
pub(super) struct Formats(Vec<Template>);

/// What servers write unless they are told otherwise. The last ones are AWS's load balancer's
/// (<https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html>), whose sizes
/// are with the head, and openSUSE's and Debian's with virtual hosts.
const USUAL: &[&str] = &[
    "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"",
    "%h %l %u %t \"%r\" %>s %b",
    "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"",
    "%v %h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"",
    "%X %{begin:%F}t %X %h:%p %X %X %X %X %>s %X %X %O \"%r\" \"%{User-Agent}i\" %X",
];

/// So many lines tell of which format a log is.
pub(super) const HEAD_LINES: usize = 50;

impl Formats {
    /// The usual ones and these.
    pub(super) fn new(configured: &[Configured]) -> Self {
        let own = configured.iter().filter_map(|format| match format {
            Configured::Apache(text) => apache::compile(text),
            Configured::Nginx(text) => nginx::compile(text),
        });
        let usual = USUAL.iter().filter_map(|text| apache::compile(text));
        let mut all: Vec<Template> = Vec::new();
        for template in own.chain(usual) {
            if !all.contains(&template) {
                all.push(template);
            }
        }
        all.sort_by_key(|template| std::cmp::Reverse(template.len()));
        Self(all)
    }

    /// The format of a log that begins with these lines; `None` if it is of none that is known.
    pub(super) fn guess(&self, head: &[&[u8]]) -> Option<Format> {
        let head = || head.iter().filter(|line| !line.is_empty()).take(HEAD_LINES);
        if let Some(columns) = head().find_map(|line| Columns::of(line)) {
            return Some(Format::Columns(columns));
        }
        let fits = |format: &Format| head().filter(|line| format.parse(line).is_some()).count();
        let json = (Format::Json, fits(&Format::Json));
        let texts = self.0.iter().cloned().map(Format::Text);
        let mut best = json;
        for format in texts {
            let count = fits(&format);
            if count > best.1 {
                best = (format, count);
            }
        }
        (best.1 > 0).then_some(best.0)
    }

    /// Takes apart a line that is not of its log's own format.
    pub(super) fn parse_other<'l>(&self, text: &'l [u8]) -> Option<Line<'l>> {
        if text.starts_with(b"{") {
            return json::parse(text);
        }
        self.0.iter().find_map(|template| template.parse(text))
    }
}
