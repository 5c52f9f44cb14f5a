//! Go: `http.FileServer`, with which chi and others serve too, and gin.
//!
//! `http.Dir` does not treat names that start with a dot specially (<https://pkg.go.dev/net/http#Dir>), and gin serves
//! through it (<https://pkg.go.dev/github.com/gin-gonic/gin#RouterGroup.Static>). None was measured here.

use super::super::super::lex::code::{Call, Language};
use super::super::super::lex::js::Expr;
use super::super::super::simple::Manner;
use super::super::super::want::Want;
use super::tongue::Tongue;
use super::{Program, Root};

pub(super) const WANTS: &[Want] = &Want::texts::<{ ENDS.len() * NEEDLES.len() }>(ENDS, NEEDLES);

const ENDS: &[&str] = &[".go"];

const NEEDLES: &[&str] = &["http.fileserver(", "gin-gonic/gin"];

pub(super) static TONGUE: Tongue = Tongue {
    language: Language::Go,
    ends: ENDS,
    needles: NEEDLES,
    markers: &["go.mod"],
    is_test: |name| name.ends_with("_test.go"),
    read,
};

const FILE_SERVER: Manner =
    Manner::sending("http.Dir does not treat names that start with a dot specially (documented)")
        .with_index()
        .listing(true);
const GIN: Manner = Manner::sending(
    "gin sends files as http.Dir does, whose names start with a dot as well (documented)",
)
.with_index();

fn read(program: &Program<'_>) -> Vec<Root> {
    let code = program.code;
    let is_gin = code.whole_holds("gin-gonic/gin");
    let found = program.calls.iter().filter_map(|call| match call.name() {
        "FileServer" if call.callee == "http.FileServer" => {
            let directory = code.args(call).into_iter().next()?;
            let place = code.place(&directory.value)?;
            let (url, is_stripped) = route(program, call);
            let place = if is_stripped {
                place
            } else {
                place.join(&url)?
            };
            Some(Root::new("net/http", FILE_SERVER, place, call).under(url))
        }
        "Static" | "StaticFS" if is_gin => {
            let args = code.args(call);
            let (url, directory) = (args.first()?, args.get(1)?);
            let place = code.place(&directory.value)?;
            let url = code.text(&url.value)?;
            let lists =
                call.name() == "StaticFS" && code.source(&directory.value).starts_with("http.Dir");
            Some(Root::new("gin", GIN.listing(lists), place, call).under(url))
        }
        _ => None,
    });
    found.collect()
}

/// Under which URL a server stands, and whether `http.StripPrefix` takes it away: without that, the files lie below a
/// directory of the URL's name.
fn route(program: &Program<'_>, server: &Call) -> (String, bool) {
    let code = program.code;
    let holds = |range: &Expr| range.start <= server.start && server.end <= range.end;
    let takes = |call: &&Call| {
        let args = code.args(call).into_iter();
        let mut values = args.skip(1).map(|arg| arg.value);
        values.any(|value| {
            let named = code.constant(code.word(value.start));
            holds(&value) || (value.len() == 1 && named.is_some_and(|named| holds(&named)))
        })
    };
    let url = |call: &Call| code.text(&code.args(call).first()?.value);
    let mut around = program.calls.iter().filter(takes);
    let stripped = around.clone().find(|call| call.name() == "StripPrefix");
    if let Some(stripped) = stripped {
        return (url(stripped).unwrap_or_default(), true);
    }
    let handled = around.find(|call| matches!(call.name(), "Handle" | "Mount"));
    let pattern = handled.and_then(url).unwrap_or_default();
    // Since Go 1.22 it may start with a method and a host.
    let path = pattern.find('/').map_or("", |at| &pattern[at..]);
    (path.to_owned(), false)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Site;

    #[test]
    fn file_servers_and_gin_are_found() {
        let table = [
            (
                "http.Handle(\"/\", http.FileServer(http.Dir(\".\")))",
                "app/.env",
                "served /.env",
            ),
            (
                "http.Handle(\"/s/\", http.StripPrefix(\"/s/\", http.FileServer(http.Dir(\"files\"))))",
                "app/files/.env",
                "served /s/.env",
            ),
            (
                "http.Handle(\"/\", http.FileServer(http.Dir(\"./files\")))",
                "app/.env",
                "none",
            ),
            (
                "fs := http.FileServer(http.Dir(root))\nconst root = \"files\"",
                "app/files/.env",
                "served /.env",
            ),
            (
                "// http.Handle(\"/\", http.FileServer(http.Dir(\".\")))",
                "app/.env",
                "none",
            ),
            (
                "x := `http.FileServer(http.Dir(\".\"))`",
                "app/.env",
                "none",
            ),
            (
                "import \"github.com/gin-gonic/gin\"\nr.Static(\"/a\", \"./\")",
                "app/.env",
                "served /a/.env",
            ),
            (
                "import \"github.com/gin-gonic/gin\"\nr.StaticFS(\"/a\", http.Dir(\"files\"))",
                "app/files/.env",
                "served /a/.env",
            ),
        ];
        for (program, file, expected) in table {
            let program = format!("package main\n{program}\n");
            let site = Site::of(&[
                ("app/go.mod", ""),
                ("app/cmd/main.go", &program),
                ("app/.env", "A=1"),
                ("app/files/.env", "A=1"),
            ]);
            assert_eq!(site.worst(file), expected, "{program}");
        }
    }
}
