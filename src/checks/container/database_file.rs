//! Configuration files of databases that ask for no password.

use crate::checks::names::name;
use crate::finding::Severity;
use crate::site::lex::yaml;

use super::control_file::Told;
use super::control_port::is_for_all;

/// How a file is read, by its name.
pub(super) fn reader(path: &str) -> Option<fn(&str) -> Option<Told>> {
    match name(path) {
        "redis.conf" | "valkey.conf" => Some(redis),
        "elasticsearch.yml" => Some(elasticsearch),
        "mongod.conf" => Some(mongo),
        "pg_hba.conf" => Some(postgres),
        _ => None,
    }
}

fn told(line: u32, message: &str) -> Option<Told> {
    Some(Told {
        line,
        message: message.to_owned(),
        severity: Severity::High,
    })
}

/// <https://redis.io/docs/latest/operate/oss_and_stack/management/security/#protected-mode>: without a password it
/// answers the machine itself alone, unless that is switched off.
fn redis(text: &str) -> Option<Told> {
    let of = |wanted: &str| {
        let lines = (1..).zip(text.lines());
        let words = lines.filter_map(|(line, text)| {
            let (key, value) = text.trim().split_once(char::is_whitespace)?;
            key.eq_ignore_ascii_case(wanted)
                .then(|| (line, value.trim().to_owned()))
        });
        words.last()
    };
    let is_local = |address: &str| !is_for_all(address.trim_start_matches('-'));
    let bound = of("bind");
    let is_bound_here = bound
        .as_ref()
        .is_some_and(|(_, list)| list.split_whitespace().all(is_local));
    let (line, _) = of("protected-mode").filter(|(_, value)| value == "no")?;
    if is_bound_here
        || of("requirepass").is_some()
        || of("aclfile").is_some()
        || of("user").is_some()
    {
        return None;
    }
    told(
        line,
        "protected-mode is off and there is no requirepass: Redis answers whoever reaches it.",
    )
}

/// <https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings>.
fn elasticsearch(text: &str) -> Option<Told> {
    let leaves = yaml::leaves(text);
    let of = |wanted: &str| leaves.iter().find(|leaf| leaf.path.join(".") == wanted);
    let host = of("network.host").or(of("http.host"))?;
    let security = of("xpack.security.enabled").filter(|leaf| leaf.value == "false")?;
    let is_open = is_for_all(&host.value) && host.value != "_local_";
    is_open.then(|| {
        told(
            security.line,
            "xpack.security.enabled is off, and network.host is not the machine itself.",
        )
    })?
}

/// <https://www.mongodb.com/docs/manual/reference/configuration-options/>.
fn mongo(text: &str) -> Option<Told> {
    let leaves = yaml::leaves(text);
    let of = |path: &[&str]| leaves.iter().find(|leaf| leaf.is(path));
    let by_list = of(&["net", "bindIp"])
        .filter(|leaf| leaf.value.split(',').any(|one| is_for_all(one.trim())));
    let by_all = of(&["net", "bindIpAll"]).filter(|leaf| leaf.value == "true");
    let open = by_list.or(by_all)?;
    let asks = of(&["security", "authorization"]).is_some_and(|leaf| leaf.value == "enabled")
        || of(&["security", "keyFile"]).is_some();
    (!asks).then(|| told(open.line, "It is bound to other addresses than the machine's own, and authorization is not enabled."))?
}

/// `host all all 0.0.0.0/0 trust`: <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
fn postgres(text: &str) -> Option<Told> {
    let lines = (1..).zip(text.lines());
    let mut open = lines.filter_map(|(line, text)| {
        let words: Vec<&str> = text.split('#').next()?.split_whitespace().collect();
        let is_host = words.first().is_some_and(|word| word.starts_with("host"));
        let is_wide = matches!(words.get(3), Some(&("0.0.0.0/0" | "::/0" | "all")));
        (is_host && is_wide && words.get(4) == Some(&"trust")).then_some(line)
    });
    told(
        open.next()?,
        "Everyone is trusted, from every address: no password is asked for.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, text: &str) -> Option<u32> {
        reader(name)
            .and_then(|read| read(text))
            .map(|told| told.line)
    }

    #[test]
    fn open_ones_are_told_from_those_that_ask_or_stay_home() {
        let redis = "bind 0.0.0.0\nprotected-mode no\n";
        assert_eq!(line("redis.conf", redis), Some(2));
        assert_eq!(line("redis.conf", "bind 0.0.0.0\n"), None);
        assert_eq!(
            line("redis.conf", "bind 127.0.0.1 -::1\nprotected-mode no\n"),
            None
        );
        assert_eq!(line("redis.conf", &format!("{redis}requirepass x\n")), None);
        let elastic = "network.host: 0.0.0.0\nxpack.security.enabled: false\n";
        assert_eq!(line("elasticsearch.yml", elastic), Some(2));
        assert_eq!(
            line("elasticsearch.yml", "xpack.security.enabled: false\n"),
            None
        );
        let mongo = "net:\n  port: 27017\n  bindIp: 127.0.0.1,0.0.0.0\n";
        assert_eq!(line("mongod.conf", mongo), Some(3));
        let asking = format!("{mongo}security:\n  authorization: enabled\n");
        assert_eq!(line("mongod.conf", &asking), None);
        assert_eq!(line("mongod.conf", "net:\n  bindIp: 127.0.0.1\n"), None);
        assert_eq!(
            line("pg_hba.conf", "# a\nhost all all 0.0.0.0/0 trust\n"),
            Some(2)
        );
        assert_eq!(
            line("pg_hba.conf", "host all all 127.0.0.1/32 trust\n"),
            None
        );
        assert_eq!(
            line("pg_hba.conf", "host all all all scram-sha-256\n"),
            None
        );
    }
}
