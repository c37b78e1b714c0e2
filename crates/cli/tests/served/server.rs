//! The server as a process.

use super::http::Client;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Applications of the made-up city.
pub const SIZE: &str = "30";

/// A server that runs, until it is killed or dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Kept open: a server that cannot print would end.
    out: BufReader<ChildStdout>,
    pub at: SocketAddr,
    /// Passwords by login, where this start made the city.
    pub passwords: BTreeMap<String, String>,
}

impl Server {
    /// Starts the made-up city on a data folder; comes back when it listens.
    pub fn start(data: &Path, database: Option<&str>) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log_of(data))
            .unwrap();
        let mut command = enmusubi();
        command
            .args(["serve", "--demo", "--demo-size", SIZE])
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        // From here on whoever drops it waits for it.
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self {
            child,
            out,
            at: SocketAddr::from(([127, 0, 0, 1], 0)),
            passwords: BTreeMap::new(),
        };
        let mut said = String::new();
        loop {
            let mut line = String::new();
            if server.out.read_line(&mut line).unwrap() == 0 {
                let log = std::fs::read_to_string(log_of(data)).unwrap_or_default();
                panic!("the server ended before it listened: {said}{log}");
            }
            if let Some((login, rest)) = line.strip_prefix("  ").and_then(|l| l.split_once('\t')) {
                let password = rest.split('\t').next().unwrap_or_default();
                server
                    .passwords
                    .insert(login.to_owned(), password.to_owned());
            }
            if let Some(at) = address(&line) {
                server.at = at;
                return server;
            }
            said.push_str(&line);
        }
    }

    /// SIGKILL, from one moment to the next.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&status),
            Some(9),
            "it had ended before: {status}"
        );
        let _ = status;
    }

    /// A clerk who has signed in.
    pub fn sign_in(&self, login: &str, password: &str) -> Client {
        let mut client = Client::new(self.at);
        let form = [
            ("tenant", "999999"),
            ("login", login),
            ("password", password),
        ];
        let form = form.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let answer = client.post("/sign-in", &form).unwrap();
        assert_eq!(answer.status, 303, "{login}: {}", answer.body);
        let cookie = answer.header("set-cookie").expect("a session");
        cookie
            .split(';')
            .next()
            .unwrap_or_default()
            .clone_into(&mut client.cookie);
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already dead where it was killed on purpose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, speaking English.
pub fn enmusubi() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enmusubi"));
    command.args(["--lang", "en"]);
    command
}

/// Where the server's messages go: beside the data, which may be on a disk that is full.
pub fn log_of(data: &Path) -> PathBuf {
    let name = data.file_name().unwrap_or_default().to_string_lossy();
    std::env::temp_dir().join(format!("enmusubi-crash-{}-{name}.log", std::process::id()))
}

fn address(line: &str) -> Option<SocketAddr> {
    let from = line.find("127.0.0.1:")?;
    let text = &line[from..];
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':')))
        .unwrap_or(text.len());
    text[..end].parse().ok()
}
