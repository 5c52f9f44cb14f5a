//! The settings of a Spring Boot application.

use crate::site::lex::yaml;

/// A setting with its place.
pub(super) struct Setting {
    /// In lower case and without dashes, as relaxed binding compares names:
    /// <https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding>.
    key: String,
    /// As it is written.
    pub(super) value: String,
    /// Where, from 1.
    pub(super) line: u32,
}

/// The settings of one file.
pub(super) struct Settings(Vec<Setting>);

impl Settings {
    pub(super) fn of(path: &str, text: &str) -> Self {
        if !path.ends_with(".properties") {
            return Self(of_yaml(text));
        }
        let lines = (1..).zip(text.lines());
        let settings = lines.filter_map(|(line, text)| {
            let text = text.trim();
            let is_comment = text.starts_with(['#', '!']);
            let (key, value) = text.split_once(['=', ':']).filter(|_| !is_comment)?;
            Some(Setting {
                key: plain(key.trim()),
                value: value.trim().to_owned(),
                line,
            })
        });
        Self(settings.collect())
    }

    /// The last setting of a name, or of an item of a list of that name.
    pub(super) fn get(&self, key: &str) -> Option<&Setting> {
        let key = plain(key);
        self.0.iter().rev().find(|setting| setting.key == key)
    }
}

fn plain(key: &str) -> String {
    key.chars()
        .filter(|char| *char != '-')
        .collect::<String>()
        .to_ascii_lowercase()
}

/// The items of a list are put together with commas.
fn of_yaml(text: &str) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for leaf in yaml::leaves(text) {
        let parts = leaf
            .path
            .iter()
            .filter(|part| part.parse::<usize>().is_err());
        let key = plain(&parts.cloned().collect::<Vec<_>>().join("."));
        let is_item = leaf.key().parse::<usize>().is_ok();
        match settings
            .last_mut()
            .filter(|last| is_item && last.key == key)
        {
            Some(last) => {
                last.value.push(',');
                last.value.push_str(&leaf.value);
            }
            None => settings.push(Setting {
                key,
                value: leaf.value.clone(),
                line: leaf.line,
            }),
        }
    }
    settings
}
