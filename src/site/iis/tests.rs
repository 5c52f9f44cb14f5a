use crate::input::Memory;
use crate::site::{Request, Server as _};

use super::Iis;

fn site(configs: &[(&str, &str)]) -> (Iis, Memory) {
    const FILES: &[&str] = &[
        "/.env",
        "/.git/config",
        "/index.php",
        "/index.html",
        "/a.txt",
        "/dump.sql",
        "/noext",
        "/bin/a.txt",
        "/code.cs",
        "/public/index.php",
        "/public/b.txt",
        "/public/.env",
        "/sub/c.txt",
        "/sub/d.json",
        "/wwwroot/site.css",
        "/wwwroot/.env",
    ];
    let mut files: Memory = FILES.iter().map(|name| (*name, "x")).collect();
    let mut names = Vec::new();
    for (name, text) in configs {
        let text = format!("<?xml version=\"1.0\"?><configuration>{text}</configuration>");
        files.add(*name, text);
        if name.ends_with("web.config") {
            names.push((*name).to_owned());
        }
    }
    (Iis::load("/", &names, &files), files)
}

fn ask(configs: &[(&str, &str)], targets: &[&str]) -> Vec<&'static str> {
    let (iis, files) = site(configs);
    let word = |target: &&str| iis.answer(0, &Request::of(target), &files).verdict.word();
    targets.iter().map(word).collect()
}

fn server(text: &str) -> String {
    format!("<system.webServer>{text}</system.webServer>")
}

fn one(text: &str, targets: &[&str]) -> Vec<&'static str> {
    ask(&[("/web.config", &server(text))], targets)
}

#[test]
fn by_default_files_without_a_type_are_not_sent() {
    let targets = [
        "/a.txt",
        "/.env",
        "/dump.sql",
        "/noext",
        "/index.php",
        "/",
        "/bin/a.txt",
        "/code.cs",
        "/web.config",
        "/sub/",
        "/nothing.txt",
        "/A.TXT",
    ];
    assert_eq!(
        one("", &targets),
        [
            "served",
            "denied",
            "denied",
            "denied",
            "executed",
            "served",
            "denied",
            "denied",
            "denied",
            "denied",
            "not-mapped",
            "not-mapped",
        ]
    );
}

#[test]
fn types_that_are_added_let_files_out() {
    let targets = ["/.env", "/noext", "/dump.sql", "/.git/config"];
    let map = |extension: &str| {
        let map = format!(
            "<staticContent><mimeMap fileExtension=\"{extension}\" mimeType=\"a/b\"/></staticContent>"
        );
        one(&map, &targets)
    };
    assert_eq!(map(".ENV"), ["served", "denied", "denied", "denied"]);
    assert_eq!(map("."), ["denied", "served", "denied", "served"]);
    assert_eq!(map(".*"), ["served"; 4]);
    let gone = "<staticContent><remove fileExtension=\".txt\"/></staticContent>";
    assert_eq!(one(gone, &["/a.txt", "/index.html"]), ["denied", "served"]);
}

#[test]
fn request_filtering_goes_first() {
    let all = "<staticContent><mimeMap fileExtension=\".*\" mimeType=\"a/b\"/></staticContent>";
    let with = |filtering: &str, targets: &[&str]| {
        let text =
            format!("{all}<security><requestFiltering>{filtering}</requestFiltering></security>");
        one(&text, targets)
    };
    let hidden = "<hiddenSegments><add segment=\".git\"/><add segment=\".env\"/></hiddenSegments>";
    assert_eq!(
        with(
            hidden,
            &[
                "/.git/config",
                "/.env",
                "/%2eenv",
                "/public/.ENV",
                "/dump.sql"
            ]
        ),
        ["denied", "denied", "denied", "denied", "served"]
    );
    let open = "<hiddenSegments><remove segment=\"bin\"/></hiddenSegments>\
                <fileExtensions><remove fileExtension=\".cs\"/></fileExtensions>";
    assert_eq!(
        with(open, &["/bin/a.txt", "/code.cs"]),
        ["served", "served"]
    );
    let listed = "<fileExtensions allowUnlisted=\"false\"><add fileExtension=\".txt\" allowed=\"true\"/>\
                  <add fileExtension=\".\" allowed=\"true\"/></fileExtensions>";
    assert_eq!(
        with(listed, &["/a.txt", "/noext", "/dump.sql"]),
        ["served", "served", "denied"]
    );
    let sequence = "<denyUrlSequences><add sequence=\".env\"/></denyUrlSequences>";
    assert_eq!(
        with(sequence, &["/.env", "/public/.env", "/a.txt"]),
        ["denied", "denied", "served"]
    );
    let rule = "<filteringRules><filteringRule name=\"x\" scanUrl=\"true\"><denyStrings>\
                <add string=\"dump\"/></denyStrings></filteringRule></filteringRules>";
    assert_eq!(with(rule, &["/dump.sql", "/.env"]), ["denied", "served"]);
    assert_eq!(with("", &["/%252eenv"]), ["denied"]);
}

#[test]
fn directories_and_locations_add_to_what_is_above() {
    let root = "<location path=\"sub\"><system.webServer><staticContent>\
                <remove fileExtension=\".txt\"/></staticContent></system.webServer></location>\
                <location path=\"public/b.txt\"><system.webServer><security><authorization>\
                <add accessType=\"Deny\" users=\"?\"/></authorization></security></system.webServer></location>";
    let sub = server("<staticContent><remove fileExtension=\".json\"/></staticContent>");
    let configs = [("/web.config", root), ("/sub/web.config", sub.as_str())];
    assert_eq!(
        ask(
            &configs,
            &["/sub/c.txt", "/sub/d.json", "/a.txt", "/public/b.txt"]
        ),
        ["denied", "denied", "served", "denied"]
    );
}

#[test]
fn rules_of_aspnet_are_for_what_it_handles() {
    let deny = "<system.web><authorization><deny users=\"?\"/></authorization></system.web>";
    let always = "<system.webServer><modules runAllManagedModulesForAllRequests=\"true\"/></system.webServer>";
    assert_eq!(ask(&[("/web.config", deny)], &["/a.txt"]), ["served"]);
    let both = format!("{deny}{always}");
    assert_eq!(ask(&[("/web.config", &both)], &["/a.txt"]), ["denied"]);
    let own = "<security><authorization><remove users=\"*\" roles=\"\" verbs=\"\"/>\
               <add accessType=\"Allow\" roles=\"Staff\"/></authorization></security>";
    assert_eq!(one(own, &["/a.txt"]), ["denied"]);
}

fn rules(rules: &str) -> String {
    format!("<rewrite><rules>{rules}</rules></rewrite>")
}

const FRONT: &str = "<rule name=\"front\" stopProcessing=\"true\"><match url=\"^\" ignoreCase=\"false\"/>\
    <conditions><add input=\"{REQUEST_FILENAME}\" matchType=\"IsDirectory\" negate=\"true\"/>\
    <add input=\"{REQUEST_FILENAME}\" matchType=\"IsFile\" negate=\"true\"/></conditions>\
    <action type=\"Rewrite\" url=\"index.php\"/></rule>";

/// The front controller that Laravel and WordPress have in their `web.config`.
#[test]
fn a_front_controller_takes_what_is_no_file() {
    let (iis, files) = site(&[("/web.config", &server(&rules(FRONT)))]);
    let answer = iis.answer(0, &Request::of("/some/page"), &files);
    assert_eq!(answer.verdict.word(), "executed");
    assert_eq!(answer.file.as_deref(), Some("/index.php"));
    assert_eq!(
        one(&rules(FRONT), &["/a.txt", "/.env"]),
        ["served", "denied"]
    );
}

#[test]
fn rules_lead_to_the_directory_for_the_public() {
    let to_public = "<rule name=\"p\"><match url=\"(.*)\"/><action type=\"Rewrite\" url=\"public/{R:1}\"/></rule>";
    let targets = ["/a.txt", "/b.txt", "/public/b.txt"];
    assert_eq!(
        one(&rules(to_public), &targets),
        ["not-mapped", "served", "not-mapped"]
    );
    let trap = "<rule name=\"p\"><match url=\"(.*)\"/><conditions><add input=\"{REQUEST_FILENAME}\" \
                matchType=\"IsFile\" negate=\"true\"/></conditions>\
                <action type=\"Rewrite\" url=\"public/{R:1}\"/></rule>";
    assert_eq!(one(&rules(trap), &targets), ["served", "served", "served"]);
    let (iis, _) = site(&[("/web.config", &server(&rules(trap)))]);
    assert_eq!(iis.targets(0, "/public/b.txt"), ["/b.txt", "/public/b.txt"]);
}

#[test]
fn rules_refuse_and_redirect() {
    let rule = |action: &str| {
        rules(&format!(
            "<rule name=\"r\"><match url=\"\\.(txt|json)$\"/><action {action}/></rule>"
        ))
    };
    let targets = ["/a.txt", "/index.html"];
    for (action, expected) in [
        ("type=\"CustomResponse\" statusCode=\"403\"", "denied"),
        ("type=\"AbortRequest\"", "denied"),
        ("type=\"Redirect\" url=\"/\"", "not-mapped"),
        (
            "type=\"Rewrite\" url=\"http://127.0.0.1:3000/{R:0}\"",
            "not-mapped",
        ),
        ("type=\"Rewrite\" url=\"{SOMETHING}\"", "unknown"),
        ("type=\"Rewrite\" url=\"sub/c.txt\"", "served"),
        ("type=\"None\"", "served"),
    ] {
        assert_eq!(
            one(&rule(action), &targets),
            [expected, "served"],
            "{action}"
        );
    }
    let off = "<rule name=\"r\" enabled=\"false\"><match url=\".*\"/><action type=\"AbortRequest\"/></rule>";
    assert_eq!(one(&rules(off), &targets), ["served", "served"]);
}

#[test]
fn a_redirect_to_https_hides_nothing() {
    let rule = "<rule name=\"s\" stopProcessing=\"true\"><match url=\"(.*)\"/><conditions>\
                <add input=\"{HTTPS}\" pattern=\"^OFF$\"/></conditions>\
                <action type=\"Redirect\" url=\"https://{HTTP_HOST}/{R:1}\"/></rule>";
    assert_eq!(one(&rules(rule), &["/a.txt"]), ["served"]);
    let unsure = "<rule name=\"s\"><match url=\"(.*)\"/><conditions>\
                  <add input=\"{REMOTE_ADDR}\" pattern=\"^10\\.\" negate=\"true\"/></conditions>\
                  <action type=\"AbortRequest\"/></rule>";
    assert_eq!(one(&rules(unsure), &["/a.txt"]), ["unknown"]);
}

#[test]
fn maps_and_conditions_are_evaluated() {
    let text = "<rewrite><rewriteMaps><rewriteMap name=\"M\" defaultValue=\"no\"><add key=\"/a.txt\" value=\"yes\"/>\
                </rewriteMap></rewriteMaps><rules><rule name=\"m\"><match url=\".*\"/><conditions>\
                <add input=\"{M:{REQUEST_URI}}\" pattern=\"^yes$\"/></conditions>\
                <action type=\"AbortRequest\"/></rule></rules></rewrite>";
    assert_eq!(one(text, &["/a.txt", "/index.html"]), ["denied", "served"]);
    let any = "<rule name=\"m\"><match url=\".*\"/><conditions logicalGrouping=\"MatchAny\">\
               <add input=\"{URL}\" pattern=\"a\\.txt\"/><add input=\"{QUERY_STRING}\" pattern=\"x=1\"/></conditions>\
               <action type=\"AbortRequest\"/></rule>";
    let targets = ["/a.txt", "/index.html", "/index.html?x=1"];
    assert_eq!(one(&rules(any), &targets), ["denied", "served", "denied"]);
}

#[test]
fn rules_of_a_directory_are_relative_to_it_and_may_stand_elsewhere() {
    let sub = server(&rules(
        "<rule name=\"x\"><match url=\"^c\\.txt$\"/><action type=\"AbortRequest\"/></rule>",
    ));
    let configs = [("/web.config", ""), ("/sub/web.config", sub.as_str())];
    assert_eq!(
        ask(&configs, &["/sub/c.txt", "/sub/d.json"]),
        ["denied", "served"]
    );
    let source = server("<rewrite><rules configSource=\"rules.config\"/></rewrite>");
    assert_eq!(ask(&[("/web.config", &source)], &["/a.txt"]), ["unknown"]);
    let (_, mut files) = site(&[("/web.config", &source)]);
    files.add(
        "/rules.config",
        "<rules><rule name=\"x\"><match url=\"a\"/><action type=\"AbortRequest\"/></rule></rules>",
    );
    let iis = Iis::load("/", &["/web.config".to_owned()], &files);
    let answer = iis.answer(0, &Request::of("/a.txt"), &files);
    assert_eq!(answer.verdict.word(), "denied");
    assert_eq!(answer.because[1].file.as_deref(), Some("/rules.config"));
}

#[test]
fn an_application_may_take_everything() {
    let core = server(
        "<handlers><add name=\"aspNetCore\" path=\"*\" verb=\"*\" modules=\"AspNetCoreModuleV2\"/></handlers>",
    );
    let location =
        format!("<location path=\".\" inheritInChildApplications=\"false\">{core}</location>");
    let (iis, files) = site(&[("/web.config", &location)]);
    let ask = |target: &str| iis.answer(0, &Request::of(target), &files);
    assert_eq!(ask("/a.txt").verdict.word(), "not-mapped");
    assert_eq!(ask("/.env").verdict.word(), "not-mapped");
    assert_eq!(ask("/site.css").verdict.word(), "served");
    assert_eq!(ask("/site.css").file.as_deref(), Some("/wwwroot/site.css"));
    let node = "<handlers><add name=\"node\" path=\"server.js\" verb=\"*\" modules=\"iisnode\"/></handlers>";
    assert_eq!(one(node, &["/a.txt"]), ["served"]);
    let python = "<handlers><add name=\"py\" path=\"*\" verb=\"*\" modules=\"httpPlatformHandler\"/></handlers>";
    assert_eq!(one(python, &["/a.txt"]), ["not-mapped"]);
    let every = "<handlers><add name=\"x\" path=\"*\" verb=\"*\" type=\"System.Web.StaticFileHandler\"/></handlers>";
    assert_eq!(one(every, &["/dump.sql"]), ["served"]);
    let none = "<handlers><clear/></handlers>";
    assert_eq!(one(none, &["/a.txt"]), ["denied"]);
}

#[test]
fn lists_documents_and_broken_files() {
    let browse = "<directoryBrowse enabled=\"true\"/>";
    let (iis, files) = site(&[("/web.config", &server(browse))]);
    assert!(iis.answer(0, &Request::of("/sub/"), &files).is_listing);
    let document =
        "<defaultDocument><files><clear/><add value=\"a.txt\"/></files></defaultDocument>";
    let (iis, files) = site(&[("/web.config", &server(document))]);
    let answer = iis.answer(0, &Request::of("/"), &files);
    assert_eq!(answer.file.as_deref(), Some("/a.txt"));
    assert_eq!(
        ask(&[("/sub/web.config", "<a>")], &["/sub/c.txt", "/a.txt"]),
        ["unknown", "served"]
    );
}
