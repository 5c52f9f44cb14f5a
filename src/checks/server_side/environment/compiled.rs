//! Handlers in Go, Java, Kotlin and C#.

use std::ops::Range;

use crate::site::lex::js::{Call, Kind, Script};

use super::Sent;
use super::guard::is_guarded;

/// What gives all of the environment, in tokens.
const SOURCES: &[&[&str]] = &[
    &["os", ".", "Environ", "(", ")"],
    &["System", ".", "getenv", "(", ")"],
    &["Environment", ".", "GetEnvironmentVariables", "(", ")"],
    // All settings of ASP.NET, with where they come from.
    &[".", "GetDebugView", "(", ")"],
];
/// What takes one value, or none, out of it.
const PICKS: &[&str] = &[
    "get",
    "getOrDefault",
    "containsKey",
    "size",
    "keySet",
    "isEmpty",
    "Contains",
    "Count",
    "Keys",
    "ContainsKey",
    "filter",
    "Where",
];
/// Types of what answers are written to, in Go.
const WRITERS: &[&[&str]] = &[
    &["http", ".", "ResponseWriter"],
    &["*", "gin", ".", "Context"],
    &["echo", ".", "Context"],
    &["*", "fiber", ".", "Ctx"],
    &["fiber", ".", "Ctx"],
    &["*", "fasthttp", ".", "RequestCtx"],
    &["iris", ".", "Context"],
];
/// Methods of an answer, or of what writes it.
const ANSWERS: &[&str] = &[
    // Go
    "JSON",
    "IndentedJSON",
    "PureJSON",
    "SendString",
    "String",
    "XML",
    "YAML",
    "Write",
    "Encode",
    "WriteString",
    // Java, Kotlin
    "print",
    "println",
    "write",
    "printf",
    "append",
    "ok",
    "body",
    "json",
    "result",
    "respond",
    "respondText",
    "addAttribute",
    "addObject",
    "entity",
    // C#
    "Ok",
    "Json",
    "Content",
    "WriteAsync",
    "WriteAsJsonAsync",
];
/// Functions of Go that are given first what they write to.
const PRINTERS: &[&str] = &[
    "fmt.Fprint",
    "fmt.Fprintf",
    "fmt.Fprintln",
    "io.WriteString",
];
/// What a file holds that answers requests, in Java, Kotlin or C#.
const HANDLERS: &[&str] = &[
    "HttpServlet",
    "@RestController",
    "@Controller",
    "@ResponseBody",
    "@GetMapping",
    "@Path(",
    "HttpExchange",
    "HttpHandler",
    "io.ktor",
    "io.javalin",
    "ControllerBase",
    "ApiController",
    ": Controller",
    "MapGet",
    "HttpContext",
    "HttpResponse",
];
/// Called on one of these, it is no answer.
const OTHERS: &[&str] = &[
    "System.", "log.", "LOG.", "logger.", "Log.", "Console.", "_logger.", "Debug.", "os.",
];
/// What is set from it is followed so many tokens far.
const MAX_FOLLOWED: usize = 400;

pub(super) fn sent(text: &str) -> Vec<Sent> {
    // Comments, strings and brackets are near enough to those of JavaScript.
    let script = Script::new(text);
    let writers = writers(&script);
    let is_handler = !writers.is_empty() || HANDLERS.iter().any(|one| text.contains(one));
    let values = values(&script);
    if !is_handler || values.is_empty() {
        return Vec::new();
    }
    let calls: Vec<Call> = script.calls().collect();
    let is_sent = |value: &&Range<usize>| {
        let mut around = calls
            .iter()
            .filter(|call| call.open < value.start && value.end <= call.close);
        is_given(&script, value, &writers) || around.any(|call| is_answer(&script, call, &writers))
    };
    let lines = values
        .iter()
        .filter(is_sent)
        .map(|value| script.line(value.start));
    let mut found: Vec<Sent> = lines
        .map(|line| Sent {
            line,
            is_guarded: is_guarded(text, line),
        })
        .collect();
    found.dedup();
    found
}

/// Where all of the environment is a value, by itself or by a name that it was given.
fn values(script: &Script<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in 0..script.tokens().len() {
        let source = SOURCES.iter().find(|source| stands(script, at, source));
        let Some(end) = source.map(|source| at + source.len()) else {
            continue;
        };
        if is_picked(script, end) {
            continue;
        }
        found.push(at..end);
        let Some(name) = named(script, at) else {
            continue;
        };
        let uses = (end..script.tokens().len().min(end + MAX_FOLLOWED)).filter(|&at| {
            script.kind(at) == Kind::Name
                && script.word(at) == name
                && !script.is(at.saturating_sub(1), ".")
                && !is_picked(script, at + 1)
        });
        found.extend(uses.map(|at| at..at + 1));
    }
    found
}

fn stands(script: &Script<'_>, at: usize, tokens: &[&str]) -> bool {
    tokens
        .iter()
        .zip(at..)
        .all(|(token, at)| script.word(at) == *token)
}

fn is_picked(script: &Script<'_>, end: usize) -> bool {
    script.is(end, "[") || (script.is(end, ".") && PICKS.contains(&script.word(end + 1)))
}

/// What a source is called that stands here: `env := …`, `var env = …`, `_, e := range …`, `e : …`, `e in …`.
fn named<'t>(script: &Script<'t>, at: usize) -> Option<&'t str> {
    let mut before = at.checked_sub(1)?;
    if script.is_word(before, "range") {
        before = before.checked_sub(1)?;
    }
    while matches!(script.word(before), "=" | ":" | ":=" | "in") {
        before = before.checked_sub(1)?;
    }
    let is_set = before + 1 < at && script.kind(before) == Kind::Name;
    is_set.then(|| script.word(before))
}

/// The names of what answers are written to.
fn writers<'t>(script: &Script<'t>) -> Vec<&'t str> {
    let is_typed = |at: &usize| WRITERS.iter().any(|of| stands(script, at + 1, of));
    let all = (0..script.tokens().len()).filter(is_typed);
    let mut found: Vec<&str> = all
        .filter(|&at| script.kind(at) == Kind::Name)
        .map(|at| script.word(at))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `return System.getenv();`, `() => Environment.GetEnvironmentVariables()`. Functions of Go return it to their callers.
fn is_given(script: &Script<'_>, value: &Range<usize>, writers: &[&str]) -> bool {
    let start = (value.start.saturating_sub(10)..value.start)
        .rev()
        .take_while(|&at| !matches!(script.word(at), ";" | "{" | "}" | ","))
        .find(|&at| script.is_word(at, "return") || script.is(at, "=>"));
    let is_whole = matches!(script.word(value.end), ";" | ")" | "}" | ".");
    writers.is_empty() && is_whole && start.is_some()
}

fn is_answer(script: &Script<'_>, call: &Call, writers: &[&str]) -> bool {
    let args = script.args(call);
    let is_writer = |at: usize| writers.contains(&script.word(at));
    if PRINTERS.contains(&call.callee.as_str()) {
        return args
            .first()
            .is_some_and(|arg| arg.len() == 1 && is_writer(arg.start));
    }
    let name = call.callee.rsplit('.').next().unwrap_or_default();
    if !ANSWERS.contains(&name) || OTHERS.iter().any(|other| call.callee.starts_with(other)) {
        return false;
    }
    // `json.NewEncoder(w).Encode(…)`
    writers.is_empty() || (call.start.saturating_sub(6)..call.open).any(is_writer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GO: &str =
        "package main\nimport \"net/http\"\nfunc h(w http.ResponseWriter, r *http.Request) {\n";
    const JAVA: &str =
        "@RestController\nclass A {\n@GetMapping(\"/env\")\nMap<String, String> env() {\n";
    const NET: &str = "var app = builder.Build();\napp.MapGet(\"/\", () => \"x\");\n";

    #[test]
    fn handlers_that_send_all_of_it() {
        for (start, body) in [
            (GO, "fmt.Fprintln(w, os.Environ())"),
            (GO, "json.NewEncoder(w).Encode(os.Environ())"),
            (GO, "w.Write([]byte(strings.Join(os.Environ(), \"\\n\")))"),
            (
                GO,
                "for _, e := range os.Environ() {\nfmt.Fprintln(w, e)\n}",
            ),
            (GO, "env := os.Environ()\nfmt.Fprintf(w, \"%v\", env)"),
            ("func h(c *gin.Context) {\n", "c.JSON(200, os.Environ())"),
            (JAVA, "return System.getenv();"),
            (JAVA, "return ResponseEntity.ok(System.getenv());"),
            (
                JAVA,
                "for (Map.Entry<String, String> e : System.getenv().entrySet()) { out.println(e); }",
            ),
            (
                NET,
                "app.MapGet(\"/env\", () => Environment.GetEnvironmentVariables());",
            ),
            (
                NET,
                "await context.Response.WriteAsync(Json(Environment.GetEnvironmentVariables()));",
            ),
            (
                NET,
                "app.MapGet(\"/c\", (IConfiguration c) => ((IConfigurationRoot)c).GetDebugView());",
            ),
        ] {
            assert_eq!(sent(&format!("{start}{body}\n}}")).len(), 1, "{body}");
        }
    }

    #[test]
    fn single_values_programs_and_logs_are_silent() {
        for (start, body) in [
            (
                GO,
                "cmd.Env = append(os.Environ(), \"A=b\")\nfmt.Fprintln(w, cmd.Dir)",
            ),
            (GO, "fmt.Println(os.Environ())"),
            (GO, "// fmt.Fprintln(w, os.Environ())"),
            (GO, "fmt.Fprintln(w, \"os.Environ()\")"),
            (GO, "fmt.Fprintln(os.Stderr, os.Environ())"),
            ("func all() []string {\n", "return os.Environ()"),
            (JAVA, "return System.getenv().get(\"VERSION\");"),
            (JAVA, "System.out.println(System.getenv());"),
            (JAVA, "log.info(System.getenv());"),
            (
                NET,
                "var all = Environment.GetEnvironmentVariables();\nRun(all);",
            ),
        ] {
            assert_eq!(sent(&format!("{start}{body}\n}}")).len(), 0, "{body}");
        }
    }
}
