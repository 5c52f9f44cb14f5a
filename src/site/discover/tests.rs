use crate::input::Memory;

use super::Settings;
use super::testing::Site;

#[test]
fn conventional_directories_are_assumed() {
    let site = Site::of(&[
        ("public/index.php", ""),
        ("public/.env", ""),
        (".env", ""),
        ("artisan", ""),
        ("tests/public/index.php", ""),
        ("vendor/x/public/index.php", ""),
    ]);
    assert_eq!(site.roots(), ["assumed [public] /?"]);
    assert_eq!(site.worst(".env"), "none");
    assert_eq!(site.worst("public/.env"), "served /.env (assumed)");
    assert_eq!(
        site.worst("public/index.php"),
        "executed /index.php (assumed)"
    );
}

#[test]
fn a_php_application_without_a_public_directory_is_a_root() {
    let site = Site::of(&[
        ("index.php", ""),
        ("config.inc.php.dist", ""),
        ("a/index.php", ""),
    ]);
    assert_eq!(site.roots(), ["assumed [] /?"]);
    assert_eq!(
        site.worst("config.inc.php.dist"),
        "served /config.inc.php.dist (assumed)"
    );
}

#[test]
fn a_wordpress_directory_is_a_root() {
    let site = Site::of(&[
        ("blog/wp-includes/version.php", ""),
        ("blog/wp-load.php", ""),
        ("blog/wp-config.php.bak", ""),
        ("web.py", ""),
        ("web/app.py", ""),
    ]);
    assert_eq!(site.roots(), ["assumed [blog] /?"]);
    assert_eq!(
        site.worst("blog/wp-config.php.bak"),
        "served /wp-config.php.bak (assumed)"
    );
}

#[test]
fn an_application_that_is_built_is_no_root_and_what_is_built_is() {
    let site = Site::of(&[
        ("index.html", ""),
        ("package.json", "{}"),
        ("dist/index.html", ""),
        ("build/Makefile", ""),
    ]);
    assert_eq!(site.roots(), ["assumed [dist] /?"]);
}

#[test]
fn the_user_names_roots_with_and_without_a_url() {
    let files = [("app/x.txt", ""), ("up/y.txt", "")];
    let settings = Settings {
        roots: vec![
            ("app".to_owned(), "/".to_owned()),
            ("up".to_owned(), "/files".to_owned()),
        ],
        ..Settings::default()
    };
    let site = Site::with(&files, &settings);
    assert_eq!(site.worst("app/x.txt"), "served /x.txt");
    assert_eq!(site.worst("up/y.txt"), "served /files/y.txt");
    let answers = site
        .model
        .ask("http://shop.example.com/files/y.txt?a=1", &site.files);
    let paths: Vec<_> = answers
        .iter()
        .map(|answer| answer.path.as_deref())
        .collect();
    assert_eq!(paths, [None, Some("up/y.txt")]);
}

#[test]
fn links_are_followed() {
    let mut files: Memory = [
        ("public/index.php", ""),
        ("storage/app/key.txt", ""),
        ("x/public/a", ""),
    ]
    .into_iter()
    .collect();
    files.link("public/storage", "../storage/app");
    files.link("public/around", "..");
    let site = Site::new(files, &Settings::default());
    assert_eq!(
        site.worst("storage/app/key.txt"),
        "served /storage/key.txt (assumed)"
    );
}

#[test]
fn scanned_directories_have_names_of_their_own() {
    let settings = Settings {
        trees: vec!["/srv/a".to_owned(), "../b".to_owned()],
        ..Settings::default()
    };
    let files = [("/srv/a/public/index.php", ""), ("../b/htdocs/x.txt", "")];
    let site = Site::with(&files, &settings);
    assert_eq!(
        site.worst("/srv/a/public/index.php"),
        "executed /index.php (assumed)"
    );
    assert_eq!(site.worst("../b/htdocs/x.txt"), "served /x.txt (assumed)");
}

const TO_PUBLIC: &str = "<configuration><system.webServer><rewrite><rules><rule name=\"p\" stopProcessing=\"true\">\
    <match url=\"^(.*)$\"/><conditions><add input=\"{REQUEST_FILENAME}\" matchType=\"IsFile\" negate=\"true\"/></conditions>\
    <action type=\"Rewrite\" url=\"public/{R:1}\"/></rule></rules></rewrite></system.webServer></configuration>";

/// The condition that there is no such file lets the project's files out, but only those with a MIME type.
#[test]
fn a_web_config_that_leads_to_public_is_evaluated() {
    let site = Site::of(&[
        ("web.config", TO_PUBLIC),
        ("public/index.php", ""),
        ("public/a.css", ""),
        (".env", ""),
        ("composer.json", ""),
        ("storage/logs/laravel.log", ""),
        ("backup.zip", ""),
    ]);
    assert_eq!(site.roots(), ["iis [] /?", "iis [public] /?"]);
    assert_eq!(site.worst(".env"), "denied /.env (assumed)");
    assert_eq!(
        site.worst("storage/logs/laravel.log"),
        "denied /storage/logs/laravel.log (assumed)"
    );
    assert_eq!(site.worst("backup.zip"), "served /backup.zip (assumed)");
    assert_eq!(site.worst("public/a.css"), "served /a.css (assumed)");
    let verdict = site.look_up(".env");
    let because = &verdict.worst().unwrap().because;
    assert_eq!(because[1].file.as_deref(), Some("web.config"));
}

/// Frameworks bring a `web.config` along for whoever needs it; a `.htaccess` says that Apache is meant as well.
#[test]
fn a_web_config_beside_a_htaccess_is_none_unless_it_runs_something() {
    let plain = "<configuration><system.webServer/></configuration>";
    let files = [
        ("public/index.php", ""),
        ("public/.htaccess", "RewriteEngine On\n"),
        ("public/web.config", plain),
        ("data/web.config", plain),
    ];
    assert_eq!(Site::of(&files).roots(), ["apache [public] /?"]);
    let core = "<configuration><system.webServer><handlers><add name=\"a\" path=\"*\" verb=\"*\" \
        modules=\"AspNetCoreModuleV2\"/></handlers><aspNetCore processPath=\"dotnet\"/></system.webServer></configuration>";
    let site = Site::of(&[
        ("app/web.config", core),
        ("app/wwwroot/site.css", ""),
        ("app/wwwroot/.env", ""),
        ("app/appsettings.json", ""),
    ]);
    assert_eq!(
        site.worst("app/wwwroot/site.css"),
        "served /site.css (assumed)"
    );
    assert_eq!(site.worst("app/wwwroot/.env"), "not-mapped /.env (assumed)");
    assert_eq!(
        site.worst("app/appsettings.json"),
        "not-mapped /appsettings.json (assumed)"
    );
}

#[test]
fn one_like_name_alone_is_a_guess_for_a_configuration_from_elsewhere() {
    let config = |root: &str| format!("server {{ listen 80; root {root}; }}\n");
    let settings = Settings {
        trees: vec!["shop".to_owned()],
        configs: vec!["etc/site.conf".to_owned()],
        ..Settings::default()
    };
    let worst = |root: &str| {
        let config = config(root);
        let files = [("etc/site.conf", config.as_str()), ("shop/public/.env", "")];
        Site::with(&files, &settings).worst("shop/public/.env")
    };
    assert_eq!(worst("/srv/other/public"), "served /.env (assumed)");
    assert_eq!(worst("/srv/shop/public"), "served /.env");
}
