//! Random sites from the grammar that the evaluator claims to understand.

use super::super::support::Random;
use super::case::Case;

/// Makes sites.
pub(crate) struct Generator {
    random: Random,
    has_compat: bool,
}

const DIRECTORIES: &[&str] = &[
    "",
    "sub/",
    "public/",
    "sub/deep/",
    ".git/",
    "uploads/",
    "conf/",
    ".well-known/",
];

const NAMES: &[&str] = &[
    ".env",
    ".env.bak",
    "index.php",
    "index.html",
    "a.txt",
    "debug.log",
    "app.php",
    "app.php.bak",
    "config.inc",
    "composer.json",
    "x.PHP",
    "dump.sql",
    "b c.txt",
    ".htpasswd",
    "config",
    "v1.php.txt",
];

const PATTERNS: &[&str] = &[
    r"^\.",
    r"^\.env",
    r"\.(env|log|bak|sql)$",
    r"\.php$",
    r"(^|/)\.(?!well-known)",
    r"\.env",
    r"^/?sub/",
    r"\.git",
    r"config",
    r"\.(?:inc|json)$",
    r"^(?!index).*\.php$",
    r"/sub(/|$)",
    r"^public",
    r"[^/]+\.txt$",
    r"(?i)\.PHP$",
];

const OPTIONS: &[&str] = &[
    "FollowSymLinks",
    "Indexes FollowSymLinks",
    "None",
    "+Indexes",
    "-Indexes",
    "All",
    "SymLinksIfOwnerMatch Indexes",
    "-FollowSymLinks",
    "+FollowSymLinks -Indexes",
    "Indexes",
];

const OVERRIDES: &[&str] = &[
    "None",
    "All",
    "All",
    "All",
    "AuthConfig",
    "FileInfo",
    "Indexes",
    "Limit",
    "Options",
    "FileInfo AuthConfig",
    "AuthConfig Limit Options FileInfo",
    "Options=Indexes,FollowSymLinks FileInfo AuthConfig Indexes",
];

const REQUIRES: &[&str] = &[
    "Require all denied",
    "Require all denied",
    "Require all granted",
    "Require local",
    "Require ip 10.0.0.0/8",
    "Require ip 127.0.0.1",
    "Require ip 10 127",
    "Require env open",
    "Require method GET POST",
    "Require method POST",
    "Require expr \"%{REQUEST_URI} =~ m#/sub#\"",
    "Require valid-user",
    "AuthType Basic\nAuthName x\nRequire valid-user",
    "<RequireAll>\nRequire all granted\nRequire not ip 127.0.0.1\n</RequireAll>",
    "<RequireAll>\nRequire all granted\nRequire not env open\n</RequireAll>",
    "<RequireAny>\nRequire ip 10.1.2.3\nRequire env open\n</RequireAny>",
    "<RequireAll>\nRequire local\n<RequireAny>\nRequire env open\nRequire method GET\n</RequireAny>\n</RequireAll>",
    "<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10.0.0.1\nRequire env open\n</RequireNone>\n</RequireAll>",
    "AuthMerging And\nRequire all denied",
    "AuthMerging Or\nRequire all granted",
    "AuthMerging And\nRequire local",
    "<Limit GET>\nRequire all denied\n</Limit>",
    "<LimitExcept GET>\nRequire all denied\n</LimitExcept>",
    "Require user alice",
    "AuthType Basic\nAuthName x\nRequire ip 10\nRequire valid-user",
];

const COMPATS: &[&str] = &[
    "Order allow,deny\nDeny from all",
    "Order deny,allow\nDeny from all",
    "Order allow,deny\nAllow from all",
    "Order deny,allow\nDeny from all\nAllow from 127.0.0.1",
    "Deny from all",
    "Allow from env=open\nOrder deny,allow\nDeny from all",
    "Order allow,deny\nAllow from 10.0.0.0/8",
    "Order mutual-failure\nAllow from 127",
    "Satisfy any",
    "Satisfy any\nRequire all denied\nOrder allow,deny\nAllow from all",
    "<Limit GET>\nOrder allow,deny\nDeny from all\n</Limit>",
    "<Limit POST>\nOrder allow,deny\nDeny from all\n</Limit>",
];

const CONDITIONS: &[&str] = &[
    "%{REQUEST_FILENAME} !-f",
    "%{REQUEST_FILENAME} !-d",
    "%{REQUEST_FILENAME} -f",
    "%{REQUEST_FILENAME} -d",
    "%{REQUEST_URI} !^/public/",
    "%{REQUEST_URI} \\.php$",
    "%{QUERY_STRING} ^$",
    "%{QUERY_STRING} x=(.*)",
    "%{HTTP_HOST} ^www\\. [NC]",
    "%{REQUEST_URI} !=/sub/",
    "%{ENV:REDIRECT_STATUS} ^$",
    "%{ENV:open} 1",
    "%{HTTPS} on",
    "%{REQUEST_FILENAME} -s",
    "%{REQUEST_FILENAME} -l",
    "%{THE_REQUEST} \\.env",
    "%{DOCUMENT_ROOT}/index.html -f",
    "%{REQUEST_URI} ^/sub/(.*)$",
    "%{REQUEST_METHOD} !^(GET|HEAD)$",
    "%{DOCUMENT_ROOT}/public%{REQUEST_URI} -f",
    "expr \"%{REQUEST_URI} =~ m#^/sub#\"",
];

const SUBSTITUTIONS: &[&str] = &[
    "-",
    "-",
    "index.php",
    "index.html",
    "public/$1",
    "/public/$1",
    "/index.php",
    "index.php?q=$1",
    "sub/a.txt",
    "/sub/$1",
    "$1",
    "/nowhere",
    "http://other.test/$1",
    "%{REQUEST_URI}",
    "%1",
    "%{DOCUMENT_ROOT}/public/$1",
    "/index.html?a=b",
    "sub/",
    "sub",
];

const FLAGS: &[&str] = &[
    "L",
    "L",
    "F",
    "F",
    "F,L",
    "G",
    "R",
    "R=301,L",
    "END",
    "PT",
    "NC",
    "QSA,L",
    "R=404",
    "N",
    "C",
    "S=1",
    "E=open:1",
    "NC,L",
    "NS,L",
    "L,E=open:yes",
    "R=403",
    "H=default-handler",
];

const RULE_PATTERNS: &[&str] = &[
    "^(.*)$",
    "^(.*)$",
    "^",
    ".*",
    r"(^|/)\.",
    r"^\.env$",
    r"^(.+)\.php$",
    "^sub/(.*)$",
    r"\.(env|log|bak)$",
    "!^public/",
    r"^/?(\.git|conf)(/|$)",
    r"!\.(html|txt)$",
    "^index\\.php$",
    "^/(.*)$",
    r"^/?([^.]+)$",
];

impl Generator {
    pub(crate) fn new(seed: u64, has_compat: bool) -> Self {
        Self {
            random: Random::new(seed),
            has_compat,
        }
    }

    /// One site.
    pub(crate) fn case(&mut self) -> Case {
        let mut case = Case::default();
        self.files(&mut case);
        let root = self.random.of(&["@", "@", "@", "@/public", "@/"]);
        case.host.push(format!("DocumentRoot {root}"));
        if self.random.percent(70) {
            case.host.push("<FilesMatch \"\\.php$\">\nSetHandler \"proxy:fcgi://127.0.0.1:PHPPORT\"\n</FilesMatch>".to_owned());
        }
        case.host.push(format!(
            "<Directory @>\nOptions {}\nAllowOverride {}\n{}\n</Directory>",
            self.random.of(&OPTIONS[..3]),
            self.random.of(OVERRIDES),
            if self.random.percent(85) {
                "Require all granted".to_owned()
            } else {
                self.access()
            }
        ));
        for _ in 0..self.random.below(5) {
            let block = self.block();
            case.host.push(block);
        }
        for _ in 0..self.random.below(3) {
            let directory = self
                .random
                .of(&["", "", "sub", "public", ".git", "sub/deep"])
                .to_owned();
            let count = 1 + self.random.below(4);
            let lines = (0..count).map(|_| self.access_line()).collect();
            case.access.insert(directory, lines);
        }
        self.urls(&mut case);
        case
    }

    fn files(&mut self, case: &mut Case) {
        let count = 6 + self.random.below(12);
        for _ in 0..count {
            let name = format!("{}{}", self.random.of(DIRECTORIES), self.random.of(NAMES));
            if !case.files.contains(&name) {
                case.files.push(name);
            }
        }
        for name in [".env", "sub/a.txt", "public/a.txt"] {
            if !case.files.iter().any(|file| file == name) {
                case.files.push(name.to_owned());
            }
        }
        if self.random.percent(25) {
            let (name, target) = *self.random.of(&[
                &("link.txt", "sub/a.txt"),
                &("linked", "sub"),
                &("broken", "nothing"),
                &("public/up", "../sub"),
            ]);
            case.links.push((name.to_owned(), target.to_owned()));
        }
    }

    fn access(&mut self) -> String {
        if self.has_compat && self.random.percent(30) {
            self.random.of(COMPATS).to_owned()
        } else {
            self.random.of(REQUIRES).to_owned()
        }
    }

    /// What a section holds.
    fn inside(&mut self) -> String {
        match self.random.below(10) {
            0..=6 => self.access(),
            7 => format!(
                "Options {}",
                self.random
                    .of(&["+Indexes", "-Indexes", "+FollowSymLinks", "-FollowSymLinks"])
            ),
            8 => "SetHandler \"proxy:fcgi://127.0.0.1:PHPPORT\"".to_owned(),
            _ => self
                .random
                .of(&[
                    "SetHandler none",
                    "SetHandler default-handler",
                    "ForceType text/plain",
                ])
                .to_owned(),
        }
    }

    /// In the virtual host.
    fn block(&mut self) -> String {
        let inside = self.inside();
        match self.random.below(22) {
            0 => self.section("Files", &[".env", ".env*", "*.php", "a.txt", "?.txt", "[!a]*.log"], &inside),
            1 => self.section("FilesMatch", PATTERNS, &inside),
            2 => self.section("Directory", &["@/sub", "@/.git", "@/*/deep", "@/sub/", "@/public", "@/.env", "/"], &inside),
            3 => self.section("DirectoryMatch", &[r"^/.*/\.git/", r"/sub(/|$)", r"/\.", "/public$", r"\.env$"], &inside),
            4 => self.section("Location", &["/", "/.env", "/sub", "/sub/", "/*.php", "/cfg", "/public/a.txt"], &inside),
            5 => self.section("LocationMatch", PATTERNS, &inside),
            6 => self.section("If", &["%{REQUEST_URI} =~ m#/\\.env#", "-f %{REQUEST_FILENAME}", "%{QUERY_STRING} == 'x=1'", "%{REQUEST_URI} in { '/a.txt', '/.env' } || reqenv('open') == '1'", "! -d %{REQUEST_FILENAME} && %{REMOTE_ADDR} -ipmatch '127.0.0.0/8'"], &inside),
            7 => format!("Alias {}", self.random.of(&["/cfg @", "/cfg/ @/conf/", "/icons @/sub/deep", "/a.txt @/.env", "/sub @/public"])),
            8 => format!("AliasMatch {}", self.random.of(&["^/m/(.*)$ @/$1", r"^/(.+)\.cfg$ @/$1.txt", "/sub @/public/a.txt"])),
            9 => self.redirect(),
            10..=12 => format!("RewriteEngine {}\n{}", self.random.of(&["On", "On", "On", "Off"]), self.rules()),
            13 => format!("<Directory @>\nRewriteEngine On\n{}\n</Directory>", self.rules()),
            14 => format!("DirectoryIndex {}", self.random.of(&["index.php index.html", "index.html", "/index.php", "a.txt", "disabled", "missing sub/a.txt"])),
            15 => format!("FallbackResource {}", self.random.of(&["/index.php", "/index.html", "/nowhere", "disabled"])),
            16 => "SetEnvIf Request_URI \"\\.txt$\" open\nSetEnvIfNoCase Request_URI \"\\.PHP\" open=yes".to_owned(),
            17 => format!("AddHandler \"proxy:fcgi://127.0.0.1:PHPPORT\" {}", self.random.of(&[".php", "php .inc", ".phtml .php"])),
            18 => self.php_pass(),
            19 => format!("<Directory @/{}>\nAllowOverride {}\n</Directory>", self.random.of(&["sub", "public", ""]), self.random.of(OVERRIDES)),
            20 => format!("<IfModule {}>\n{inside}\n</IfModule>", self.random.of(&["mod_nothing.c", "!mod_dir.c"])),
            _ => format!("Define NAME {}\n<Files ${{NAME}}>\n{}\n</Files>", self.random.of(&[".env", "a.txt"]), self.access()),
        }
    }

    fn section(&mut self, name: &str, of: &[&str], inside: &str) -> String {
        let argument = self.random.of(of);
        let inside = if name != "If" && self.random.percent(10) {
            format!("<If \"%{{REQUEST_URI}} =~ /env/\">\n{inside}\n</If>")
        } else {
            inside.to_owned()
        };
        format!("<{name} \"{argument}\">\n{inside}\n</{name}>")
    }

    fn redirect(&mut self) -> String {
        let pattern = self.random.of(PATTERNS);
        match self.random.below(5) {
            0 => format!("RedirectMatch 404 \"{pattern}\""),
            1 => format!("RedirectMatch 403 \"{pattern}\""),
            2 => "Redirect 301 /sub http://other.test/".to_owned(),
            3 => "Redirect gone /.env".to_owned(),
            _ => "RedirectMatch ^/public/(.*)$ /$1".to_owned(),
        }
    }

    fn php_pass(&mut self) -> String {
        self.random
            .of(&[
                "ProxyPassMatch \"^/(.*\\.php)$\" \"fcgi://127.0.0.1:PHPPORT@/$1\"",
                "ProxyPass /sub/ !\nProxyPassMatch \"^/(.*\\.php)$\" \"fcgi://127.0.0.1:PHPPORT@/$1\"",
            ])
            .to_owned()
    }

    fn rules(&mut self) -> String {
        let mut lines = Vec::new();
        if self.random.percent(15) {
            lines.push(format!(
                "RewriteOptions {}",
                self.random
                    .of(&["Inherit", "InheritBefore", "AllowNoSlash", "InheritDown"])
            ));
        }
        for _ in 0..1 + self.random.below(3) {
            for _ in 0..self.random.below(3) {
                let or = if self.random.percent(15) { " [OR]" } else { "" };
                let condition = self.random.of(CONDITIONS);
                let or = if condition.ends_with(']') { "" } else { or };
                lines.push(format!("RewriteCond {condition}{or}"));
            }
            let flags = if self.random.percent(80) {
                format!(" [{}]", self.random.of(FLAGS))
            } else {
                String::new()
            };
            lines.push(format!(
                "RewriteRule {} {}{flags}",
                self.random.of(RULE_PATTERNS),
                self.random.of(SUBSTITUTIONS)
            ));
        }
        lines.join("\n")
    }

    /// In a `.htaccess` file.
    fn access_line(&mut self) -> String {
        let inside = self.inside();
        match self.random.below(16) {
            0 => self.access(),
            1 => self
                .section(
                    "Files",
                    &[".env", ".env*", "*.php", "a.txt", "~ \\.txt$"],
                    &inside,
                )
                .replace("\"~ \\.txt$\"", "~ \"\\.txt$\""),
            2 => self.section("FilesMatch", PATTERNS, &inside),
            3 => self.section(
                "If",
                &["%{REQUEST_URI} =~ m#/\\.env#", "%{QUERY_STRING} == 'x=1'"],
                &inside,
            ),
            4..=8 => {
                let base = if self.random.percent(25) {
                    self.random.of(&["RewriteBase /\n", "RewriteBase /sub\n"])
                } else {
                    ""
                };
                let engine = if self.random.percent(90) {
                    "RewriteEngine On\n"
                } else {
                    ""
                };
                format!("{engine}{base}{}", self.rules())
            }
            9 => self.redirect(),
            10 => format!("Options {}", self.random.of(OPTIONS)),
            11 => format!(
                "DirectoryIndex {}",
                self.random
                    .of(&["index.php", "a.txt index.html", "/sub/a.txt", "nothing"])
            ),
            12 => "FallbackResource /index.html".to_owned(),
            13 => format!(
                "AddHandler \"proxy:fcgi://127.0.0.1:PHPPORT\" {}",
                self.random.of(&[".php", ".txt"])
            ),
            14 => self
                .random
                .of(&[
                    "SetEnvIf Request_URI env open",
                    "RemoveHandler .php",
                    "SetHandler none",
                    "AcceptPathInfo On",
                    "DirectorySlash Off",
                    "AddType text/plain .php",
                    "NoSuchDirective on",
                ])
                .to_owned(),
            _ => format!(
                "<IfModule mod_rewrite.c>\nRewriteEngine On\n{}\n</IfModule>",
                self.rules()
            ),
        }
    }

    fn urls(&mut self, case: &mut Case) {
        let mut all: Vec<String> = Vec::new();
        for name in &case.files {
            all.push(format!("/{}", name.replace(' ', "%20")));
            if let Some(inside) = name.strip_prefix("public/") {
                all.push(format!("/{}", inside.replace(' ', "%20")));
            }
        }
        let more = [
            "/",
            "/sub",
            "/sub/",
            "/public/",
            "/public",
            "/nothing",
            "/sub/nothing/x",
            "/.git/",
            "/cfg/.env",
            "/m/.env",
            "/cfg",
            "/icons/a.txt",
            "/link.txt",
            "/linked/a.txt",
            "/linked",
            "/broken",
            "/sub/../.env",
            "/a%2fb",
            "/x%zz",
            "/.ENV",
            "/index.php/x/y",
            "/app.php/.env",
            "/a.txt/",
            "/a.cfg",
            "/uploads/",
            "/conf/",
            "/?x=1",
            "/.env?x=1",
        ];
        all.extend(more.map(str::to_owned));
        for _ in 0..30 {
            let url = all[self.random.below(all.len())].clone();
            case.urls.push(self.spelled(url));
        }
        case.urls.push("/.env".to_owned());
    }

    fn spelled(&mut self, url: String) -> String {
        match self.random.below(14) {
            0 => format!("/{url}"),
            1 => url.replace('.', "%2e"),
            2 => format!("{url}/"),
            3 => format!("{url}?x=1"),
            4 => url.replacen("/", "/./", 1),
            5 => url.replace("env", "%65nv"),
            _ => url,
        }
    }
}
