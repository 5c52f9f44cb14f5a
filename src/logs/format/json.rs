//! Lines that are JSON objects, whatever wrote them: names are known, nesting is not looked at.
//!
//! Caddy <https://caddyserver.com/docs/logging>, Traefik <https://doc.traefik.io/traefik/observability/access-logs/>,
//! nginx with a format of its own, Cloudflare's Logpush.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::line::{Field, Line, Size};

/// Takes a line apart; `None` where it is no such line.
pub(super) fn parse(text: &[u8]) -> Option<Line<'_>> {
    let mut line = Line::empty();
    let mut reader = serde_json::Deserializer::from_slice(text);
    let fill = Fill {
        line: &mut line,
        field: Field::Skip,
    };
    fill.deserialize(&mut reader).ok()?;
    line.is_sound().then_some(line)
}

/// Puts what it reads into a field of a line.
struct Fill<'f, 'l> {
    line: &'f mut Line<'l>,
    field: Field,
}

impl<'l> Fill<'_, 'l> {
    /// The first of several that say the same counts.
    fn set(self, value: Cow<'l, [u8]>) {
        let line = self.line;
        let is_set = match self.field {
            Field::Client => !line.client.is_empty(),
            Field::Forwarded => !line.forwarded.is_empty(),
            Field::Time => line.at.is_some(),
            Field::Request | Field::Target => !line.target.is_empty(),
            Field::Method => !line.method.is_empty(),
            Field::Status => line.status != 0,
            Field::Body | Field::Whole => matches!(line.size, Size::Body(_)),
            Field::Agent => !line.agent.is_empty(),
            Field::Host => !line.host.is_empty(),
            Field::Skip | Field::TimeOfDay | Field::Query => true,
        };
        if !is_set {
            line.take(self.field, value);
        }
    }

    fn set_number(self, number: impl fmt::Display) {
        if self.field != Field::Skip {
            self.set(Cow::Owned(number.to_string().into_bytes()));
        }
    }
}

impl<'l> DeserializeSeed<'l> for Fill<'_, 'l> {
    type Value = ();

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Fill<'_, 'l> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'l str) -> Result<(), E> {
        self.set(Cow::Borrowed(text.as_bytes()));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.set(Cow::Owned(text.as_bytes().to_vec()));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.set_number(number);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.set_number(number);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.set_number(number);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    /// Values of a header: the first.
    fn visit_seq<A: SeqAccess<'l>>(self, mut values: A) -> Result<(), A::Error> {
        let first = Fill {
            line: &mut *self.line,
            field: self.field,
        };
        if values.next_element_seed(first)?.is_some() {
            while values.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'l>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(name) = entries.next_key::<Cow<'l, str>>()? {
            // What is sent back has headers of the same names.
            if name == "resp_headers" {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            entries.next_value_seed(Fill {
                line: &mut *self.line,
                field: field(&name),
            })?;
        }
        Ok(())
    }
}

fn field(name: &str) -> Field {
    let mut lower = [0; 32];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return Field::Skip;
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"remote_addr" | b"remoteaddr" | b"client_ip" | b"clientip" | b"remote_ip"
        | b"remoteip" | b"clienthost" | b"remote_host" | b"remotehost" | b"ip" => Field::Client,
        b"http_x_forwarded_for"
        | b"x-forwarded-for"
        | b"x_forwarded_for"
        | b"request_x-forwarded-for" => Field::Forwarded,
        b"time"
        | b"ts"
        | b"timestamp"
        | b"@timestamp"
        | b"time_iso8601"
        | b"time_local"
        | b"startutc"
        | b"msec"
        | b"datetime"
        | b"edgestarttimestamp" => Field::Time,
        b"request" => Field::Request,
        b"method" | b"request_method" | b"requestmethod" | b"clientrequestmethod" | b"verb" => {
            Field::Method
        }
        b"uri" | b"request_uri" | b"requestpath" | b"path" | b"url" | b"clientrequesturi" => {
            Field::Target
        }
        b"status"
        | b"downstreamstatus"
        | b"status_code"
        | b"statuscode"
        | b"edgeresponsestatus"
        | b"response_code" => Field::Status,
        b"body_bytes_sent" | b"size" | b"downstreamcontentsize" | b"bytes" | b"response_size" => {
            Field::Body
        }
        b"bytes_sent" | b"edgeresponsebytes" => Field::Whole,
        b"http_user_agent"
        | b"user-agent"
        | b"user_agent"
        | b"useragent"
        | b"request_user-agent"
        | b"clientrequestuseragent" => Field::Agent,
        b"host" | b"http_host" | b"server_name" | b"requesthost" | b"clientrequesthost" => {
            Field::Host
        }
        _ => Field::Skip,
    }
}
