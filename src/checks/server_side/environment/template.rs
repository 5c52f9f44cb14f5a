//! Pages of JSP, ERB, ASP.NET and Razor.

use memchr::memmem;

use super::Sent;
use super::guard::is_guarded;
use super::ruby;

/// What gives all of it, but for Ruby's.
const SOURCES: &[&str] = &[
    "System.getenv()",
    "System.getProperties()",
    "Environment.GetEnvironmentVariables()",
    "debug(ENV)",
    "debug ENV",
];

pub(super) fn sent(text: &str) -> Vec<Sent> {
    let text = without_comments(text);
    let is_marked = text.contains("<%");
    let code = if is_marked { code(&text) } else { text };
    let lines = (1..).zip(code.lines());
    let found = lines.filter(|(_, written)| {
        // Razor's code begins with `@`.
        let is_code = is_marked || written.contains('@') || written.contains("foreach");
        let is_comment = written.trim_start().starts_with("//");
        is_code && !is_comment && (is_whole(written) || ruby::is_whole(written))
    });
    let found = found.map(|(line, _)| Sent {
        line,
        is_guarded: is_guarded(&code, line),
    });
    found.collect()
}

/// What stands in `<% … %>`, on the lines that it has.
fn code(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<%") {
        let (inside, next) = after.split_once("%>").unwrap_or((after, ""));
        let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        kept.push_str(&"\n".repeat(lines));
        kept.push_str(inside);
        kept.push(' ');
        rest = next;
    }
    kept
}

fn is_whole(line: &str) -> bool {
    SOURCES.iter().any(|source| {
        memmem::find_iter(line.as_bytes(), source).any(|at| {
            let after = &line[at + source.len()..];
            ![".get(", ".containsKey", ".getProperty(", "["]
                .iter()
                .any(|pick| after.starts_with(pick))
        })
    })
}

/// The text, with as many lines, without `<%-- … --%>`, `@* … *@`, `<!-- … -->` and `<%# … %>`.
fn without_comments(text: &str) -> String {
    let mut kept = text.to_owned();
    for (open, close) in [
        ("<%--", "--%>"),
        ("@*", "*@"),
        ("<!--", "-->"),
        ("<%#", "%>"),
    ] {
        let mut parts = Vec::new();
        let mut rest = kept.as_str();
        while let Some((before, after)) = rest.split_once(open) {
            let (inside, next) = after.split_once(close).unwrap_or((after, ""));
            let lines = memchr::memchr_iter(b'\n', inside.as_bytes()).count();
            parts.push(before.to_owned() + &"\n".repeat(lines));
            rest = next;
        }
        parts.push(rest.to_owned());
        kept = parts.concat();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_told_from_what_is_commented_or_picked() {
        for loud in [
            "<pre><%= System.getenv() %></pre>",
            "<%\nfor (String k : System.getenv().keySet()) {\n%>",
            "<pre><%= ENV.inspect %></pre>",
            "<%= debug(ENV) %>",
            "@foreach (DictionaryEntry e in Environment.GetEnvironmentVariables())\n{\n}",
        ] {
            assert_eq!(sent(loud).len(), 1, "{loud}");
        }
        for silent in [
            "<%-- <%= System.getenv() %> --%>",
            "<p>System.getenv() gives all of it</p>",
            "<%= System.getenv().get(\"A\") %>",
            "<%# ENV.inspect %>",
            "@* Environment.GetEnvironmentVariables() *@",
        ] {
            assert_eq!(sent(silent).len(), 0, "{silent}");
        }
    }
}
