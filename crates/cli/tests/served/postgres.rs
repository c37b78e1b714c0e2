//! A PostgreSQL server of the test's own, so that restarting it disturbs nobody.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server; gone when dropped.
#[derive(Debug)]
pub struct Postgres {
    child: Child,
    pub url: String,
    restart: String,
}

impl Postgres {
    /// Starts one; `None` where PostgreSQL is not installed (a test installs nothing).
    pub fn start() -> Option<Self> {
        let installed =
            std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut d| d.next().is_some());
        if !installed {
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/with-postgres");
        let say = "echo \"$ENMUSUBI_TEST_POSTGRES\"; echo \"$ENMUSUBI_TEST_POSTGRES_RESTART\"; cat >/dev/null";
        let mut child = Command::new(script)
            .env_remove("ENMUSUBI_TEST_POSTGRES")
            .args(["bash", "-c", say])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        let (url, restart) = (line(), line());
        Some(Self {
            child,
            url,
            restart,
        })
    }

    /// Restarts it: `fast` ends what is open, `immediate` is a crash.
    pub fn restart(&self, mode: &str) {
        let status = Command::new(&self.restart).arg(mode).status().unwrap();
        assert!(status.success(), "{mode}: {status}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its standard input ends, and with it the script, which cleans up.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
