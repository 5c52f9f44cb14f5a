use super::super::testing::Site;

#[test]
fn processes_are_started_by_a_procfile() {
    let site = Site::of(&[
        ("Procfile", "# web: no\nweb: php -S 0.0.0.0:$PORT -t web\n"),
        ("web/.env", ""),
        ("web/index.php", ""),
        (".env", ""),
    ]);
    assert_eq!(site.worst("web/.env"), "served /.env");
    assert_eq!(site.worst(".env"), "none");
    assert_eq!(site.look_up("web/.env").urls[0].because[0].line, Some(2));
}

#[test]
fn npm_start_is_assumed_and_development_is_not() {
    let start = |command: &str| {
        let package = format!(r#"{{"scripts": {{"start": "{command}"}}}}"#);
        Site::of(&[
            ("package.json", package.as_str()),
            (".env", ""),
            ("dist/a.js", ""),
        ])
    };
    assert_eq!(
        start("http-server .").worst(".env"),
        "served /.env (assumed)"
    );
    assert_eq!(start("vite").worst(".env"), "none");
    assert_eq!(
        start("sirv dist").worst("dist/a.js"),
        "served /a.js (assumed)"
    );
}

#[test]
fn a_unit_runs_where_it_says() {
    let unit = "[Service]\nWorkingDirectory=/opt/shop/current\nExecStart=/usr/bin/python3 -m http.server 80\n";
    let site = Site::of(&[
        ("deploy/web.service", unit),
        ("package.json", "{}"),
        (".env", ""),
    ]);
    assert_eq!(site.worst(".env"), "served /.env (assumed)");
    let supervisor =
        "[program:web]\ndirectory=/srv/www/site\ncommand=php artisan serve --host=0.0.0.0\n";
    let site = Site::of(&[
        ("supervisord.conf", supervisor),
        ("site/public/a.txt", ""),
        ("site/.env", ""),
    ]);
    assert_eq!(site.worst("site/public/a.txt"), "served /a.txt");
    assert_eq!(site.worst("site/.env"), "none");
}
