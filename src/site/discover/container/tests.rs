use super::super::testing::Site;

const APP: &[(&str, &str)] = &[
    (".env", "A=1"),
    ("public/index.php", "<?php"),
    ("public/.env", "A=1"),
    ("config.php", "<?php"),
];

fn site(more: &[(&str, &str)]) -> Site {
    let all: Vec<(&str, &str)> = APP.iter().chain(more).copied().collect();
    Site::of(&all)
}

#[test]
fn an_image_with_apache_serves_what_is_copied() {
    let site = site(&[("Dockerfile", "FROM php:8.3-apache\nCOPY . /var/www/html\n")]);
    assert_eq!(site.worst(".env"), "served /.env");
    assert_eq!(site.worst("config.php"), "executed /config.php");
    assert_eq!(site.worst("public/.env"), "served /public/.env");
    let because = &site.look_up(".env").urls[0].because;
    assert_eq!(because[0].directive, "FROM php:8.3-apache");
    assert_eq!(because[1].line, Some(2));
}

#[test]
fn what_is_left_out_of_the_image_is_not_served() {
    let files = [
        ("Dockerfile", "FROM php:8.3-apache\nCOPY . /var/www/html\n"),
        (".dockerignore", ".env*\n"),
    ];
    let site = site(&files);
    assert_eq!(site.worst(".env"), "none");
    assert_eq!(site.worst("public/.env"), "served /public/.env");
}

#[test]
fn the_document_root_can_be_replaced() {
    let dockerfile = "FROM php:8-apache\nENV APACHE_DOCUMENT_ROOT=/var/www/html/public\n\
        RUN sed -ri -e 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!g' /etc/apache2/sites-available/*.conf \\\n  && a2enmod rewrite\n\
        WORKDIR /var/www/html\nCOPY . .\n";
    let site = site(&[("Dockerfile", dockerfile)]);
    assert_eq!(site.worst(".env"), "none");
    assert_eq!(site.worst("public/.env"), "served /.env");
}

#[test]
fn a_configuration_is_copied_too() {
    let conf = "<VirtualHost *:80>\nDocumentRoot /app/public\n<Directory /app/public>\nRequire all granted\n\
        <FilesMatch \"^\\.\">\nRequire all denied\n</FilesMatch>\n</Directory>\n</VirtualHost>\n";
    let site = site(&[
        ("docker/vhost.conf", conf),
        (
            "Dockerfile",
            "FROM php:8-apache\nCOPY . /app\nCOPY docker/vhost.conf /etc/apache2/sites-available/000-default.conf\n",
        ),
    ]);
    assert_eq!(site.worst("public/.env"), "denied /.env");
    let because = &site.look_up("public/.env").urls[0].because;
    let files: Vec<_> = because
        .iter()
        .filter_map(|reason| reason.file.as_deref())
        .collect();
    assert!(files.contains(&"docker/vhost.conf"), "{because:?}");
}

#[test]
fn stages_hand_on_what_they_built() {
    let site = Site::of(&[
        (".env", "A=1"),
        ("package.json", "{}"),
        ("src/a.js", ""),
        ("dist/index.html", ""),
        (
            "Dockerfile",
            "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\nFROM nginx:alpine\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
        ),
    ]);
    assert_eq!(site.roots(), ["nginx [dist] /"]);
    assert_eq!(site.worst("dist/index.html"), "served /index.html");
    assert_eq!(site.worst(".env"), "none");
}

#[test]
fn a_mount_of_the_project_serves_all_of_it() {
    let compose =
        "services:\n  web:\n    image: php:8.3-apache\n    volumes:\n      - ./:/var/www/html\n";
    assert_eq!(
        site(&[("docker-compose.yml", compose)]).worst(".env"),
        "served /.env"
    );
    let compose = compose.replace("./:", "./public:");
    let site = site(&[("docker-compose.yml", compose.as_str())]);
    assert_eq!(site.worst(".env"), "none");
    assert_eq!(site.worst("public/.env"), "served /.env");
}

#[test]
fn a_mount_hides_what_was_copied_and_brings_back_what_was_left_out() {
    let compose = "services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n    volumes:\n      - type: bind\n        source: .\n        target: /var/www/html\n      - /var/www/html/public\n";
    let site = site(&[
        ("compose.dev.yaml", compose),
        (
            "docker/Dockerfile",
            "FROM php:8-apache\nCOPY . /var/www/html\n",
        ),
        (".dockerignore", ".env\n"),
    ]);
    assert_eq!(site.worst(".env"), "served /.env (assumed)");
    assert_eq!(site.worst("public/.env"), "none");
}

#[test]
fn commands_of_containers_are_followed() {
    let package =
        r#"{"scripts": {"start": "npm run serve -- -s", "serve": "NODE_ENV=production serve ."}}"#;
    let site = Site::of(&[
        (".env", "A=1"),
        ("package.json", package),
        ("start.sh", "#!/bin/sh\nset -e\nexec npm start\n"),
        (
            "Dockerfile",
            "FROM node:22\nWORKDIR /app\nCOPY . .\nENTRYPOINT [\"./start.sh\"]\n",
        ),
    ]);
    assert_eq!(site.worst(".env"), "served /.env");
    let chain: Vec<String> = site.look_up(".env").urls[0]
        .because
        .iter()
        .map(|reason| {
            format!(
                "{}:{}",
                reason.file.as_deref().unwrap_or("-"),
                reason.line.unwrap_or(0)
            )
        })
        .collect();
    let expected = [
        "Dockerfile:1",
        "Dockerfile:3",
        "Dockerfile:4",
        "start.sh:3",
        "package.json:1",
        "package.json:1",
        "-:0",
    ];
    assert_eq!(chain, expected);
}

#[test]
fn what_serves_nothing_of_the_tree_is_no_server() {
    let site = Site::of(&[
        (
            "compose.yml",
            "services:\n  proxy:\n    image: nginx\n  db:\n    image: mysql\n    volumes: [\"./db:/var/lib/mysql\"]\n",
        ),
        ("db/x.sql", ""),
        ("Dockerfile", "FROM scratch\n"),
    ]);
    assert!(site.roots().is_empty(), "{:?}", site.roots());
}
