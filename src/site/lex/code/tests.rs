use super::super::place::Base;
use super::{Code, Language};

/// The place that the last argument of the call of `f` comes to: `w:` for the working directory, `s:` for the
/// file's.
fn place(language: Language, text: &str) -> Option<String> {
    let code = Code::new(text, language);
    let call = code.calls().find(|call| call.name() == "f")?;
    let place = code.place(&code.args(&call).pop()?.value)?;
    let base = match place.base {
        Base::Working => "w:",
        Base::Script => "s:",
        Base::Root => "/",
    };
    Some(format!("{base}{}", place.path))
}

#[test]
fn paths_are_put_together_as_each_language_does_it() {
    use Language::{CSharp, Go, Java, Python, Ruby, Rust};
    let table = [
        (Python, "f('.')", "w:"),
        (
            Python,
            "f(os.path.join(os.path.dirname(__file__), 'a', r'b'))",
            "s:a/b",
        ),
        (
            Python,
            "BASE = Path(__file__).resolve().parent.parent\nD = BASE / 'x'\nf(directory=D)",
            "s:../x",
        ),
        (Python, "f(Path(__file__).parents[1] / 'm')", "s:../m"),
        (Python, "B = os.getcwd()\nf(f'{B}/up')", "w:up"),
        (Python, "app.config['U'] = 'up'\nf(app.config['U'])", "w:up"),
        (Python, "f(os.environ.get('D') or 'x')", "w:x"),
        (Python, "f(os.environ.get('D', './x'))", "w:x"),
        (
            Ruby,
            "f File.expand_path('../public', __FILE__)",
            "s:public",
        ),
        (Ruby, "f \"#{__dir__}/pub\"", "s:pub"),
        (Ruby, "f __dir__ + '/public'", "s:public"),
        (
            Ruby,
            "f :key, File.join(File.dirname(__FILE__), 'a')",
            "s:a",
        ),
        (Ruby, "f Rails.root.join('tmp').to_s", "w:tmp"),
        (
            Go,
            "root := \"./x\"\nfunc main() {\n f(http.Dir(root))\n}",
            "w:x",
        ),
        (Go, "f(filepath.Join(`a`, \"b\"))", "w:a/b"),
        (
            CSharp,
            "f(new PhysicalFileProvider(Path.Combine(env.ContentRootPath, @\"a\\b\")))",
            "w:a/b",
        ),
        (CSharp, "f($\"{env.ContentRootPath}/x\");", "w:x"),
        (
            Rust,
            "f(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/static\"))",
            "w:static",
        ),
        (Rust, "let d = PathBuf::from(r#\"x\"#);\nf(&d)", "w:x"),
        (
            Java,
            "String d = \"x\";\nf(Paths.get(d, \"y\").toString());",
            "w:x/y",
        ),
    ];
    for (language, text, expected) in table {
        assert_eq!(place(language, text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_not_known_is_nothing() {
    use Language::{Go, Python, Ruby};
    for (language, text) in [
        (Python, "X = 'a'\nX = 'b'\nf(X)"),
        (Python, "X = X\nf(X)"),
        (Python, "A = B\nB = A\nf(A)"),
        (Python, "f(os.environ['D'])"),
        (Python, "f(g('.'))"),
        (Ruby, "f params[:file]"),
        (Go, "f(os.Args[1])"),
    ] {
        assert_eq!(place(language, text), None, "{text}");
    }
}

#[test]
fn comments_and_texts_are_no_code() {
    for (language, text) in [
        (
            Language::Python,
            "# f('.')\nx = '''\nf('.')\n'''\ny = \"f('.')\"\n",
        ),
        (
            Language::Ruby,
            "# f '.'\n=begin\nf '.'\n=end\nx = <<~SQL\nf '.'\nSQL\ny = /f('.')/\n__END__\nf '.'\n",
        ),
        (
            Language::Go,
            "// f(\".\")\n/* f(\".\") */\nx := `f(\".\")`\n",
        ),
        (
            Language::CSharp,
            "// f(\".\")\nvar x = @\"f(\"\".\"\")\";\nvar y = \"\"\"\nf(\".\")\n\"\"\";\n",
        ),
        (
            Language::Rust,
            "// f(\".\")\nlet x = r#\"f(\".\")\"#;\nfn g<'a>(x: &'a str) {}\n",
        ),
        (
            Language::Java,
            "/* f(\".\") */ String x = \"\"\"\nf(\".\")\n\"\"\";\n",
        ),
    ] {
        let code = Code::new(text, language);
        let found: Vec<String> = code.calls().map(|call| call.callee).collect();
        assert!(!found.contains(&"f".to_owned()), "{language:?}: {found:?}");
    }
}

#[test]
fn calls_have_their_names_their_arguments_and_their_lines() {
    let code = Code::new(
        "a = 1\napp.mount(\n  '/x', S(directory='.', html=True), **k)",
        Language::Python,
    );
    let calls: Vec<_> = code.calls().collect();
    assert_eq!((calls[0].callee.as_str(), calls[0].line), ("app.mount", 2));
    assert_eq!(code.args(&calls[0]).len(), 3);
    let inner = code.args(&calls[1]);
    assert_eq!(inner[0].name.as_deref(), Some("directory"));
    assert_eq!(inner[1].name.as_deref(), Some("html"));
    let ruby = Code::new(
        "use Rack::Static, :urls => ['/a'],\n  root: 'x' if y\nz(1)",
        Language::Ruby,
    );
    let call = ruby.calls().next().unwrap();
    assert_eq!(call.callee, "use");
    let names: Vec<_> = ruby.args(&call).into_iter().map(|arg| arg.name).collect();
    assert_eq!(
        names,
        [None, Some("urls".to_owned()), Some("root".to_owned())]
    );
}

#[test]
fn any_text_reads() {
    for language in Language::ALL {
        for text in [
            "'", "\"\"\"", "r#\"", "\\", "$@\"", "<<~A", "%w[", "é('ü", "/\\", "f(", ")", "'\\é'",
            "[é]=", "]=", "{a:",
        ] {
            let code = Code::new(text, language);
            for call in code.calls() {
                for arg in code.args(&call) {
                    code.place(&arg.value);
                }
            }
        }
        let long = "f(\\/'\\\n\"<<".repeat(50_000);
        Code::new(&long, language).calls().count();
    }
}
