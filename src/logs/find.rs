//! Access logs by the names that they usually have.

/// Whether a file of this name is by convention an access log, packed or not: `access.log.2.gz`, `ssl_access_log`,
/// `other_vhosts_access.log`, `u_ex261123.log`.
pub fn is_access_log(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_iis = name.starts_with("u_ex") && name.ends_with(".log");
    let is_log = ["_log", "-log", ".log", ".json"]
        .iter()
        .any(|end| name.contains(end));
    is_iis || name.contains("access") && is_log
}

/// Directories that logs lie in, as seen from the directory of an application.
pub const DIRECTORIES: &[&str] = &[
    "",
    "logs",
    "log",
    "access-logs",
    "var/log",
    "storage/logs",
    "../logs",
    "../log",
    "../access-logs",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_access_logs() {
        for name in [
            "access.log",
            "access_log",
            "access.log.2.gz",
            "other_vhosts_access.log",
            "shop-access.log-20261123",
            "ssl_access_log",
            "u_ex261123.log",
            "access_ssl_log.processed",
            "access.json",
        ] {
            assert!(is_access_log(name), "{name}");
        }
        for name in [
            "error.log",
            "laravel.log",
            "access.php",
            "accessories.txt",
            "debug.log",
            "u_extra.txt",
        ] {
            assert!(!is_access_log(name), "{name}");
        }
    }
}
