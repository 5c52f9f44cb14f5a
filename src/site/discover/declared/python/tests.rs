use super::super::super::testing::Site;

fn site(program: &str) -> Site {
    Site::of(&[
        ("app/requirements.txt", ""),
        ("app/src/main.py", program),
        ("app/.env", "A=1"),
        ("app/src/.env", "A=1"),
        ("app/src/static/.env", "A=1"),
        ("app/files/.env", "A=1"),
        ("app/files/sub/.env", "A=1"),
    ])
}

/// The program, a file, and its worst URL.
fn check(table: &[(&str, &str, &str)]) {
    for (program, file, expected) in table {
        assert_eq!(site(program).worst(file), *expected, "{program}");
    }
}

#[test]
fn mounts_of_starlette_are_found() {
    check(&[
        (
            "app.mount('/', StaticFiles(directory='.', html=True), name='s')",
            "app/.env",
            "served /.env",
        ),
        (
            "app.mount('/p', StaticFiles(directory='files'))",
            "app/files/.env",
            "served /p/.env",
        ),
        (
            "app.mount('/p', StaticFiles(directory='files'))",
            "app/.env",
            "none",
        ),
        (
            "B = Path(__file__).resolve().parent\nf = StaticFiles(directory=B / 'static')\nr = [Mount('/s', app=f)]",
            "app/src/static/.env",
            "served /s/.env",
        ),
        (
            "# app.mount('/', StaticFiles(directory='.'))\nx = \"app.mount('/', StaticFiles(directory='.'))\"",
            "app/.env",
            "none",
        ),
        (
            "app.mount('/', StaticFiles(directory=sys.argv[1]))",
            "app/.env",
            "none",
        ),
    ]);
    let site = site("x = 1\napp.mount('/', StaticFiles(directory='.'))");
    let because = &site.look_up("app/.env").urls[0].because;
    assert_eq!(
        (because[0].file.as_deref(), because[0].line),
        (Some("app/src/main.py"), Some(2))
    );
}

#[test]
fn folders_of_flask_are_beside_the_module() {
    check(&[
        (
            "app = Flask(__name__, static_folder='.', static_url_path='')",
            "app/src/.env",
            "served /.env",
        ),
        (
            "app = Flask(__name__, static_folder='.', static_url_path='')",
            "app/.env",
            "none",
        ),
        (
            "app = Flask(__name__, static_folder='../', static_url_path='/x')",
            "app/.env",
            "served /x/.env",
        ),
        (
            "app = Flask(__name__)",
            "app/src/static/.env",
            "served /static/.env",
        ),
        (
            "app = Flask(__name__, static_folder=None)",
            "app/src/static/.env",
            "none",
        ),
        (
            "b = Blueprint('b', __name__, static_folder='static', url_prefix='/b')",
            "app/src/static/.env",
            "served /b/static/.env",
        ),
    ]);
}

#[test]
fn routes_send_what_their_url_names() {
    let flask = |route: &str, call: &str| {
        format!(
            "@app.route('{route}')\n@login\ndef f(name):\n    return send_from_directory({call})\n"
        )
    };
    let deep = flask("/f/<path:name>", "'../files', name");
    let flat = flask("/f/<name>", "'../files', name");
    let other = flask("/f/<name>", "'../files', 'a.txt'");
    check(&[
        (&deep, "app/files/sub/.env", "served /f/sub/.env"),
        (&flat, "app/files/.env", "served /f/.env"),
        (&flat, "app/files/sub/.env", "none"),
        (&other, "app/files/.env", "none"),
        (
            "@route('/<name:path>')\ndef f(name):\n  return static_file(name, root='./')",
            "app/.env",
            "served /.env",
        ),
        (
            "@app.get('/{p:path}')\nasync def f(p: str):\n  return FileResponse(os.path.join('files', p))",
            "app/files/sub/.env",
            "served /sub/.env",
        ),
        (
            "@app.get('/x/{p:path}')\nasync def f(p: str):\n  q = f'files/{p}'\n  return FileResponse(q)",
            "app/files/.env",
            "served /x/.env",
        ),
        (
            "@app.get('/x/{p}')\nasync def f(p: str):\n  return FileResponse(files[p])",
            "app/files/.env",
            "none",
        ),
    ]);
}

#[test]
fn functions_that_take_a_url_and_a_directory() {
    check(&[
        (
            "from aiohttp import web\napp.router.add_static('/f/', path='.', show_index=True)",
            "app/.env",
            "served /f/.env",
        ),
        (
            "from aiohttp import web\napp.add_routes([web.static('/f', 'files')])",
            "app/files/.env",
            "served /f/.env",
        ),
        (
            "from sanic import Sanic\napp.static('/f', './files')",
            "app/files/.env",
            "served /f/.env",
        ),
        (
            "from whitenoise import WhiteNoise\na = WhiteNoise(a, root='files', prefix='w/')",
            "app/files/.env",
            "served /w/.env",
        ),
        (
            "import tornado.web\nA([(r'/t/(.*)', tornado.web.StaticFileHandler, {'path': '.'})])",
            "app/.env",
            "served /t/.env",
        ),
        (
            "import tornado\ntornado.web.Application(r, static_path='files')",
            "app/files/.env",
            "served /static/.env",
        ),
        (
            "H = partial(SimpleHTTPRequestHandler, directory='files')\nHTTPServer(('', 80), H)",
            "app/files/.env",
            "served /.env",
        ),
        (
            "socketserver.TCPServer(('', 80), http.server.SimpleHTTPRequestHandler)",
            "app/.env",
            "served /.env",
        ),
        (
            "HTTPServer(('127.0.0.1', 80), SimpleHTTPRequestHandler)",
            "app/.env",
            "none",
        ),
    ]);
}

#[test]
fn settings_of_django_are_followed() {
    let site = |urls: &str, settings: &str| {
        Site::of(&[
            ("shop/manage.py", ""),
            ("shop/shop/urls.py", urls),
            (
                "shop/shop/settings.py",
                &format!("BASE_DIR = Path(__file__).resolve().parent.parent\n{settings}"),
            ),
            ("shop/media/.env", "A=1"),
            ("shop/.env", "A=1"),
        ])
    };
    let debug = "u += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)";
    let media = "MEDIA_URL = '/m/'\nMEDIA_ROOT = BASE_DIR / 'media'";
    assert_eq!(
        site(debug, media).worst("shop/media/.env"),
        "served /m/.env (assumed)"
    );
    assert_eq!(site(debug, media).worst("shop/.env"), "none");
    let whole = "MEDIA_URL = '/m/'\nMEDIA_ROOT = BASE_DIR";
    let serve = "u = [re_path(r'^f/(?P<path>.*)$', serve, {'document_root': settings.MEDIA_ROOT})]";
    assert_eq!(site(serve, whole).worst("shop/.env"), "served /f/.env");
    assert_eq!(
        site("", "WHITENOISE_ROOT = BASE_DIR").worst("shop/.env"),
        "served /.env"
    );
}
