//! Lines that servers wrote, and lines that try to look like others.

use super::*;

fn guessed(configured: &[Configured], text: &str) -> (Format, Vec<String>) {
    let lines = text.lines().map(str::as_bytes);
    let head: Vec<&[u8]> = lines.clone().collect();
    let format = Formats::new(configured)
        .guess(&head)
        .expect("a format fits");
    let shown = lines.filter_map(|line| {
        let line = format.parse(line)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some(format!(
            "{} {} {} {} {} {:?} {} {}",
            line.at?,
            text(&line.client),
            text(&line.method),
            text(&line.target),
            line.status,
            line.size,
            text(&line.agent),
            text(&line.host)
        ))
    });
    let shown = shown.collect();
    (format, shown)
}

/// The first line in every usual format, as the servers write it.
#[test]
fn usual_formats_are_recognised() {
    let when = "2026-11-23T11:34:42Z 192.0.2.7 GET /.env 200";
    let cases = [
        (
            r#"192.0.2.7 - - [23/Nov/2026:11:34:42 +0000] "GET /.env HTTP/1.1" 200 54"#,
            format!("{when} Body(54)  "),
        ),
        (
            r#"192.0.2.7 - fr an [23/Nov/2026:11:34:42 +0000] "GET /.env HTTP/1.1" 200 54 "-" "curl/7.88.1""#,
            format!("{when} Body(54) curl/7.88.1 "),
        ),
        (
            r#"shop.example.com:443 192.0.2.7 - - [23/Nov/2026:11:34:42 +0000] "GET /.env HTTP/1.1" 200 317 "-" "c\"u" "#,
            format!("{when} Whole(317) c\\\"u shop.example.com"),
        ),
        (
            r#"{"time":"2026-11-23T11:34:42+00:00","remote_addr":"192.0.2.7","request":"GET /.env HTTP/1.1","status":200,"body_bytes_sent":54,"http_user_agent":"curl"}"#,
            format!("{when} Body(54) curl "),
        ),
        (
            r#"{"level":"info","ts":1795433682.5,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.7","client_ip":"192.0.2.8","method":"GET","host":"a.example","uri":"/.env","headers":{"User-Agent":["curl"]}},"size":54,"status":200,"resp_headers":{"Server":["x"],"Host":["no"]}}"#,
            format!("{when} Body(54) curl a.example"),
        ),
        (
            r#"{"ClientAddr":"192.0.2.7:4711","ClientHost":"192.0.2.7","DownstreamContentSize":54,"DownstreamStatus":200,"RequestHost":"a.example","RequestMethod":"GET","RequestPath":"/.env","StartUTC":"2026-11-23T11:34:42.123Z"}"#,
            format!("{when} Body(54)  a.example"),
        ),
        (
            "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip cs(User-Agent) sc-status sc-bytes\n2026-11-23 11:34:42 10.0.0.1 GET /.env - 443 192.0.2.7 curl 200 317",
            format!("{when} Whole(317) curl "),
        ),
        (
            r#"https 2026-11-23T11:34:42.186641Z app/lb/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 317 "GET https://a.example:443/.env HTTP/1.1" "curl" ECDHE TLSv1.2"#,
            "2026-11-23T11:34:42Z 192.0.2.7 GET https://a.example:443/.env 200 Whole(317) curl "
                .to_owned(),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(guessed(&[], text).1, [expected], "{text}");
    }
}

#[test]
fn formats_of_the_configuration_count() {
    let apache = Configured::Apache(
        r#"%{%Y-%m-%dT%H:%M:%S%z}t|%a|%{X-Forwarded-For}i|%m %U%q|%>s|%B|%D"#.to_owned(),
    );
    let text = "2026-11-23T12:34:42+0100|10.0.0.1|192.0.2.7, 10.0.0.9|GET /a?b=c|200|54|1234";
    let (format, lines) = guessed(std::slice::from_ref(&apache), text);
    assert_eq!(
        lines,
        ["2026-11-23T11:34:42Z 10.0.0.1 GET /a?b=c 200 Body(54)  "]
    );
    let line = format.parse(text.as_bytes()).unwrap();
    assert_eq!(&*line.forwarded, b"192.0.2.7, 10.0.0.9");

    let nginx = Configured::Nginx(
        r#"$remote_addr - [$time_local] "$request" $status ${body_bytes_sent}B rt=$request_time"#
            .to_owned(),
    );
    let text =
        r#"192.0.2.7 - [23/Nov/2026:11:34:42 +0000] "GET /a?x=\x22y HTTP/1.1" 404 153B rt=0.001"#;
    let lines = guessed(&[nginx], text).1;
    assert_eq!(
        lines,
        [r"2026-11-23T11:34:42Z 192.0.2.7 GET /a?x=\x22y 404 Body(153)  "]
    );
}

#[test]
fn what_is_no_line_is_none() {
    let formats = Formats::new(&[]);
    for text in [
        "",
        "[Mon Nov 23 11:34:42 2026] [error] a fault",
        r#"192.0.2.7 - - [23/Nov/2026:11:34:42 +0000] "GET / HTTP/1.1" two 54"#,
        r#"192.0.2.7 - - [99/Nov/2026:11:34:42 +0000] "GET / HTTP/1.1" 200 54"#,
        r#"{"status":200}"#,
        r#"{"a":"#,
    ] {
        assert!(
            formats
                .guess(&text.lines().map(str::as_bytes).collect::<Vec<_>>())
                .is_none(),
            "{text}"
        );
        assert!(formats.parse_other(text.as_bytes()).is_none(), "{text}");
    }
    assert_eq!(Template::new([]), None);
    assert_eq!(
        nginx::compile("$request$status [$time_local]"),
        None,
        "fields touch"
    );
}

/// Bytes that are no request have no target, and a quotation mark in one does not end it.
#[test]
fn requests_are_taken_as_they_are() {
    let line =
        |request: &str| format!(r#"192.0.2.7 - - [23/Nov/2026:11:34:42 +0000] "{request}" 400 0"#);
    let formats = Formats::new(&[]);
    for (request, method, target) in [
        (r"\x16\x03\x01\x02", "", ""),
        ("-", "", ""),
        (r#"GET /a\"b HTTP/1.1"#, "GET", r#"/a\"b"#),
        ("GET /with space HTTP/1.1", "GET", "/with space"),
        ("GET /old", "GET", "/old"),
    ] {
        let text = line(request);
        let parsed = formats.parse_other(text.as_bytes()).expect(request);
        assert_eq!(&*parsed.method, method.as_bytes(), "{request}");
        assert_eq!(&*parsed.target, target.as_bytes(), "{request}");
    }
}
