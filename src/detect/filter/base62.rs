//! The check digits of tokens that carry a CRC-32.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits of a 32-bit number in base 62, leading zeros included.
pub(super) const LEN: usize = 6;
/// CRC-32 as in zlib and PNG, reflected: <https://www.rfc-editor.org/rfc/rfc1952#section-8>.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The CRC-32 of some bytes in base 62: digits, upper case, lower case, as GitHub writes it
/// (<https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>).
pub(super) fn check_digits(bytes: &[u8]) -> [u8; LEN] {
    let mut rest = crc32(bytes) as usize;
    let mut digits = [b'0'; LEN];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % ALPHABET.len()];
        rest /= ALPHABET.len();
    }
    digits
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { POLYNOMIAL } else { 0 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_algorithm() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn digits_read_back_as_the_number() {
        let number = check_digits(b"123456789")
            .iter()
            .fold(0_u64, |number, digit| {
                number * 62 + ALPHABET.iter().position(|other| other == digit).unwrap() as u64
            });
        assert_eq!(number, 0xcbf4_3926);
        assert_eq!(&check_digits(b""), b"000000");
    }
}
