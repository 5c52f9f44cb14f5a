//! Objects that a pack holds as differences from others: <https://git-scm.com/docs/gitformat-pack#_deltified_representation>.

/// Makes the object that a delta makes of its base, in place of what is in `object`.
///
/// # Errors
/// The delta is damaged, or the object is longer than `limit` bytes.
pub(super) fn apply(
    base: &[u8],
    delta: &[u8],
    (object, limit): (&mut Vec<u8>, u64),
) -> Result<(), &'static str> {
    let (base_len, rest) = size(delta).ok_or(DAMAGED)?;
    let (len, mut rest) = size(rest).ok_or(DAMAGED)?;
    if base_len != base.len() as u64 {
        return Err("a delta does not fit its base");
    }
    if len > limit {
        return Err(super::TOO_LONG);
    }
    let len = usize::try_from(len).map_err(|_| DAMAGED)?;
    object.clear();
    object.reserve(len);
    while let Some((&command, after)) = rest.split_first() {
        let piece = if command & 0x80 == 0 {
            let (piece, after) = after
                .split_at_checked(usize::from(command))
                .ok_or(DAMAGED)?;
            rest = after;
            piece
        } else {
            let (start, after) = number(command & 0xf, 4, after).ok_or(DAMAGED)?;
            let (size, after) = number(command >> 4 & 7, 3, after).ok_or(DAMAGED)?;
            rest = after;
            let size = if size == 0 { 0x1_0000 } else { size };
            base.get(start..start + size).ok_or(DAMAGED)?
        };
        if piece.is_empty() || object.len() + piece.len() > len {
            return Err(DAMAGED);
        }
        object.extend_from_slice(piece);
    }
    if object.len() == len {
        Ok(())
    } else {
        Err(DAMAGED)
    }
}

const DAMAGED: &str = "a delta is damaged";

/// A number in groups of seven bits, least significant first.
pub(super) fn size(data: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, &byte) in data.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &data[at + 1..]));
        }
    }
    None
}

/// A number of which only the bytes that the bits of `present` tell of are written.
fn number(present: u8, bytes: usize, mut data: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for at in 0..bytes {
        if present >> at & 1 == 1 {
            let (&byte, after) = data.split_first()?;
            value |= usize::from(byte) << (8 * at);
            data = after;
        }
    }
    Some((value, data))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, &'static str> {
        let mut object = Vec::new();
        apply(base, delta, (&mut object, 100)).map(|()| object)
    }

    #[test]
    fn copies_and_insertions_make_the_object() {
        let delta = [6, 7, 0x91, 2, 3, 2, b'x', b'y', 0x90, 2];
        assert_eq!(applied(b"abcdef", &delta).unwrap(), b"cdexyab");
        assert!(applied(b"abcde", &delta).is_err());
        assert!(applied(b"abcdef", &delta[..8]).is_err());
        assert_eq!(applied(b"", &[0, 101]), Err(super::super::TOO_LONG));
    }

    proptest! {
        #[test]
        fn any_damage_is_survived(delta in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(object) = applied(b"abcdef", &delta) {
                prop_assert!(object.len() <= 100);
            }
        }
    }
}
