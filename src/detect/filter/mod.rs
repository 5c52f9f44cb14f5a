//! What is no credential although it looks like one, and how random a value is.
