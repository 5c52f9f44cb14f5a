//! Yii with debugging on.

use crate::checks::cms::setting::judge;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::php::{Kind, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "yii-debug",
    code: "YII-001",
    title: "Yii's debugger or its code generator is open",
    description: "With YII_DEBUG the error pages show variables of requests and of the server. Where the debug or the \
                  gii module let in every address, everybody reads requests, configuration and mail, or writes code.",
    severity: Severity::High,
    cwe: &[489, 215],
    fix: "Define YII_DEBUG as false and YII_ENV as prod where the application runs; allow no addresses but your own.",
    references: &[
        "https://www.yiiframework.com/doc/guide/2.0/en/tutorial-shared-hosting",
        "https://www.yiiframework.com/extension/yiisoft/yii2-debug/doc/guide/2.1/en/installation",
    ],
    wants: &[
        Want::text("index.php", "yii_debug"),
        Want::text(".php", "allowedips"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .holding("index.php", "yii_debug")
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let mut defines = script.defines().filter(|define| define.name == "YII_DEBUG");
        let is_on = |value: std::ops::Range<usize>| {
            script.literal(value).is_some_and(|value| value.is_true())
        };
        if let Some(define) = defines.find(|define| is_on(define.value.clone())) {
            let exposure =
                found.report(path, "YII_DEBUG is on in the script that answers requests.");
            exposure.at_line(define.line).severe(Severity::Medium);
            judge(context, exposure, path);
        }
    }
    for path in context
        .index
        .holding(".php", "allowedips")
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        if let Some(line) = open_to_all(&script) {
            let exposure = found.report(
                path,
                "The debugger or the code generator lets in every address.",
            );
            exposure.at_line(line).sure(Confidence::Medium);
        }
    }
}

/// `'allowedIPs' => ['*']`; `['127.0.0.1', '*']` too.
fn open_to_all(script: &Script<'_>) -> Option<u32> {
    let has_module = [
        "yii\\debug\\Module",
        "yii\\gii\\Module",
        "yii\\debug\\Module::class",
        "yii\\gii\\Module::class",
    ];
    let named = (0..script.tokens().len()).any(|at| {
        let written = script
            .written(at)
            .trim_matches(['"', '\''])
            .trim_start_matches('\\')
            .replace("\\\\", "\\");
        matches!(script.tokens()[at].kind, Kind::Text | Kind::Name)
            && has_module.contains(&written.as_str())
    });
    if !named {
        return None;
    }
    let mut entries = script.entries().filter(|entry| entry.key == "allowedIPs");
    let is_all = |at: usize| {
        let literal = script.literal(at..at + 1);
        literal.is_some_and(|literal| matches!(literal.as_text(), Some("*" | "0.0.0.0/0" | "::/0")))
    };
    entries
        .find(|entry| entry.value.clone().any(is_all))
        .map(|entry| entry.line)
}
