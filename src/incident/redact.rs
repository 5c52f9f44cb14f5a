//! The second net: known secrets are taken out of every text of a case, those that a person wrote as well.

use crate::finding::Redactor;

use super::case::Case;

impl Case {
    /// Takes known secrets out of every text that comes from scanned files, from exports, and from people.
    pub fn redact(&mut self, redactor: &Redactor) {
        for text in self.texts() {
            if let std::borrow::Cow::Owned(masked) = redactor.redact(text) {
                *text = masked;
            }
        }
    }

    fn texts(&mut self) -> Vec<&mut String> {
        let mut texts: Vec<&mut String> = Vec::new();
        for cause in &mut self.answer.causes {
            texts.extend([&mut cause.summary, &mut cause.file]);
            texts.extend(cause.url.iter_mut().chain(&mut cause.settle));
            for reason in &mut cause.because {
                texts.push(&mut reason.directive);
                texts.extend(&mut reason.file);
            }
        }
        texts.extend(&mut self.answer.safe);
        texts.extend(&mut self.answer.open_questions);
        for credential in &mut self.credentials {
            texts.extend(&mut credential.login);
            texts.extend(&mut credential.domains);
            for place in &mut credential.places {
                texts.push(&mut place.file);
                texts.extend(&mut place.name);
            }
        }
        for opening in &mut self.openings {
            texts.extend([&mut opening.file, &mut opening.message]);
            texts.extend(&mut opening.urls);
        }
        texts.extend(self.logs.iter_mut().flat_map(|logs| &mut logs.sessions));
        texts.extend(self.examined.iter_mut().map(|theme| &mut theme.result));
        texts.extend(self.account.texts());
        texts.extend(&mut self.timeline);
        texts.extend(self.attested.values_mut().map(|said| &mut said.note));
        for entry in &mut self.journal {
            texts.extend([&mut entry.subject, &mut entry.detail]);
        }
        texts
    }
}
