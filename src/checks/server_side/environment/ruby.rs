//! Controllers of Rails, routes of Sinatra, applications of Rack.

use memchr::memmem;

use super::Sent;
use super::guard::is_guarded;

/// What gives all of it.
const SOURCES: &[&str] = &[
    "ENV.to_h",
    "ENV.to_hash",
    "ENV.to_a",
    "ENV.to_json",
    "ENV.inspect",
    "ENV.map",
    "ENV.each",
    "ENV.sort",
    "credentials.config",
    "credentials.inspect",
];
/// What takes some of it.
const PICKS: &[&str] = &[
    ".slice",
    ".select",
    ".filter",
    ".reject",
    ".except",
    ".fetch",
    ".key",
    ".dig",
    ".any",
    ".count",
    ".merge",
    ".size",
    ".length",
    "[",
    "_",
    ".each_key",
];
/// So many lines before, the block of a route may begin.
const NEAR: usize = 15;

/// Whether a text names all of the environment, in code or elsewhere.
pub(super) fn may_answer(text: &str) -> bool {
    SOURCES.iter().any(|source| text.contains(source))
        && ["Controller", "inatra", "Rack", "run ", "[200,", "render "]
            .iter()
            .any(|one| text.contains(one))
}

pub(super) fn sent(text: &str) -> Vec<Sent> {
    let lines: Vec<String> = text.lines().map(without_comment).collect();
    let is_controller = text.contains("Controller");
    let is_sinatra = text.contains("sinatra") || text.contains("Sinatra::");
    let is_sent = |at: usize, line: &str| {
        let renders = ["render ", "render(", "render_to_string"]
            .iter()
            .any(|one| line.contains(one));
        (is_controller && renders)
            || line.contains("[200,")
            || (is_sinatra && !line.contains("puts") && in_route(&lines[..at]))
    };
    let numbers = (1..).zip(lines.iter().enumerate());
    let found = numbers.filter(|(_, (at, line))| is_whole(line) && is_sent(*at, line));
    let found = found.map(|(line, _)| Sent {
        line,
        is_guarded: is_guarded(text, line) || text.contains("before_action :auth"),
    });
    found.collect()
}

/// Whether all of the environment is a value in a line.
pub(super) fn is_whole(line: &str) -> bool {
    SOURCES.iter().any(|source| {
        memmem::find_iter(line.as_bytes(), source).any(|at| {
            let before = line[..at].chars().next_back();
            let after = line[at + source.len()..].trim_start_matches("()");
            let is_name = before.is_some_and(|c| c.is_alphanumeric() || "_:".contains(c));
            !is_name && !PICKS.iter().any(|pick| after.starts_with(pick))
        })
    })
}

/// Whether the last block that is open begins a route: `get '/env' do`.
fn in_route(before: &[String]) -> bool {
    let mut closed = 0;
    for line in before.iter().rev().take(NEAR) {
        let line = line.trim();
        if line == "end" {
            closed += 1;
        } else if line.ends_with(" do") || line.contains(" do |") {
            if closed == 0 {
                let word = line.split([' ', '(']).next().unwrap_or_default();
                return matches!(word, "get" | "post" | "put" | "any" | "map");
            }
            closed -= 1;
        }
    }
    false
}

/// A line without its comment, and without its texts in single quotes.
fn without_comment(line: &str) -> String {
    let mut kept = String::new();
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some('\'') => continue,
            None if c == '#' => break,
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(_) | None => {}
        }
        if c == '\\' {
            chars.next();
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_is_told_from_what_is_used() {
        for loud in [
            "class A < ApplicationController\n  def env\n    render json: ENV.to_h\n  end\nend\n",
            "class A < ApplicationController\n  def env\n    render plain: ENV.inspect # look\n  end\nend\n",
            "require 'sinatra'\nget '/env' do\n  ENV.to_h.to_json\nend\n",
            "run ->(env) { [200, {}, [ENV.inspect]] }\n",
        ] {
            assert!(may_answer(loud), "{loud}");
            assert_eq!(sent(loud).len(), 1, "{loud}");
        }
        for silent in [
            "class A < ApplicationController\n  def env\n    render json: ENV.to_h.slice('A')\n  end\nend\n",
            "class A < ApplicationController\n  def env\n    # render json: ENV.to_h\n    render plain: 'ENV.to_h'\n  end\nend\n",
            "class A < ApplicationController\n  def env\n    system(ENV.to_h, 'make')\n  end\nend\n",
            "require 'sinatra'\ndef a\n  ENV.to_h.to_json\nend\n",
            "run ->(env) { [200, {}, [env.inspect]] }\n",
        ] {
            assert_eq!(sent(silent).len(), 0, "{silent}");
        }
    }
}
