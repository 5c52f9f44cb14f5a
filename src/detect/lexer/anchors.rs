//! The words at which names of credentials are looked for.

/// Literals of three bytes or more, in lower case and to be compared without regard to ASCII case, one of
/// which stands in or right before every name that the built-in rules know.
///
/// `key` and `auth` alone stand in every second line of program source, so they are here only as parts of
/// the names and in the notations in which credentials have them.
pub const ANCHORS: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "_key",
    "-key",
    ".key",
    "'key'",
    "\"key\"",
    "\"key\\\"",
    " key=",
    " key: ",
    "<key>",
    "accesskey",
    "authkey",
    "privatekey",
    "secretkey",
    "signingkey",
    "masterkey",
    "appkey",
    "salt",
    "authorization",
    "auth_",
    "basic_auth",
    "credential",
    "dsn",
    "signing",
    "identified",
    "requirepass",
    "masterauth",
    "mysql -",
    "mysqldump -",
    "mysqladmin -",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_in_the_form_that_the_prefilter_takes() {
        for anchor in ANCHORS {
            assert!(anchor.len() >= 3, "{anchor}");
            assert_eq!(*anchor, anchor.to_ascii_lowercase());
        }
    }

    #[test]
    fn common_names_hold_an_anchor() {
        for name in [
            "MAILGUN_SECRET",
            "APP_KEY",
            "SECRET_KEY_BASE",
            "AUTH_KEY",
            "LOGGED_IN_SALT",
            "SMTP_PASS",
            "smtp_pwd",
            "mail_pass",
            "mailserver_pass",
            "AWS_SECRET_ACCESS_KEY",
            "accessKeyId",
            "client_secret",
            "apiKey",
            "api.key",
            "X-Api-Key",
            "'key'",
            "MAILER_DSN",
            "privateKey",
            "passwd",
            "oauth_token",
            "Authorization",
        ] {
            let name = name.to_ascii_lowercase();
            assert!(ANCHORS.iter().any(|anchor| name.contains(anchor)), "{name}");
        }
    }
}
