//! Functions that take a URL and a directory, handlers in tables of routes, and `http.server`.

use super::super::super::super::lex::code::Call;
use super::super::super::super::lex::js::{Kind, Place};
use super::super::super::super::simple::Manner;
use super::super::tongue::{arg, named};
use super::super::{Program, Root};

/// A function that takes both.
struct Function {
    name: &'static str,
    /// A word that the program holds.
    word: &'static str,
    product: &'static str,
    /// Position and name of the URL.
    url: (usize, &'static str),
    /// Position and name of the directory.
    directory: (usize, &'static str),
    manner: Manner,
}

const AIOHTTP: Manner =
    Manner::sending("aiohttp sends files whose names start with a dot (measured, 3.14.5)");
const WHITENOISE: Manner =
    Manner::sending("WhiteNoise sends files whose names start with a dot (measured, 6.12.0)");

const FUNCTIONS: &[Function] = &[
    Function {
        name: "add_static",
        word: "aiohttp",
        product: "aiohttp",
        url: (0, "prefix"),
        directory: (1, "path"),
        manner: AIOHTTP,
    },
    Function {
        name: "static",
        word: "aiohttp",
        product: "aiohttp",
        url: (0, "prefix"),
        directory: (1, "path"),
        manner: AIOHTTP,
    },
    Function {
        name: "static",
        word: "sanic",
        product: "sanic",
        url: (0, "uri"),
        directory: (1, "file_or_directory"),
        manner: Manner::sending(
            "Sanic sends files whose names start with a dot (measured, 25.12.1)",
        ),
    },
    Function {
        name: "WhiteNoise",
        word: "whitenoise",
        product: "whitenoise",
        url: (2, "prefix"),
        directory: (1, "root"),
        manner: WHITENOISE,
    },
    Function {
        name: "add_files",
        word: "whitenoise",
        product: "whitenoise",
        url: (1, "prefix"),
        directory: (0, "root"),
        manner: WHITENOISE,
    },
];

pub(super) fn declared(program: &Program<'_>, call: &Call) -> Option<Root> {
    let code = program.code;
    let mut functions = FUNCTIONS.iter().filter(|one| one.name == call.name());
    let function = functions.find(|one| code.whole_holds(one.word))?;
    let args = code.args(call);
    let (at, name) = function.directory;
    let place = code.place(&arg(&args, at, name)?)?;
    let (at, name) = function.url;
    let url = match arg(&args, at, name) {
        Some(url) => code.text(&url)?,
        None => String::new(),
    };
    let lists = named(&args, "show_index").is_some_and(|value| code.source(&value) == "True");
    let manner = function.manner.listing(lists);
    Some(Root::new(function.product, manner, place, call).under(url))
}

const TORNADO: Manner = Manner::sending(
    "Tornado's StaticFileHandler sends files whose names start with a dot (measured, 6.6.1)",
);

/// `(r"/x/(.*)", StaticFileHandler, {"path": "."})`, and the setting `static_path`:
/// <https://www.tornadoweb.org/en/stable/web.html#tornado.web.StaticFileHandler>.
pub(super) fn tornado(program: &Program<'_>) -> Vec<Root> {
    let code = program.code;
    let mut roots = Vec::new();
    for at in 1..code.tokens().len() {
        if !code.word(at).ends_with("StaticFileHandler") || code.kind(at) != Kind::Name {
            continue;
        }
        let mut first = at;
        while first > 1 && code.is(first - 1, ".") {
            first -= 2;
        }
        let options = at + 2..code.after(at + 2);
        let entries = code.entries(&options);
        let pattern = first
            .checked_sub(2)
            .and_then(|pattern| code.text_at(pattern));
        let (Some(directory), Some(pattern)) = (named(&entries, "path"), pattern) else {
            continue;
        };
        if let Some(place) = code.place(&directory) {
            let url = pattern.split('(').next().unwrap_or_default();
            roots.push(Root {
                product: "tornado",
                place,
                url: url.trim_start_matches('^').to_owned(),
                manner: TORNADO,
                from: first - 2..options.end,
                assumed: None,
            });
        }
    }
    let applications = program
        .calls
        .iter()
        .filter(|call| call.name() == "Application");
    for call in applications.filter(|_| code.whole_holds("tornado")) {
        let args = code.args(call);
        let place = named(&args, "static_path").and_then(|path| code.place(&path));
        let prefix = named(&args, "static_url_prefix").and_then(|url| code.text(&url));
        if let Some(place) = place {
            let url = prefix.unwrap_or_else(|| "/static/".to_owned());
            roots.push(Root::new("tornado", TORNADO, place, call).under(url));
        }
    }
    roots
}

const HANDLER: &str = "SimpleHTTPRequestHandler";

/// `SimpleHTTPRequestHandler` of <https://docs.python.org/3/library/http.server.html>, where it listens for others.
pub(super) fn http_server(program: &Program<'_>) -> Option<Root> {
    let code = program.code;
    if !code.whole_holds(HANDLER) {
        return None;
    }
    let server = program
        .calls
        .iter()
        .find(|call| call.name().ends_with("HTTPServer") || call.name().ends_with("TCPServer"))?;
    let args = code.args(server);
    let address = args.first()?.value.clone();
    let host = code.text_at(address.start + 1);
    let is_local = host.is_some_and(|host| host.starts_with("127.") || host == "localhost");
    if is_local {
        return None;
    }
    let takes = |call: &&Call| matches!(call.name(), "partial" | "__init__" | HANDLER);
    let told = program.calls.iter().filter(takes).find_map(|call| {
        let directory = named(&code.args(call), "directory")?;
        Some((code.place(&directory), call))
    });
    let moved = program.calls.iter().find(|call| call.callee == "os.chdir");
    let (place, call) = match (told, moved) {
        (Some((place, call)), _) => (place?, call),
        (None, Some(call)) => (code.place(&code.args(call).first()?.value)?, call),
        (None, None) => {
            // A class of one's own may do anything.
            let handler = code.source(&args.get(1)?.value);
            (
                Place::of_text(".").filter(|_| handler.ends_with(HANDLER))?,
                server,
            )
        }
    };
    let manner = Manner::PYTHON;
    Some(Root::new("http.server", manner, place, call))
}
