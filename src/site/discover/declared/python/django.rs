//! Django's `static()` and `serve`, and WhiteNoise in its settings.

use super::super::super::super::lex::code::{Code, Language};
use super::super::super::super::lex::js::Place;
use super::super::super::super::path;
use super::super::super::super::simple::Manner;
use super::super::tongue::named;
use super::super::{Program, Root};

const SERVE: Manner =
    Manner::sending("serve sends files whose names start with a dot (measured, Django 5.2.19)");
const WHITENOISE: Manner =
    Manner::sending("WhiteNoise sends files whose names start with a dot (measured, 6.12.0)");

/// Files of settings that are looked in for one setting.
const MAX_SETTINGS: usize = 20;

pub(super) fn roots(program: &Program<'_>) -> Vec<Root> {
    let mut roots = urls(program);
    roots.extend(settings(program));
    roots
}

/// `static(settings.MEDIA_URL, document_root=…)`, which is nothing without `DEBUG`
/// (<https://docs.djangoproject.com/en/stable/ref/urls/#static>), and
/// `re_path(r"^x/(?P<path>.*)$", serve, {"document_root": …})`.
fn urls(program: &Program<'_>) -> Vec<Root> {
    let code = program.code;
    let mut roots = Vec::new();
    for call in program.calls {
        let args = code.args(call);
        let (url, directory) = match call.name() {
            "static" => (
                args.first().map(|first| first.value.clone()),
                named(&args, "document_root"),
            ),
            "re_path" | "path" | "url" => {
                let options = args.get(2).map(|options| code.entries(&options.value));
                let directory = options.and_then(|options| named(&options, "document_root"));
                (args.first().map(|first| first.value.clone()), directory)
            }
            _ => continue,
        };
        let (Some(url), Some(directory)) = (url, directory) else {
            continue;
        };
        let url = code
            .text(&url)
            .or_else(|| setting(program, code.source(&url))?.text());
        let place = code
            .place(&directory)
            .or_else(|| setting(program, code.source(&directory))?.place(program.file));
        let (Some(url), Some(place)) = (url, place) else {
            continue;
        };
        let url = url.split(['(', '<']).next().unwrap_or_default();
        let assumed =
            (call.name() == "static").then_some("Django's static() serves only with DEBUG = True");
        let url = url.trim_start_matches(['^', '/']);
        roots.push(Root {
            assumed,
            ..Root::new("django", SERVE, place, call).under(url)
        });
    }
    roots
}

/// `WHITENOISE_ROOT`, and `STATIC_ROOT` with WhiteNoise's middleware:
/// <https://whitenoise.readthedocs.io/en/stable/django.html>.
fn settings(program: &Program<'_>) -> Vec<Root> {
    let code = program.code;
    if !code.whole_holds("WHITENOISE_ROOT") && !code.whole_holds("WhiteNoiseMiddleware") {
        return Vec::new();
    }
    let pairs = [
        ("WHITENOISE_ROOT", None),
        ("STATIC_ROOT", Some("STATIC_URL")),
    ];
    let found = pairs.into_iter().filter_map(|(name, url)| {
        let value = code.constant(name)?;
        let url = match url {
            Some(url) => code.text(&code.constant(url)?)?,
            None => String::new(),
        };
        Some(Root {
            product: "whitenoise",
            place: code.place(&value)?,
            url,
            manner: WHITENOISE,
            from: value.start.saturating_sub(2)..value.end,
            assumed: None,
        })
    });
    found.collect()
}

/// A file of settings that has a setting.
struct Setting<'p> {
    file: &'p str,
    text: String,
    name: &'p str,
}

impl Setting<'_> {
    fn text(&self) -> Option<String> {
        let code = Code::new(&self.text, Language::Python);
        code.text(&code.constant(self.name)?)
    }

    /// The path that it names, for a program that stands elsewhere.
    fn place(&self, program: &str) -> Option<Place> {
        let code = Code::new(&self.text, Language::Python);
        let place = code.place(&code.constant(self.name)?)?;
        place.moved(self.file, program)
    }
}

/// The file that sets `settings.NAME`.
fn setting<'p>(program: &'p Program<'_>, source: &'p str) -> Option<Setting<'p>> {
    let name = source.strip_prefix("settings.")?;
    let files = program.search.index.holding(".py", "media_root");
    let files = files.filter(|file| {
        path::base(file).contains("settings") || path::parent(file).ends_with("settings")
    });
    files.take(MAX_SETTINGS).find_map(|file| {
        let text = program.search.files.text(file)?;
        Code::new(&text, Language::Python).constant(name)?;
        Some(Setting { file, text, name })
    })
}
