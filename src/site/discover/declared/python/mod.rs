//! Python: Starlette and FastAPI, Flask, aiohttp, Sanic, WhiteNoise, Tornado, Bottle, Django and `http.server`.
//!
//! All of them were asked for `.env` and `.git/config` in the directory, and sent both: Starlette 1.10.0, Flask 3.1.3,
//! aiohttp 3.14.5, Sanic 25.12.1, WhiteNoise 6.12.0, Tornado 6.6.1, Bottle 0.13.4, Django 5.2.19, Python 3.11.

mod django;
mod route;
mod tables;
#[cfg(test)]
mod tests;

use super::super::super::lex::code::{Call, Language};
use super::super::super::lex::js::{Base, Place};
use super::super::super::simple::Manner;
use super::super::super::want::Want;
use super::tongue::{Tongue, arg, call_of, named};
use super::{Program, Root};

pub(super) const WANTS: &[Want] = &Want::texts::<{ ENDS.len() * NEEDLES.len() }>(ENDS, NEEDLES);

const ENDS: &[&str] = &[".py"];

const NEEDLES: &[&str] = &[
    "staticfiles(",
    "flask(",
    "quart(",
    "static_folder",
    "send_from_directory",
    "static_file(",
    "fileresponse(",
    "add_static(",
    "web.static(",
    "sanic",
    "whitenoise",
    "staticfilehandler",
    "static_path",
    "document_root",
    "media_root",
    "simplehttprequesthandler",
];

pub(super) static TONGUE: Tongue = Tongue {
    language: Language::Python,
    ends: ENDS,
    needles: NEEDLES,
    markers: &[
        "manage.py",
        "pyproject.toml",
        "requirements.txt",
        "setup.py",
        "Pipfile",
        "Procfile",
        "Dockerfile",
    ],
    is_test: |name| {
        name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py"
    },
    read,
};

const STARLETTE: Manner = Manner::sending(
    "StaticFiles sends files whose names start with a dot (measured, Starlette 1.10.0)",
);
pub(super) const FLASK: Manner =
    Manner::sending("Flask sends files whose names start with a dot (measured, 3.1.3)");

fn read(program: &Program<'_>) -> Vec<Root> {
    let mut roots = Vec::new();
    for call in program.calls {
        match call.name() {
            "mount" | "Mount" => roots.extend(mounted(program, call)),
            "Flask" | "Quart" | "Blueprint" => roots.extend(flask(program, call)),
            "send_from_directory" | "static_file" | "FileResponse" => {
                roots.extend(route::sent(program, call));
            }
            _ => roots.extend(tables::declared(program, call)),
        }
    }
    roots.extend(tables::tornado(program));
    roots.extend(tables::http_server(program));
    roots.extend(django::roots(program));
    roots
}

/// `app.mount("/x", StaticFiles(directory="."))`, `Mount("/x", app=StaticFiles(…))`.
fn mounted(program: &Program<'_>, call: &Call) -> Option<Root> {
    let args = program.code.args(call);
    let app = arg(&args, 1, "app")?;
    let made = call_of(program.code, program.calls, &app)?;
    if !made.name().ends_with("StaticFiles") {
        return None;
    }
    let options = program.code.args(&made);
    let place = program.code.place(&arg(&options, 0, "directory")?)?;
    let is_page = named(&options, "html");
    let is_page = is_page.is_some_and(|value| program.code.source(&value) == "True");
    let manner = if is_page {
        STARLETTE.with_index()
    } else {
        STARLETTE
    };
    let url = program.code.text(&arg(&args, 0, "path")?)?;
    Some(Root::new("starlette", manner, place, call).under(url))
}

/// `Flask(__name__, static_folder=…, static_url_path=…)`:
/// <https://flask.palletsprojects.com/en/stable/api/#flask.Flask>. The folder is relative to the module's.
fn flask(program: &Program<'_>, call: &Call) -> Option<Root> {
    let code = program.code;
    let args = code.args(call);
    let is_blueprint = call.name() == "Blueprint";
    let folder = if is_blueprint {
        arg(&args, 2, "static_folder")
    } else {
        arg(&args, 2, "static_folder").filter(|_| named(&args, "static_folder").is_some())
    };
    let place = match &folder {
        Some(folder) => beside(code.place(folder)?),
        None if is_blueprint => return None,
        None => beside(Place::of_text("static")?),
    };
    let url = match named(&args, "static_url_path") {
        Some(url) => code.text(&url)?,
        None => place.path.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let prefix = named(&args, "url_prefix").and_then(|prefix| code.text(&prefix));
    let url = format!(
        "{}/{}",
        prefix.unwrap_or_default(),
        url.trim_start_matches('/')
    );
    Some(Root::new("flask", FLASK, place, call).under(url))
}

/// What Flask makes of a relative path: it is one beside the module.
fn beside(place: Place) -> Place {
    match place.base {
        Base::Working => Place {
            base: Base::Script,
            ..place
        },
        Base::Script | Base::Root => place,
    }
}
