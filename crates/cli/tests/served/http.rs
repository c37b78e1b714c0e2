//! As much HTTP as the tests need: one request on one connection, and the whole answer or an error.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any request takes; a server that hangs fails the test instead of stopping it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between the parts of a form with a file.
const BOUNDARY: &str = "enmusubi-test-boundary";

/// An answer that came whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut pairs = lines.filter_map(|l| l.split_once(':'));
        let found = pairs.find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }
}

/// A browser without anything but a cookie.
#[derive(Debug, Clone)]
pub struct Client {
    pub at: SocketAddr,
    pub cookie: String,
}

impl Client {
    pub fn new(at: SocketAddr) -> Self {
        Self {
            at,
            cookie: String::new(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, "", &[])
    }

    pub fn post(&self, path: &str, form: &[(String, String)]) -> Result<Answer> {
        let pairs = form
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let kind = "application/x-www-form-urlencoded";
        self.send("POST", path, kind, body.as_bytes())
    }

    /// A form with a file in the field `file`.
    pub fn upload(
        &self,
        path: &str,
        form: &[(&str, &str)],
        name: &str,
        bytes: &[u8],
    ) -> Result<Answer> {
        let mut body = Vec::new();
        for (field, value) in form {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", path, &kind, &body)
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let mut stream = TcpStream::connect(self.at)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n",
            self.at
        );
        if !self.cookie.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        if method == "POST" {
            head.push_str(&format!(
                "Content-Type: {kind}\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        whole(&bytes)
    }
}

/// An answer, if all of it is there: one that broke off acknowledges nothing.
fn whole(bytes: &[u8]) -> Result<Answer> {
    let broken = || Error::new(ErrorKind::UnexpectedEof, "the answer broke off");
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
    let answer = Answer {
        status: status.ok_or_else(broken)?,
        head: head.to_owned(),
        body: body.to_owned(),
    };
    match answer.header("content-length").map(str::parse::<usize>) {
        Some(Ok(length)) if body.len() < length => Err(broken()),
        _ => Ok(answer),
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}
