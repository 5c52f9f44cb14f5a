//! Routes that send the file which the URL names.

use super::super::super::super::lex::code::Call;
use super::super::super::super::lex::js::Kind;
use super::super::super::super::simple::Manner;
use super::super::tongue::{arg, named};
use super::super::{Program, Root};
use super::{FLASK, beside};

const BOTTLE: Manner = Manner::sending(
    "static_file sends files whose names start with a dot (measured, Bottle 0.13.4)",
);
const RESPONSE: Manner = Manner::sending("FileResponse sends whatever file it is given");

/// `send_from_directory(DIR, name)`, `static_file(name, root=DIR)` and `FileResponse(join(DIR, name))` in a function
/// whose route has the name.
pub(super) fn sent(program: &Program<'_>, call: &Call) -> Option<Root> {
    let code = program.code;
    let args = code.args(call);
    let (product, manner, file) = match call.name() {
        "send_from_directory" => {
            let file = arg(&args, 1, "path").or_else(|| named(&args, "filename"));
            ("flask", FLASK, file)
        }
        "static_file" => ("bottle", BOTTLE, arg(&args, 0, "filename")),
        _ => ("starlette", RESPONSE, arg(&args, 0, "path")),
    };
    let file = file?;
    let (route, name) = routes(program, call)
        .into_iter()
        .find_map(|route| named_in(program, &file, &route).map(|name| (route, name)))?;
    let place = match call.name() {
        "send_from_directory" => beside(code.place(&arg(&args, 0, "directory")?)?),
        "static_file" => code.place(&arg(&args, 1, "root")?)?,
        _ => code.place_before(&value_of(program, &file), &name.name)?,
    };
    let url = &route[..name.at];
    Some(Root::new(product, manner.flat(name.is_flat), place, call).under(url))
}

/// The texts of the routes of the function that a call is in.
fn routes(program: &Program<'_>, call: &Call) -> Vec<String> {
    let code = program.code;
    let Some(function) = (0..call.start).rev().find(|&at| code.is_word(at, "def")) else {
        return Vec::new();
    };
    let before = (0..function).rev().find(|&at| code.is_word(at, "def"));
    let decorates = |one: &&Call| {
        let is_between = one.end <= function && before.is_none_or(|before| one.start > before);
        is_between && one.start > 0 && code.is(one.start - 1, "@")
    };
    let decorators = program.calls.iter().filter(decorates);
    let route = decorators.filter_map(|one| {
        let is_route = matches!(one.name(), "route" | "get" | "api_route" | "head");
        let first = code.args(one).into_iter().next().filter(|_| is_route)?;
        code.text(&first.value)
    });
    route.collect()
}

/// A name in a route.
struct Name {
    name: String,
    /// Where it starts.
    at: usize,
    /// It takes no slash.
    is_flat: bool,
}

/// The name in the route that the file is made of: `<path:name>` of Flask, `<name:path>` of Bottle, `{name:path}` of
/// FastAPI.
fn named_in(program: &Program<'_>, file: &std::ops::Range<usize>, route: &str) -> Option<Name> {
    let at = route.find(['<', '{'])?;
    let inside = route[at + 1..]
        .trim_end_matches('/')
        .strip_suffix(['>', '}'])?;
    if inside.contains(['<', '{']) {
        return None;
    }
    let (one, other) = inside.split_once(':').unwrap_or((inside, ""));
    let (name, kind) = match one {
        "path" | "string" => (other, one),
        _ => (one, other),
    };
    let value = value_of(program, file);
    let code = program.code;
    let holds = |range: &std::ops::Range<usize>| {
        range.clone().any(|at| {
            let is_filled =
                code.kind(at) == Kind::Text && code.word(at).contains(&format!("{{{name}}}"));
            code.is_word(at, name) || is_filled
        })
    };
    holds(&value).then(|| Name {
        name: name.to_owned(),
        at,
        is_flat: !kind.starts_with("path") && !kind.starts_with("re:"),
    })
}

/// What a name alone stands for.
fn value_of(program: &Program<'_>, expr: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    match program.code.constant(program.code.word(expr.start)) {
        Some(value) if expr.len() == 1 => value,
        _ => expr.clone(),
    }
}
