//! What an expression comes to.

use super::place::Place;

/// A longer text is none.
const MAX_TEXT: usize = 1 << 16;

/// A text, or a path that starts somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Place(Place),
}

impl Value {
    /// As functions that take a path take it.
    pub(super) fn place(self) -> Option<Place> {
        match self {
            Self::Text(text) => Place::of_text(&text),
            Self::Place(place) => Some(place),
        }
    }

    /// As `+` and templates put them together.
    pub(super) fn append(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Text(first), Self::Text(next)) if first.len() + next.len() <= MAX_TEXT => {
                Some(Self::Text(first + &next))
            }
            (Self::Place(place), Self::Text(next)) => Some(Self::Place(place.join(&next)?)),
            (Self::Text(first), place @ Self::Place(_)) if first.is_empty() => Some(place),
            _ => None,
        }
    }
}
