use proptest::prelude::*;

use super::*;

fn grade(value: &str) -> Option<Placeholder> {
    placeholder(value.as_bytes())
}

#[test]
fn what_is_to_be_replaced_is_certain() {
    for value in [
        "",
        "  ",
        "YOUR_API_KEY",
        "PRIVATE_API_KEY",
        "your key please",
        "MAILGUN_API_KEY",
        "<your API key>",
        "your-mailgun-api-key",
        "api-myapikey",
        "key-xxxxxxxxxxxxxxxxxxxx",
        "key-XXXX",
        "key-...",
        "key-your-api-key-here",
        "changeme",
        "null",
        "REDACTED",
        "None",
        "undefined",
        "true",
        "replace-with-your-token",
        "insert_key_here",
        "put your unique phrase here",
        "dummy-token",
        "string",
        "<password>",
        "[PASSWORD]",
        "[redacted]",
        "%DB_PASSWORD%",
        "__DB_PASSWORD__",
        "@db.password@",
        "ChangeMe!",
        "^1.0.2",
        "2.0.0-beta.1",
        ">=12.0.3",
    ] {
        assert_eq!(grade(value), Some(Placeholder::Certain), "{value}");
    }
}

#[test]
fn references_are_certain() {
    for value in [
        "${MG}",
        "$(MG)",
        "%env(VAR)%",
        "{{ var }}",
        "<%= key %>",
        "ENC[AES256,abc]",
        "op://vault/item/key",
        "vault:secret/data/mail#key",
        "arn:aws:secretsmanager:eu-1:1:secret:x",
        "projects/p/secrets/s/versions/1",
        "@Microsoft.KeyVault(SecretUri=x)",
        "process.env.X",
        "os.environ['X']",
        "env('X')",
        "System.get_env(\"X\")",
        "$DB_PASSWORD",
        "$config->password",
        "$env['x']",
        "#{password}",
        "%(password)s",
        "getPassword()",
        "user->password",
        "Config::KEY",
        ":password",
        "this.password",
        "smtp://${USER}:${PASS}@host",
    ] {
        assert_eq!(grade(value), Some(Placeholder::Certain), "{value}");
    }
}

#[test]
fn masks_repeats_and_sequences_are_certain() {
    for value in [
        "****",
        "abcd****",
        "••••••••",
        "key-ab…",
        "xxxxxxxx",
        "000000000000",
        "1234567890abcdef",
        "abcdefghijklmnop",
        "0123456789abcdef0123456789abcdef",
        "deadbeefdeadbeef",
        "a1b2c3d4e5f6g7h8",
        "--------",
        "???",
        "00000000-0000-0000-0000-000000000000",
        "abcabcabcabc",
        "9876543210987654",
    ] {
        assert_eq!(grade(value), Some(Placeholder::Certain), "{value}");
    }
}

#[test]
fn blanks_after_a_prefix_are_certain() {
    for (prefix, unit, count) in [
        ("sk_test_", "x", 24),
        ("key-", "1234", 8),
        ("AKIA", "X", 16),
    ] {
        let value = format!("{prefix}{}", unit.repeat(count));
        assert_eq!(grade(&value), Some(Placeholder::Certain), "{value}");
    }
}

#[test]
fn what_a_field_has_to_be_is_certain() {
    for value in [
        "required|min:8",
        "nullable|string",
        "trim|required|min_length[8]",
    ] {
        assert_eq!(grade(value), Some(Placeholder::Certain), "{value}");
    }
    for value in ["Xk3|q9Zt", "a|b", "required-X9|k2"] {
        assert_ne!(grade(value), Some(Placeholder::Certain), "{value}");
    }
}

#[test]
fn other_things_are_certain() {
    for value in [
        "https://example.org/login",
        "/etc/ssl/private",
        "./keys/private",
        "C:\\keys\\a",
        "secret.json",
        "server.key",
        "#a1b2c3",
        "application/json",
        "%s",
        "Hello {0}",
        "25",
        "/run/secrets/db",
        "VARCHAR(191) NOT NULL",
        "char (32)",
    ] {
        assert_eq!(grade(value), Some(Placeholder::Certain), "{value}");
    }
}

#[test]
fn weak_passwords_and_words_are_likely() {
    for value in [
        "password",
        "Passw0rd!",
        "s3cret",
        "root",
        "toor",
        "admin123",
        "123456",
        "12345678",
        "111111",
        "letmein",
        "hunter2",
        "secret",
        "newPassword",
        "my-secret-token",
        "auth.password",
        "2024-01-31",
        "me@mail.org",
        "correct horse battery staple",
        "Please enter a password",
        "test",
        "P@ssw0rd",
        "user_password",
        "dbpass",
        "DbPassword",
        "mysqlpwd",
        "qwerty",
        "billing_address",
        "homestead",
        "123",
        "default",
        "foobar",
        "Bearer",
    ] {
        assert_eq!(grade(value), Some(Placeholder::Likely), "{value}");
    }
}

#[test]
fn credentials_are_neither() {
    for value in [
        "x7Kq2ZpR",
        "kD9$fj2!Qm",
        "9f86d081884c7d659a2feaa0c55ad015",
        "T4r!ng-8vQe",
        "$ecretf0rt3st9",
        "aXk3_9dLw-Q72pZmN",
        "Gq7zTn2LrY5wKcXp9vBdHs4J",
        "smtp://me:kD9fj2Qm@host",
        "Sommer1987xK",
        "83920175664018273",
    ] {
        assert_eq!(grade(value), None, "{value}");
    }
    let with_a_name = format!("example-{}", "x7Kq2ZpRkD9fj2QmLw4T");
    assert_eq!(grade(&with_a_name), None);
}

proptest! {
    #[test]
    fn random_keys_are_neither(value in "[A-Za-z0-9]{32}") {
        prop_assume!(super::super::randomness(value.as_bytes()) > 1.5);
        prop_assert_eq!(grade(&value), None);
    }

    #[test]
    fn random_digests_are_neither(value in "[0-9a-f]{32}") {
        prop_assume!(super::super::randomness(value.as_bytes()) > 1.5);
        prop_assert_eq!(grade(&value), None);
    }

    #[test]
    fn any_bytes_are_survived(value in prop::collection::vec(any::<u8>(), 0..300)) {
        placeholder(&value);
    }

    #[test]
    fn any_symbols_are_survived(value in r"[-$%@#<>{}()\[\]_.:/\\*xX1a ]{0,12}") {
        placeholder(value.as_bytes());
    }
}
