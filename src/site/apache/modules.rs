//! Which modules are there, which directive belongs to which, and where it may stand.
//!
//! <https://httpd.apache.org/docs/2.4/mod/quickreference.html>

use std::collections::BTreeSet;

/// What `AllowOverride` lets a `.htaccess` file do, as bits.
pub(super) mod class {
    pub(in crate::site::apache) const NONE: u8 = 0;
    pub(in crate::site::apache) const AUTH_CONFIG: u8 = 1;
    pub(in crate::site::apache) const FILE_INFO: u8 = 2;
    pub(in crate::site::apache) const INDEXES: u8 = 4;
    pub(in crate::site::apache) const LIMIT: u8 = 8;
    pub(in crate::site::apache) const OPTIONS: u8 = 16;
    pub(in crate::site::apache) const ALL: u8 = 31;
}

use class::{ALL, AUTH_CONFIG, FILE_INFO, INDEXES, LIMIT, NONE, OPTIONS};

/// Modules by the names that `IfModule` knows, without `mod_` and `.c`, `_module`.
#[derive(Debug, Clone, Default)]
pub(super) struct Modules {
    loaded: BTreeSet<String>,
    /// Every `LoadModule` was seen.
    pub(super) is_complete: bool,
}

/// Part of every build.
const BUILT_IN: &[&str] = &[
    "core",
    "http",
    "so",
    "http_core",
    "unixd",
    "log_config",
    "logio",
    "version",
    "watchdog",
];

impl Modules {
    pub(super) fn load(&mut self, name: &str) {
        self.loaded.insert(base(name));
    }

    /// Whether a module is there; `None` if not all are known.
    pub(super) fn has(&self, name: &str) -> Option<bool> {
        let name = base(name);
        if BUILT_IN.contains(&&*name) || self.loaded.contains(&name) {
            return Some(true);
        }
        self.is_complete.then_some(false)
    }

    /// Whether it is there as far as is known.
    pub(super) fn is_loaded(&self, name: &str) -> bool {
        self.has(name) == Some(true)
    }

    /// Whether PHP runs inside of the server.
    pub(super) fn has_php(&self) -> bool {
        self.loaded.iter().any(|name| name.starts_with("php"))
    }
}

/// `mod_rewrite.c` and `rewrite_module` are `rewrite`.
fn base(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let name = name.strip_suffix(".c").unwrap_or(&name);
    let name = name.strip_suffix("_module").unwrap_or(name);
    name.strip_prefix("mod_").unwrap_or(name).to_owned()
}

/// A directive's module and class, by its name in lower case; `None` if the directive is not known.
pub(super) fn directive(name: &str) -> Option<(&'static str, u8)> {
    TABLE
        .iter()
        .find(|(_, _, names)| names.contains(&name))
        .map(|&(module, class, _)| (module, class))
}

/// Of these `.htaccess` may hold any; the rest of a module's directives are for the server's files.
const TABLE: &[(&str, u8, &[&str])] = &[
    (
        "core",
        ALL,
        &[
            "files",
            "filesmatch",
            "if",
            "elseif",
            "else",
            "ifmodule",
            "ifdefine",
            "ifversion",
            "iffile",
            "ifdirective",
            "ifsection",
            "serversignature",
            "limitrequestbody",
            "limitxmlrequestbody",
            "error",
            "warning",
        ],
    ),
    ("core", LIMIT | AUTH_CONFIG, &["limit", "limitexcept"]),
    (
        "core",
        AUTH_CONFIG,
        &["authname", "authtype", "requiresatisfy"],
    ),
    (
        "core",
        FILE_INFO,
        &[
            "acceptpathinfo",
            "adddefaultcharset",
            "errordocument",
            "enablemmap",
            "enablesendfile",
            "fileetag",
            "forcetype",
            "sethandler",
            "setinputfilter",
            "setoutputfilter",
            "cgipassauth",
            "cgimapextension",
            "qualifyredirecturl",
            "rlimitcpu",
            "rlimitmem",
            "rlimitnproc",
            "defaulttype",
            "unsetenv",
        ],
    ),
    ("core", OPTIONS, &["options", "contentdigest"]),
    (
        "core",
        NONE,
        &[
            "directory",
            "directorymatch",
            "location",
            "locationmatch",
            "virtualhost",
            "proxy",
            "proxymatch",
            "documentroot",
            "servername",
            "serveralias",
            "serverroot",
            "serveradmin",
            "serverpath",
            "servertokens",
            "listen",
            "allowoverride",
            "allowoverridelist",
            "accessfilename",
            "errorlog",
            "errorlogformat",
            "loglevel",
            "timeout",
            "keepalive",
            "keepalivetimeout",
            "maxkeepaliverequests",
            "hostnamelookups",
            "usecanonicalname",
            "usecanonicalphysicalport",
            "define",
            "undefine",
            "include",
            "includeoptional",
            "mutex",
            "pidfile",
            "user",
            "group",
            "namevirtualhost",
            "limitrequestline",
            "limitrequestfields",
            "limitrequestfieldsize",
            "limitinternalrecursion",
            "traceenable",
            "defaultruntimedir",
            "allowencodedslashes",
            "mergeslashes",
            "mergetrailers",
            "httpprotocoloptions",
            "protocols",
            "protocolshonororder",
            "regexdefaultoptions",
            "scoreboardfile",
            "coredumpdirectory",
            "startservers",
            "minspareservers",
            "maxspareservers",
            "minsparethreads",
            "maxsparethreads",
            "threadlimit",
            "threadsperchild",
            "maxrequestworkers",
            "maxclients",
            "serverlimit",
            "maxconnectionsperchild",
            "maxrequestsperchild",
            "asyncrequestworkerfactor",
            "registerhttpmethod",
            "stricthostcheck",
            "seerequesttail",
            "flushmaxthreshold",
            "gracefulshutdowntimeout",
            "listenbacklog",
            "receivebuffersize",
            "sendbuffersize",
            "extendedstatus",
            "acceptfilter",
            "loadmodule",
            "loadfile",
            "maxranges",
            "maxrangeoverlaps",
            "maxrangereversals",
        ],
    ),
    (
        "log_config",
        NONE,
        &[
            "customlog",
            "logformat",
            "transferlog",
            "globallog",
            "bufferedlogs",
        ],
    ),
    (
        "authz_core",
        AUTH_CONFIG,
        &[
            "require",
            "requireall",
            "requireany",
            "requirenone",
            "authmerging",
            "authzsendforbiddenonfailure",
        ],
    ),
    ("access_compat", LIMIT, &["order", "allow", "deny"]),
    ("access_compat", AUTH_CONFIG, &["satisfy"]),
    (
        "alias",
        FILE_INFO,
        &[
            "redirect",
            "redirectmatch",
            "redirecttemp",
            "redirectpermanent",
            "redirectrelative",
        ],
    ),
    (
        "alias",
        NONE,
        &["alias", "aliasmatch", "scriptalias", "scriptaliasmatch"],
    ),
    (
        "rewrite",
        FILE_INFO,
        &[
            "rewriteengine",
            "rewritebase",
            "rewritecond",
            "rewriterule",
            "rewriteoptions",
        ],
    ),
    (
        "rewrite",
        NONE,
        &["rewritemap", "rewritelog", "rewriteloglevel"],
    ),
    (
        "dir",
        INDEXES,
        &[
            "directoryindex",
            "directoryslash",
            "directorycheckhandler",
            "directoryindexredirect",
            "fallbackresource",
        ],
    ),
    (
        "mime",
        FILE_INFO,
        &[
            "addcharset",
            "addencoding",
            "addhandler",
            "addinputfilter",
            "addlanguage",
            "addoutputfilter",
            "addtype",
            "defaultlanguage",
            "multiviewsmatch",
            "removecharset",
            "removeencoding",
            "removehandler",
            "removeinputfilter",
            "removelanguage",
            "removeoutputfilter",
            "removetype",
        ],
    ),
    ("mime", NONE, &["typesconfig", "modmimeusepathinfo"]),
    (
        "autoindex",
        INDEXES,
        &[
            "addicon",
            "addiconbytype",
            "addiconbyencoding",
            "addalt",
            "addaltbytype",
            "addaltbyencoding",
            "indexoptions",
            "indexorderdefault",
            "indexignore",
            "indexignorereset",
            "adddescription",
            "headername",
            "readmename",
            "fancyindexing",
            "defaulticon",
            "indexstylesheet",
            "indexheadinsert",
        ],
    ),
    (
        "setenvif",
        FILE_INFO,
        &[
            "setenvif",
            "setenvifnocase",
            "setenvifexpr",
            "browsermatch",
            "browsermatchnocase",
        ],
    ),
    ("env", FILE_INFO, &["setenv", "passenv", "unsetenv"]),
    ("actions", FILE_INFO, &["action"]),
    ("actions", NONE, &["script"]),
    ("headers", FILE_INFO, &["header", "requestheader"]),
    (
        "expires",
        INDEXES,
        &["expiresactive", "expiresbytype", "expiresdefault"],
    ),
    (
        "deflate",
        NONE,
        &[
            "deflatecompressionlevel",
            "deflatebuffersize",
            "deflatewindowsize",
            "deflatememlevel",
            "deflatefilternote",
            "deflateinflatelimitrequestbody",
        ],
    ),
    (
        "brotli",
        NONE,
        &[
            "brotlicompressionquality",
            "brotlifilternote",
            "brotlicompressionwindow",
        ],
    ),
    (
        "filter",
        FILE_INFO,
        &["addoutputfilterbytype", "filterchain"],
    ),
    (
        "filter",
        OPTIONS,
        &["filterprovider", "filterdeclare", "filterprotocol"],
    ),
    (
        "negotiation",
        FILE_INFO,
        &["languagepriority", "forcelanguagepriority"],
    ),
    ("negotiation", NONE, &["cachenegotiateddocs"]),
    (
        "auth_basic",
        AUTH_CONFIG,
        &[
            "authbasicprovider",
            "authbasicauthoritative",
            "authbasicfake",
            "authbasicusedigestalgorithm",
        ],
    ),
    (
        "auth_digest",
        AUTH_CONFIG,
        &[
            "authdigestprovider",
            "authdigestqop",
            "authdigestalgorithm",
            "authdigestdomain",
            "authdigestnoncelifetime",
        ],
    ),
    ("authn_file", AUTH_CONFIG, &["authuserfile"]),
    ("authz_groupfile", AUTH_CONFIG, &["authgroupfile"]),
    ("php", OPTIONS, &["php_value", "php_flag"]),
    (
        "php",
        NONE,
        &["php_admin_value", "php_admin_flag", "phpinidir"],
    ),
    (
        "proxy",
        NONE,
        &[
            "proxypass",
            "proxypassmatch",
            "proxypassreverse",
            "proxypassreversecookiedomain",
            "proxypassreversecookiepath",
            "proxypreservehost",
            "proxyrequests",
            "proxytimeout",
            "proxyvia",
            "proxyset",
            "proxyerroroverride",
            "proxybadheader",
            "proxyaddheaders",
            "balancermember",
            "proxyiobuffersize",
            "proxyreceivebuffersize",
            "proxyremote",
            "proxyblock",
            "noproxy",
            "proxydomain",
            "proxymaxforwards",
            "proxystatus",
            "proxyfcgibackendtype",
            "proxyfcgisetenvif",
        ],
    ),
    (
        "ssl",
        AUTH_CONFIG,
        &[
            "sslrequiressl",
            "sslrequire",
            "sslverifyclient",
            "sslverifydepth",
            "sslciphersuite",
        ],
    ),
    ("ssl", OPTIONS, &["ssloptions"]),
    (
        "ssl",
        NONE,
        &[
            "sslengine",
            "sslcertificatefile",
            "sslcertificatekeyfile",
            "sslcertificatechainfile",
            "sslcacertificatefile",
            "sslcacertificatepath",
            "sslprotocol",
            "sslhonorcipherorder",
            "sslsessiontickets",
            "sslsessioncache",
            "sslsessioncachetimeout",
            "sslusestapling",
            "sslstaplingcache",
            "sslrandomseed",
            "sslpassphrasedialog",
            "sslcompression",
            "sslproxyengine",
            "sslproxyverify",
            "sslproxycheckpeercn",
            "sslproxycheckpeername",
            "sslproxycheckpeerexpire",
            "sslstrictsnivhostcheck",
            "sslopensslconfcmd",
            "sslstaplingrespondertimeout",
            "sslstaplingreturnrespondererrors",
        ],
    ),
    ("userdir", NONE, &["userdir"]),
    (
        "vhost_alias",
        NONE,
        &[
            "virtualdocumentroot",
            "virtualdocumentrootip",
            "virtualscriptalias",
            "virtualscriptaliasip",
        ],
    ),
    (
        "speling",
        OPTIONS,
        &["checkspelling", "checkcaseonly", "checkbasenamematch"],
    ),
    ("reqtimeout", NONE, &["requestreadtimeout"]),
    ("status", NONE, &["seerequesttail"]),
    (
        "cgid",
        NONE,
        &[
            "scriptsock",
            "scriptlog",
            "scriptloglength",
            "scriptlogbuffer",
            "cgidscripttimeout",
        ],
    ),
    ("include", OPTIONS, &["xbithack"]),
    ("include", ALL, &["ssierrormsg", "ssitimeformat"]),
    ("substitute", FILE_INFO, &["substitute"]),
    ("macro", NONE, &["macro", "use", "undefmacro"]),
    (
        "http2",
        NONE,
        &[
            "h2push",
            "h2direct",
            "h2upgrade",
            "h2moderntlsonly",
            "h2serializeheaders",
        ],
    ),
    (
        "remoteip",
        NONE,
        &[
            "remoteipheader",
            "remoteipinternalproxy",
            "remoteiptrustedproxy",
            "remoteiptrustedproxylist",
            "remoteipproxyprotocol",
        ],
    ),
    (
        "security2",
        NONE,
        &[
            "secruleengine",
            "secrule",
            "secaction",
            "secruleremovebyid",
            "secrequestbodyaccess",
            "secdatadir",
            "secauditlog",
            "secauditengine",
        ],
    ),
    ("data", NONE, &[]),
];

/// Directives that change neither which file is sent nor whether.
pub(super) fn is_harmless(name: &str) -> bool {
    matches!(
        directive(name).map(|(module, _)| module),
        Some(
            "headers"
                | "expires"
                | "deflate"
                | "brotli"
                | "filter"
                | "env"
                | "ssl"
                | "http2"
                | "log_config"
                | "negotiation"
                | "autoindex"
                | "php"
                | "reqtimeout"
                | "status"
                | "substitute"
                | "include"
                | "remoteip"
        )
    ) && !matches!(name, "sslrequiressl" | "sslrequire" | "sslverifyclient")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_three_names() {
        let mut modules = Modules::default();
        modules.load("rewrite_module");
        assert_eq!(modules.has("mod_rewrite.c"), Some(true));
        assert_eq!(modules.has("mod_alias.c"), None);
        modules.is_complete = true;
        assert_eq!(modules.has("alias_module"), Some(false));
        assert_eq!(directive("require"), Some(("authz_core", AUTH_CONFIG)));
        assert!(is_harmless("header") && !is_harmless("require") && !is_harmless("perloptions"));
    }
}
