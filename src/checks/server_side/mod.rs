//! Frameworks of other languages: Django, Flask, Rails, Spring, ASP.NET, Go; and answers that hold the environment.

pub(super) mod aspnet;
pub(super) mod developed;
pub(super) mod django_debug;
pub(super) mod django_key;
pub(super) mod environment;
pub(super) mod flask;
pub(super) mod go;
pub(super) mod rails;
pub(super) mod spring;
pub(super) mod spring_open;
mod spring_settings;
