//! Any bytes as files of advisories: they are read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::site::advisories::Advisories;

fuzz_target!(|data: &[u8]| {
    let mut advisories = Advisories::default();
    let errors = advisories.add_friends_of_php([("a.yaml", data)]);
    assert_eq!(errors.len() + advisories.len(), 1);
    let _ = advisories.add_wordfence("feed.json", data);
    for advisory in advisories.all() {
        let _ = advisory.affects("1.2.3");
        let _ = advisory.affected_words();
    }
});
