//! The user information of URLs.

use std::ops::Range;

use crate::rules::model::UrlPart;

use super::Pass;
use crate::detect::beside;
use crate::detect::lexer::{self, UserInfo};

/// What documentation writes where a URL has a password.
const SAMPLE_PASSWORDS: [&[u8]; 5] = [b"password", b"pass", b"passwd", b"pwd", b"secret"];

impl Pass<'_> {
    pub(super) fn meet_url(&mut self, separator: usize) {
        let Some(url) = lexer::url_at(self.text, separator) else {
            return;
        };
        for &rule in &self.engine.urls {
            self.meet_url_rule(rule, &url);
        }
    }

    fn meet_url_rule(&mut self, index: usize, url: &UserInfo) {
        let compiled = self.rule(index);
        let Some(rule) = &compiled.rule.url else {
            return;
        };
        let scheme = self.text[url.scheme.clone()].to_ascii_lowercase();
        if !rule
            .schemes
            .iter()
            .any(|wanted| wanted.as_bytes() == scheme)
        {
            return;
        }
        let host = &self.text[url.host.clone()];
        if compiled
            .pattern
            .as_ref()
            .is_some_and(|pattern| !pattern.get(host.len()).is_match(host))
        {
            return;
        }
        let secret = match rule.secret {
            UrlPart::User => Some(url.user.clone()),
            UrlPart::Password => url.password.clone(),
        };
        if let Some(secret) = secret.filter(|secret| !self.is_sample_login(url, secret)) {
            let parts = beside::url_parts(compiled, url, self.text);
            self.consider(index, secret, None, parts);
        }
    }

    /// `user:password@`, `guest:guest@` and their like.
    fn is_sample_login(&self, url: &UserInfo, secret: &Range<usize>) -> bool {
        let secret_text = &self.text[secret.clone()];
        let user = &self.text[url.user.clone()];
        let repeats_user = *secret != url.user && user.eq_ignore_ascii_case(secret_text);
        repeats_user
            || SAMPLE_PASSWORDS
                .iter()
                .any(|word| secret_text.eq_ignore_ascii_case(word))
    }
}
