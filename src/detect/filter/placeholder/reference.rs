//! Values that say where the credential is to be had, instead of being it.

use memchr::memmem;

use super::super::alphabet::Profile;

/// What encloses an expression anywhere in a value.
const TEMPLATES: &[([u8; 2], &[u8])] = &[
    (*b"${", b"}"),
    (*b"$(", b")"),
    (*b"{{", b"}}"),
    (*b"{%", b"%}"),
    (*b"<%", b"%>"),
    (*b"<?", b"?>"),
    (*b"#{", b"}"),
    (*b"%{", b"}"),
    (*b"%(", b")s"),
    (*b"@{", b"}"),
    (*b"[[", b"]]"),
];

/// What encloses a whole value that is a name or a few words.
const ENCLOSURES: &[(&[u8], &[u8])] = &[
    (b"<", b">"),
    (b"[", b"]"),
    (b"{", b"}"),
    (b"%", b"%"),
    (b"__", b"__"),
    (b"@@", b"@@"),
    (b"@", b"@"),
    (b"#", b"#"),
    (b"(", b")"),
];

/// Secret stores, encrypted values, and expressions of programming languages.
const PREFIXES: &[&[u8]] = &[
    b"op://",
    b"{cipher}",
    b"vault:",
    b"vault://",
    b"secret://",
    b"ssm:",
    b"ssm://",
    b"awssm://",
    b"gcpsm://",
    b"akv://",
    b"ref+",
    b"arn:aws:secretsmanager",
    b"arn:aws:ssm",
    b"aws-sm:",
    b"gcp-sm:",
    b"azurekeyvault:",
    b"keyring:",
    b"doppler://",
    b"bws://",
    b"keeper://",
    b"file://",
    b"file:",
    b"env:",
    b"env(",
    b"env.",
    b"enc:",
    b"ENC(",
    b"ENC[",
    b"sops:",
    b"$ANSIBLE_VAULT",
    b"!vault",
    b"@Microsoft.KeyVault(",
    b"AQICAH",
    b"ansible-vault",
    b"process.env",
    b"import.meta.env",
    b"os.environ",
    b"os.getenv",
    b"System.getenv",
    b"System.get_env",
    b"Deno.env",
    b"Bun.env",
    b"std::env",
    b"getenv(",
    b"ENV[",
    b"ENV.fetch",
    b"$_ENV",
    b"$_SERVER",
    b"config(",
    b"settings.",
    b"secrets.",
    b"var.",
    b"local.",
    b"data.",
    b"module.",
    b"self.",
    b"this.",
    b"Rails.application",
    b"Environment.GetEnvironmentVariable",
    b"Configuration[",
    b"params[",
    b"request.",
    b"req.",
    b"args.",
    b"lookup(",
    b"hiera(",
    b"Sensitive(",
    b"valueFrom",
    b"$env:",
    b"options.",
    b"props.",
    b"input.",
];

pub(super) fn is_reference(value: &[u8], profile: &Profile) -> bool {
    let has_bracket =
        profile.has(b'{') || profile.has(b'(') || profile.has(b'[') || profile.has(b'<');
    profile.others > 0
        && (has_telling_prefix(value)
            || has_bracket && (is_template(value) || is_call(value))
            || is_enclosed(value)
            || is_variable(value)
            || is_member(value, profile)
            || is_secret_path(value))
}

fn has_telling_prefix(value: &[u8]) -> bool {
    PREFIXES
        .iter()
        .any(|prefix| value.first() == prefix.first() && value.starts_with(prefix))
}

fn is_template(value: &[u8]) -> bool {
    value.windows(2).enumerate().any(|(at, pair)| {
        TEMPLATES
            .iter()
            .find(|(open, _)| *open == pair)
            .is_some_and(|(_, close)| memmem::find(&value[at + 2..], close).is_some())
    })
}

fn is_enclosed(value: &[u8]) -> bool {
    ENCLOSURES.iter().any(|(open, close)| {
        let inside = value
            .strip_prefix(*open)
            .and_then(|rest| rest.strip_suffix(*close));
        inside.is_some_and(|inside| {
            !inside.is_empty() && inside.iter().all(|&byte| is_descriptive(byte))
        })
    })
}

/// What names and descriptions are made of, in any script.
fn is_descriptive(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || b" _-.:,/|'()".contains(&byte)
}

/// `$DB_PASSWORD`, `$config->key`, `$env['x']`, `:password`: a shell, PHP or SQL variable. `$ecret` is
/// none.
fn is_variable(value: &[u8]) -> bool {
    match value {
        [b'$', name @ ..] => is_constant_name(name) || is_expression(name),
        [b':', name @ ..] => name.len() > 2 && name.iter().all(|&byte| is_word_byte(byte)),
        _ => false,
    }
}

fn is_constant_name(name: &[u8]) -> bool {
    name.len() > 2
        && !name[0].is_ascii_digit()
        && name
            .iter()
            .all(|&byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_expression(name: &[u8]) -> bool {
    let len = name.iter().take_while(|&&byte| is_word_byte(byte)).count();
    len > 0
        && matches!(
            name[len..],
            [b'-', b'>', ..] | [b'[', ..] | [b':', b':', ..]
        )
}

/// `getSecret()`, `config('mail.password')`.
fn is_call(value: &[u8]) -> bool {
    let name_len = value
        .iter()
        .take_while(|&&byte| {
            is_word_byte(byte) || matches!(byte, b'.' | b':' | b'>' | b'-' | b'\\')
        })
        .count();
    name_len > 1
        && matches!(value[name_len..], [b'(', ..])
        && matches!(value, [.., b')'] | [.., b')', b';'])
}

/// `user->password`, `Config::KEY`.
fn is_member(value: &[u8], profile: &Profile) -> bool {
    if !profile.has(b'>') && !profile.has(b':') {
        return false;
    }
    let is_name = |name: &[u8]| {
        name.len() > 1 && name.iter().all(|&byte| is_word_byte(byte) || byte == b'\\')
    };
    [&b"->"[..], b"::"].iter().any(|operator| {
        memmem::find(value, operator)
            .is_some_and(|at| is_name(&value[..at]) && is_name(&value[at + operator.len()..]))
    })
}

/// `projects/acme/secrets/mail/versions/latest`, as Google's Secret Manager names its secrets.
fn is_secret_path(value: &[u8]) -> bool {
    value.starts_with(b"projects/") && memmem::find(value, b"/secrets/").is_some()
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
