//! Ruby: `Rack::Static`, `Rack::Files`, `Rack::Directory`, and Sinatra.
//!
//! All of them hand the path to Rack::Files or send the file, and neither treats names that start with a dot specially
//! (<https://github.com/rack/rack/blob/main/lib/rack/files.rb>,
//! <https://github.com/sinatra/sinatra/blob/main/lib/sinatra/base.rb>). None was measured here.

use super::super::super::lex::code::{Call, Language};
use super::super::super::lex::js::{Expr, Kind, Place};
use super::super::super::simple::Manner;
use super::super::super::want::Want;
use super::tongue::{Tongue, named};
use super::{Program, Root};

pub(super) const WANTS: &[Want] = &Want::texts::<{ ENDS.len() * NEEDLES.len() }>(ENDS, NEEDLES);

const ENDS: &[&str] = &[".rb", ".ru"];

const NEEDLES: &[&str] = &[
    "rack::static",
    "rack::files",
    "rack::file",
    "rack::directory",
    "public_folder",
    "public_dir",
];

pub(super) static TONGUE: Tongue = Tongue {
    language: Language::Ruby,
    ends: ENDS,
    needles: NEEDLES,
    markers: &["config.ru", "Gemfile"],
    is_test: |name| name.ends_with("_test.rb") || name.ends_with("_spec.rb"),
    read,
};

const RACK: Manner = Manner::sending(
    "Rack does not treat files whose names start with a dot specially (by its source)",
);
const SINATRA: Manner = Manner::sending(
    "Sinatra does not treat files whose names start with a dot specially (by its source)",
);

fn read(program: &Program<'_>) -> Vec<Root> {
    let calls = program.calls.iter();
    calls
        .flat_map(|call| match call.name() {
            "use" => rack_static(program, call),
            "set" => sinatra(program, call).into_iter().collect(),
            "new" => directory(program, call).into_iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// `use Rack::Static, urls: ["/css"], root: "public"`: what lies under a URL lies under the same name in the root.
/// With a table of URLs, only the files in the table are sent.
fn rack_static(program: &Program<'_>, call: &Call) -> Vec<Root> {
    let code = program.code;
    let args = code.args(call);
    let is_static = args
        .first()
        .is_some_and(|first| code.source(&first.value).ends_with("Rack::Static"));
    let urls = named(&args, "urls").filter(|urls| is_static && !code.is(urls.start, "{"));
    let Some(urls) = urls else {
        return Vec::new();
    };
    let root = match named(&args, "root") {
        Some(root) => code.place(&root),
        None => Place::of_text("."),
    };
    let Some(root) = root else {
        return Vec::new();
    };
    let under = |url: String| {
        let place = root.join(&url)?;
        Some(Root::new("rack", RACK, place, call).under(url))
    };
    urls_of(program, &urls)
        .into_iter()
        .filter_map(under)
        .collect()
}

fn urls_of(program: &Program<'_>, urls: &Expr) -> Vec<String> {
    let code = program.code;
    if code.kind(urls.start) == Kind::Template {
        let word = code.word(urls.start);
        let inside = word
            .get(3..word.len().saturating_sub(1))
            .unwrap_or_default();
        return inside.split_whitespace().map(str::to_owned).collect();
    }
    let items = code.items(urls).into_iter();
    items.filter_map(|item| code.text(&item)).collect()
}

/// `set :public_folder, __dir__`, in a program that is Sinatra's.
fn sinatra(program: &Program<'_>, call: &Call) -> Option<Root> {
    let code = program.code;
    let args = code.args(call);
    let setting = code.source(&args.first()?.value);
    let is_public = matches!(setting, ":public_folder" | ":public_dir");
    let is_sinatra = code.whole_holds("sinatra") || code.whole_holds("Sinatra");
    if !is_public || !is_sinatra {
        return None;
    }
    let place = code.place(&args.get(1)?.value)?;
    Some(Root::new("sinatra", SINATRA, place, call))
}

/// `run Rack::Directory.new(".")`, which lists as well, and `Rack::Files.new`.
fn directory(program: &Program<'_>, call: &Call) -> Option<Root> {
    let lists = match call.callee.as_str() {
        "Rack.Directory.new" => true,
        "Rack.Files.new" | "Rack.File.new" => false,
        _ => return None,
    };
    let code = program.code;
    let place = code.place(&code.args(call).first()?.value)?;
    // In a block, it lies under what is mapped.
    let maps = program
        .calls
        .iter()
        .filter(|map| map.name() == "map" && map.end <= call.start);
    let mut around = maps.filter(|map| {
        let is_block = code.is_word(map.end, "do");
        let ends = (map.end..call.start).any(|at| code.is_word(at, "end"));
        is_block && !ends
    });
    let url = around
        .next_back()
        .and_then(|map| code.text(&code.args(map).first()?.value));
    Some(Root::new("rack", RACK.listing(lists), place, call).under(url.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Site;

    #[test]
    fn rack_and_sinatra_are_found() {
        let table = [
            (
                "use Rack::Static, urls: [\"\"], root: \".\"",
                "app/.env",
                "served /.env",
            ),
            (
                "use Rack::Static, :urls => %w[/css /files],\n  :root => '.'",
                "app/files/.env",
                "served /files/.env",
            ),
            (
                "use Rack::Static, urls: ['/css'], root: 'files'",
                "app/files/.env",
                "none",
            ),
            (
                "use Rack::Static, urls: {'/' => 'index.html'}, root: '.'",
                "app/.env",
                "none",
            ),
            (
                "# use Rack::Static, urls: [''], root: '.'",
                "app/.env",
                "none",
            ),
            ("run Rack::Directory.new('.')", "app/.env", "served /.env"),
            (
                "map '/f' do\n  run Rack::Files.new('files')\nend",
                "app/files/.env",
                "served /f/.env",
            ),
            (
                "require 'sinatra'\nset :public_folder, __dir__",
                "app/.env",
                "served /.env",
            ),
            (
                "require 'sinatra'\nset :public_folder, __dir__ + '/files'",
                "app/.env",
                "none",
            ),
            (
                "require 'sinatra'\nset :public_folder, File.join(__dir__, 'files')",
                "app/files/.env",
                "served /.env",
            ),
        ];
        for (program, file, expected) in table {
            let site = Site::of(&[
                ("app/Gemfile", ""),
                ("app/config.ru", program),
                ("app/.env", "A=1"),
                ("app/files/.env", "A=1"),
            ]);
            assert_eq!(site.worst(file), expected, "{program}");
        }
    }
}
