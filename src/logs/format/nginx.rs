//! `log_format` of nginx: <https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format>.

use super::line::Field;
use super::template::{Part, Template};

/// Compiles a format, without the quotes that the configuration has around it.
pub(super) fn compile(format: &str) -> Option<Template> {
    let bytes = format.as_bytes();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'$' {
            parts.push(Part::Literal(byte));
            at += 1;
            continue;
        }
        let is_braced = bytes.get(at + 1) == Some(&b'{');
        let start = at + 1 + usize::from(is_braced);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let len = bytes[start..]
            .iter()
            .take_while(|byte| is_name(byte))
            .count();
        if len == 0 {
            return None;
        }
        parts.push(Part::Field(variable(&format[start..start + len])));
        at = start + len + usize::from(is_braced);
    }
    Template::new(parts)
}

fn variable(name: &str) -> Field {
    match name {
        "remote_addr" | "realip_remote_addr" => Field::Client,
        "http_x_forwarded_for"
        | "proxy_add_x_forwarded_for"
        | "http_x_real_ip"
        | "http_cf_connecting_ip" => Field::Forwarded,
        "time_local" | "time_iso8601" | "msec" => Field::Time,
        "request" => Field::Request,
        "request_method" => Field::Method,
        "request_uri" | "uri" | "document_uri" => Field::Target,
        "args" | "query_string" => Field::Query,
        "status" => Field::Status,
        "body_bytes_sent" => Field::Body,
        "bytes_sent" => Field::Whole,
        "http_user_agent" => Field::Agent,
        "host" | "http_host" | "server_name" => Field::Host,
        _ => Field::Skip,
    }
}
