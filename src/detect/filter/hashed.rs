//! Digests and password hashes: not the secret itself.

/// Prefixes of password hashes, as `crypt` and its successors write them:
/// <https://manpages.debian.org/crypt.5>, <https://passlib.readthedocs.io/en/stable/modular_crypt_format.html>.
const PASSWORD_HASHES: &[&[u8]] = &[
    b"$1$",
    b"$2$",
    b"$2a$",
    b"$2b$",
    b"$2x$",
    b"$2y$",
    b"$5$",
    b"$6$",
    b"$7$",
    b"$y$",
    b"$gy$",
    b"$apr1$",
    b"$argon2",
    b"$pbkdf2",
    b"$scrypt$",
    b"$P$",
    b"$H$",
    b"$S$",
    b"$wp$2",
    b"pbkdf2_sha",
    b"argon2$",
    b"bcrypt$",
    b"bcrypt_sha256$",
    b"scrypt:",
    b"{SSHA",
    b"{SHA",
    b"{CRYPT}",
    b"{BLF-CRYPT}",
    b"SCRAM-SHA-",
];
/// Subresource integrity and the digests of lock files:
/// <https://www.w3.org/TR/SRI/#integrity-metadata-description>.
const NAMED_DIGESTS: &[&[u8]] = &[
    b"sha1-", b"sha256-", b"sha384-", b"sha512-", b"md5:", b"sha1:", b"sha256:", b"sha384:",
    b"sha512:", b"h1:", b"SHA256:",
];
/// Digits of MD5, SHA-1, SHA-256 and SHA-512.
const DIGEST_LENGTHS: [usize; 4] = [32, 40, 64, 128];

/// Whether the value has the form of a digest or a password hash: hexadecimal of 32, 40, 64 or 128 digits
/// (which keys have too), `sha256-…`, `$2y$…` and their like.
pub fn looks_hashed(value: &[u8]) -> bool {
    let starts_with_any =
        |prefixes: &[&[u8]]| prefixes.iter().any(|prefix| value.starts_with(prefix));
    is_hex_digest(value) || starts_with_any(PASSWORD_HASHES) || starts_with_any(NAMED_DIGESTS)
}

fn is_hex_digest(value: &[u8]) -> bool {
    DIGEST_LENGTHS.contains(&value.len()) && value.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_password_hashes() {
        for length in DIGEST_LENGTHS {
            assert!(looks_hashed("a1".repeat(length / 2).as_bytes()));
        }
        for hash in [
            "$2y$10$abc",
            "$argon2id$v=19$m=1",
            "sha512-AbC/d==",
            "pbkdf2_sha256$1$a$b",
            "{SSHA}a",
        ] {
            assert!(looks_hashed(hash.as_bytes()), "{hash}");
        }
    }

    #[test]
    fn other_values() {
        for value in ["", "$ecret", "a1a1", "shared-secret", "$2"] {
            assert!(!looks_hashed(value.as_bytes()), "{value}");
        }
        assert!(!looks_hashed("a1".repeat(17).as_bytes()));
        assert!(!looks_hashed("g1".repeat(16).as_bytes()));
    }
}
