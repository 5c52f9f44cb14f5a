//! Parts of a rule that a scan does not need: those of the binary's own rules are read when someone asks for them.

use std::ops::{Deref, Range};
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::texts::TEXTS;

/// A value that was read from a file, or the place of one in [`TEXTS`]. In TOML and JSON it is written as the value
/// itself, in binary as its place.
#[derive(Debug, Clone)]
pub struct Packed<T> {
    place: Option<Range<u32>>,
    value: OnceLock<T>,
}

impl<T> From<T> for Packed<T> {
    fn from(value: T) -> Self {
        Self {
            place: None,
            value: OnceLock::from(value),
        }
    }
}

impl<T: Serialize> Packed<T> {
    /// Moves the value, if it has been read, to the end of what is to become [`TEXTS`].
    ///
    /// # Errors
    /// It cannot be written, or there is too much.
    pub fn pack(&mut self, texts: &mut Vec<u8>) -> postcard::Result<()> {
        let end = |texts: &Vec<u8>| {
            u32::try_from(texts.len()).map_err(|_| postcard::Error::SerializeBufferFull)
        };
        if let Some(value) = self.value.take() {
            let start = end(texts)?;
            texts.extend(postcard::to_stdvec(&value)?);
            self.place = Some(start..end(texts)?);
        }
        Ok(())
    }
}

impl<T: DeserializeOwned> Deref for Packed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| {
            let place = self.place.clone().unwrap_or_default();
            let bytes = TEXTS.get(place.start as usize..place.end as usize);
            postcard::from_bytes(bytes.unwrap_or_default())
                .expect("the build script wrote the texts by the same model")
        })
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return (**self).serialize(serializer);
        }
        match &self.place {
            Some(place) => place.serialize(serializer),
            None => Err(S::Error::custom("it was not packed")),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return T::deserialize(deserializer).map(Self::from);
        }
        Ok(Self {
            place: Some(Range::deserialize(deserializer)?),
            value: OnceLock::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_and_places_are_kept() {
        let mut value = Packed::from(vec!["a".to_owned(), "ä".to_owned()]);
        assert_eq!(serde_json::to_string(&value).unwrap(), r#"["a","ä"]"#);
        let read: Packed<Vec<String>> = serde_json::from_str(r#"["a","ä"]"#).unwrap();
        assert_eq!(*read, *value);
        assert!(postcard::to_stdvec(&value).is_err());
        let mut texts = vec![0; 300];
        value.pack(&mut texts).unwrap();
        let places = texts.len();
        assert_eq!(value.place, Some(300..u32::try_from(places).unwrap()));
        let binary = postcard::to_stdvec(&value).unwrap();
        let read: Packed<Vec<String>> = postcard::from_bytes(&binary).unwrap();
        assert_eq!(read.place, value.place);
        let packed: Vec<String> = postcard::from_bytes(&texts[300..]).unwrap();
        assert_eq!(packed, ["a", "ä"]);
    }
}
