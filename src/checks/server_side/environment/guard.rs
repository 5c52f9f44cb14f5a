//! Whether something near keeps strangers from an answer.

/// So many lines before are looked at.
const NEAR: usize = 40;

/// What asks who it is, or where one is, in small letters.
const WORDS: &[&str] = &[
    "login_required",
    "permission",
    "authoriz",
    "authentic",
    "require_auth",
    "requireauth",
    "requirelogin",
    "before_action",
    "basicauth",
    "basic_auth",
    "is_staff",
    "staff_member",
    "superuser",
    "is_admin",
    "isadmin",
    "hasrole",
    "depends(",
    "security(",
    "jwt",
    "isdevelopment(",
    "settings.debug",
    "app.debug",
    "rails.env.",
    "127.0.0.1",
];

/// Whether a line, from 1, is guarded by itself or by what stands before it.
pub(super) fn is_guarded(text: &str, line: u32) -> bool {
    let line = line as usize;
    let lines = text.lines().take(line).skip(line.saturating_sub(NEAR));
    lines.into_iter().any(|line| {
        let lower = line.to_ascii_lowercase();
        let is_import = ["import ", "from ", "using ", "require "]
            .iter()
            .any(|start| lower.trim_start().starts_with(start));
        !is_import && WORDS.iter().any(|word| lower.contains(word))
    })
}
