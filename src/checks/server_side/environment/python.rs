//! Views of Django, Flask, FastAPI and others.

use memchr::memmem;

use crate::site::lex::python::{Statement, statements};

use super::Sent;
use super::guard::is_guarded;

/// Modules that answer requests.
const FRAMEWORKS: &[&str] = &[
    "flask",
    "django",
    "fastapi",
    "starlette",
    "bottle",
    "tornado",
    "aiohttp",
    "sanic",
    "falcon",
    "quart",
    "litestar",
    "pyramid",
    "cherrypy",
    "web",
    "rest_framework",
    "http",
    "webapp2",
    "ninja",
];
/// Functions that make an answer of what they are given.
const ANSWERS: &[&str] = &[
    "JsonResponse",
    "HttpResponse",
    "StreamingHttpResponse",
    "JSONResponse",
    "PlainTextResponse",
    "HTMLResponse",
    "ORJSONResponse",
    "Response",
    "jsonify",
    "make_response",
    "json_response",
    "render",
    "render_template",
    "render_template_string",
    "self.write",
    "self.finish",
    "self.wfile.write",
];
/// Functions that give all of what they are given.
const WRAPPERS: &[&str] = &[
    "dict", "str", "repr", "pformat", "dumps", "items", "escape", "sorted",
];
/// What gives all settings, by itself.
const SETTINGS: &[&str] = &[
    "settings.__dict__",
    "vars(settings)",
    "settings._wrapped.__dict__",
];
/// Decorators of views, after the name of what they belong to.
const ROUTES: &[&str] = &[
    ".route(",
    ".get(",
    ".post(",
    ".put(",
    ".api_route(",
    ".view(",
    "@get(",
    "@post(",
    "@route(",
    "view_config",
    "api_view",
    "@require_",
    ".websocket(",
    "@csrf_exempt",
];

/// Whether a text names all of the environment or the settings, in code or elsewhere.
pub(super) fn may_answer(text: &str) -> bool {
    let has_settings = ["__dict__", "vars(settings", "app.config"]
        .iter()
        .any(|needle| text.contains(needle));
    has_settings
        || memmem::find_iter(text.as_bytes(), "environ").any(|at| {
            let after = text[at + "environ".len()..].trim_start();
            !after.starts_with(['[', '=']) && !is_picked(after)
        })
}

/// Whether one value is taken out of it, or it is changed.
fn is_picked(after: &str) -> bool {
    [
        ".get(",
        ".setdefault(",
        ".pop(",
        ".update(",
        ".keys(",
        ".get (",
    ]
    .iter()
    .any(|pick| after.starts_with(pick))
}

pub(super) fn sent(text: &str) -> Vec<Sent> {
    let all = statements(text);
    if !imports_framework(&all) {
        return Vec::new();
    }
    let imports_environ = all
        .iter()
        .any(|one| one.text.starts_with("from os import") && one.text.contains("environ"));
    let mut found = Vec::new();
    let mut held: Vec<String> = Vec::new();
    let mut view = None;
    for (at, statement) in all.iter().enumerate() {
        if view.is_some_and(|indent| statement.indent <= indent) {
            view = None;
        }
        let code = without_strings(statement);
        if code.starts_with("def ") || code.starts_with("async def ") {
            held.clear();
            view = is_view(&all, at).then_some(statement.indent);
            continue;
        }
        let whole = Whole {
            imports_environ,
            held: &held,
        };
        let is_whole = whole.is_in(&code);
        let gives = code.starts_with("return ") || code.starts_with("yield ");
        if is_whole && ((gives && view.is_some()) || answers(&code)) {
            found.push(Sent {
                line: statement.line,
                is_guarded: is_guarded(text, statement.line),
            });
        } else if let Some(name) = set(&code).filter(|_| is_whole) {
            held.push(name.to_owned());
        }
    }
    found
}

/// What all of the environment is called.
struct Whole<'h> {
    imports_environ: bool,
    /// Names that were set to it.
    held: &'h [String],
}

impl Whole<'_> {
    /// Whether a statement, without its texts, has all of it as a value.
    fn is_in(&self, code: &str) -> bool {
        let chooses = code.contains(" if ") || code.contains(" in os.environ)");
        let mut names = vec!["os.environ"];
        if self.imports_environ {
            names.push("environ");
        }
        // What is set from it is a value already.
        let taken = self.held.iter().any(|held| {
            occurrences(code, held).any(|at| {
                let after = code[at + held.len()..].trim_start();
                !after.starts_with(['[', '.', '=', '(']) && !is_handed_on(&code[..at])
            })
        });
        let settings = SETTINGS
            .iter()
            .any(|one| occurrences(code, one).next().is_some());
        let config = ["app.config", "current_app.config"].iter().any(|name| {
            occurrences(code, name).any(|at| is_wrapped(&code[..at], &code[at + name.len()..]))
        });
        !chooses
            && (taken
                || settings
                || config
                || names.iter().any(|name| {
                    occurrences(code, name)
                        .any(|at| is_value(&code[..at], &code[at + name.len()..]))
                }))
    }
}

/// Whether all of the environment is a value between what stands before and after its name.
fn is_value(before: &str, after: &str) -> bool {
    let after = after.trim_start();
    let is_taken = [".items()", ".values()", ".copy()", "._data"]
        .iter()
        .any(|take| after.starts_with(take));
    !is_handed_on(before) && (is_taken || is_wrapped(before, after))
}

fn is_wrapped(before: &str, after: &str) -> bool {
    let before = before.trim_end();
    let closes = after.trim_start().starts_with([')', ',', '}']) || after.trim().is_empty();
    let is_spread = before.ends_with("**");
    let callee = before.strip_suffix('(').map(callee_of).unwrap_or_default();
    let last = callee.rsplit('.').next().unwrap_or_default();
    let is_given = ANSWERS.contains(&callee) || (WRAPPERS.contains(&last) && last != "sorted");
    closes && (is_spread || is_given)
}

/// `subprocess.run(…, env=…)` hands it to a program.
fn is_handed_on(before: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix("dict(").unwrap_or(before);
    let before = before.strip_suffix("{**").unwrap_or(before);
    ["env=", "environ=", "env =", "len(", "environment="]
        .iter()
        .any(|end| before.ends_with(end))
}

/// The name before a bracket.
fn callee_of(before: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let start = before.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
    before.get(start..).unwrap_or_default()
}

/// Where a name stands as a whole one.
fn occurrences<'c>(code: &'c str, name: &'c str) -> impl Iterator<Item = usize> + 'c {
    memmem::find_iter(code.as_bytes(), name.as_bytes()).filter(move |at| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let before = code[..*at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Whether an answer is made in a statement.
fn answers(code: &str) -> bool {
    memchr::memchr_iter(b'(', code.as_bytes()).any(|at| ANSWERS.contains(&callee_of(&code[..at])))
}

/// The name that is set: `a = …`, `a += …`, `for a, b in …:`. Of a loop the last one is the value.
fn set(code: &str) -> Option<&str> {
    let left = match code.strip_prefix("for ") {
        Some(rest) => rest.split(" in ").next()?.rsplit(',').next()?,
        None => code.split('=').next()?,
    };
    let name = left
        .trim()
        .trim_end_matches('+')
        .trim()
        .trim_matches(['(', ')']);
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some(name)
}

/// A statement without what stands in its texts, but with what is put into formatted ones.
fn without_strings(statement: &Statement<'_>) -> String {
    let mut code = statement.text.trim().to_owned();
    for text in &statement.strings {
        let Some(at) = (!text.is_empty()).then(|| code.find(text)).flatten() else {
            continue;
        };
        let is_formatted = code[..at]
            .trim_end_matches(['"', '\''])
            .ends_with(['f', 'F']);
        let put_in: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        let inside = if is_formatted {
            put_in.join(",")
        } else {
            String::new()
        };
        code.replace_range(at..at + text.len(), &inside);
    }
    code
}

fn imports_framework(all: &[Statement<'_>]) -> bool {
    all.iter().any(|one| {
        let rest = one
            .text
            .strip_prefix("from ")
            .or(one.text.strip_prefix("import "));
        let module = rest.and_then(|rest| rest.split([' ', '.', ',']).next());
        module.is_some_and(|module| FRAMEWORKS.contains(&module))
    })
}

/// Whether the function that a statement begins answers requests: by its decorators, or by what it is given.
fn is_view(all: &[Statement<'_>], at: usize) -> bool {
    let own = &all[at];
    let decorators = all[..at].iter().rev();
    let mut decorators = decorators.take_while(|one| one.text.trim_start().starts_with('@'));
    let is_route = decorators.any(|one| ROUTES.iter().any(|route| one.text.contains(route)));
    let Some((name, given)) = own.text.split_once('(') else {
        return false;
    };
    let mut given = given.split([',', ')', ':']).map(str::trim);
    let first = given.find(|name| *name != "self");
    let is_method = ["get", "post", "do_GET"]
        .iter()
        .any(|method| name.trim().rsplit(' ').next() == Some(method));
    is_route || first == Some("request") || (is_method && own.indent > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(body: &str) -> Vec<u32> {
        let text =
            format!("import os\nfrom flask import Flask, jsonify\napp = Flask(__name__)\n{body}");
        assert!(may_answer(&text) || sent(&text).is_empty(), "{body}");
        sent(&text).iter().map(|sent| sent.line).collect()
    }

    #[test]
    fn views_that_send_all_of_it() {
        for body in [
            "@app.route('/env')\ndef env():\n    return dict(os.environ)\n",
            "@app.get('/env')\nasync def env():\n    return {k: v for k, v in os.environ.items()}\n",
            "def env(request):\n    return JsonResponse(dict(os.environ))\n",
            "def env(request):\n    return HttpResponse(f'<pre>{os.environ.items()}</pre>')\n",
            "def env():\n    return jsonify(**os.environ)\n",
            "def env(request):\n    return JsonResponse({'a': 1, **os.environ})\n",
            "def env(request):\n    return HttpResponse(json.dumps(dict(os.environ), indent=2))\n",
            "def c(request):\n    return HttpResponse(str(settings.__dict__))\n",
            "def c():\n    return jsonify(dict(app.config))\n",
            "class A:\n  def get(self):\n    self.write(str(os.environ))\n",
        ] {
            assert_eq!(lines(body).len(), 1, "{body}");
        }
        assert_eq!(
            lines("def env(request):\n    all = dict(os.environ)\n    return JsonResponse(all)\n"),
            [6]
        );
        assert_eq!(
            lines(
                "def env(request):\n    out = ''\n    for k, v in os.environ.items():\n        out += v\n    return HttpResponse(out)\n"
            ),
            [8]
        );
    }

    #[test]
    fn single_values_and_other_programs_are_silent() {
        for body in [
            "def env(request):\n    return JsonResponse({'version': os.environ.get('VERSION')})\n",
            "def env(request):\n    return JsonResponse({'version': os.environ['VERSION']})\n",
            "def run(request):\n    return HttpResponse(subprocess.run(['a'], env=dict(os.environ)))\n",
            "def run(request):\n    return HttpResponse(subprocess.run(['a'], env={**os.environ, 'A': 'b'}))\n",
            "def n(request):\n    return JsonResponse({'n': len(os.environ)})\n",
            "def n(request):\n    return JsonResponse({'a': 'A' in os.environ})\n",
            "def n(request):\n    # return JsonResponse(dict(os.environ))\n    return HttpResponse('dict(os.environ)')\n",
            "def helper():\n    return dict(os.environ)\n",
            "def n(request):\n    return JsonResponse({k: v for k, v in os.environ.items() if k in SAFE})\n",
            "def n(request):\n    return JsonResponse(dict(app.config['A']))\n",
        ] {
            assert_eq!(lines(body), [0; 0], "{body}");
        }
    }
}
