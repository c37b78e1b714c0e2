//! Files are written whole or not at all: the built binary against a hostile file system.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn enmusubi(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enmusubi"));
    command.args(["--lang", "ja"]).args(args);
    command
}

fn synth(out: &Path, children: &str, seed: &str, more: &[&str]) -> Command {
    let mut args = vec![
        "synth",
        out.to_str().unwrap(),
        "--children",
        children,
        "--nurseries",
        "60",
    ];
    args.extend(["--seed", seed]);
    args.extend(more);
    enmusubi(&args)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn existing_files_stay_without_force() {
    let dir = TempDir::new().unwrap();
    assert!(
        synth(dir.path(), "100", "1", &[])
            .output()
            .unwrap()
            .status
            .success()
    );
    let before = fs::read(dir.path().join("children.csv")).unwrap();
    let again = synth(dir.path(), "100", "2", &[]).output().unwrap();
    assert_eq!(again.status.code(), Some(5));
    assert!(again.stdout.is_empty());
    let said = stderr(&again);
    assert!(
        said.contains("はすでにあります") && said.contains("--force"),
        "{said}"
    );
    assert_eq!(fs::read(dir.path().join("children.csv")).unwrap(), before);
    let forced = synth(dir.path(), "100", "2", &["--force"])
        .output()
        .unwrap();
    assert!(forced.status.success());
    assert_ne!(fs::read(dir.path().join("children.csv")).unwrap(), before);
    assert_eq!(
        names(dir.path()),
        ["areas.csv", "children.csv", "nurseries.csv"]
    );
}

/// A limit on the size of files stands for a full disk where none can be mounted.
#[cfg(unix)]
#[test]
fn a_write_that_fails_half_way_leaves_the_old_files() {
    let dir = TempDir::new().unwrap();
    assert!(
        synth(dir.path(), "100", "1", &[])
            .output()
            .unwrap()
            .status
            .success()
    );
    let before = fs::read(dir.path().join("children.csv")).unwrap();
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let inner = synth(dir.path(), "20000", "2", &["--force"]);
    let output = Command::new("bash")
        .args(["-c", script])
        .arg(inner.get_program())
        .args(inner.get_args())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(
        said.contains("children.csv") && said.contains("対処: "),
        "{said}"
    );
    assert!(
        said.contains("元からあるファイルは変わっていません"),
        "{said}"
    );
    assert_eq!(fs::read(dir.path().join("children.csv")).unwrap(), before);
    assert_eq!(
        names(dir.path()),
        ["areas.csv", "children.csv", "nurseries.csv"]
    );
}

#[cfg(unix)]
#[test]
fn a_folder_one_may_not_write_in() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("locked");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write anywhere; then a folder of the kernel's serves.
    let is_root = fs::write(folder.join("probe"), "").is_ok();
    let output = if is_root {
        synth(Path::new("/proc/self"), "10", "1", &[])
            .output()
            .unwrap()
    } else {
        synth(&folder, "10", "1", &[]).output().unwrap()
    };
    assert_eq!(output.status.code(), Some(5));
    assert!(
        stderr(&output).contains("書き込めません"),
        "{}",
        stderr(&output)
    );
}

/// Killed at any moment, every file is either the old one or the new one, never a part.
#[test]
fn killed_while_writing() {
    let dir = TempDir::new().unwrap();
    let reference = TempDir::new().unwrap();
    let contents = |seed: &str| -> Vec<Vec<u8>> {
        let folder = reference.path().join(seed);
        assert!(
            synth(&folder, "3000", seed, &[])
                .output()
                .unwrap()
                .status
                .success()
        );
        names(&folder)
            .iter()
            .map(|n| fs::read(folder.join(n)).unwrap())
            .collect()
    };
    let (old, new) = (contents("1"), contents("2"));
    assert!(
        synth(dir.path(), "3000", "1", &[])
            .output()
            .unwrap()
            .status
            .success()
    );
    for milliseconds in (0..60).step_by(3) {
        let mut child = synth(dir.path(), "3000", "2", &["--force"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        let files = ["areas.csv", "children.csv", "nurseries.csv"];
        for (i, name) in files.iter().enumerate() {
            let now = fs::read(dir.path().join(name)).unwrap();
            assert!(
                now == old[i] || now == new[i],
                "{name} is torn after {milliseconds} ms"
            );
        }
        let strays = names(dir.path())
            .into_iter()
            .filter(|n| !files.contains(&n.as_str()));
        for stray in strays {
            assert!(
                stray.starts_with(".enmusubi-") && stray.ends_with(".tmp"),
                "{stray}"
            );
            fs::remove_file(dir.path().join(stray)).unwrap();
        }
        assert!(
            synth(dir.path(), "3000", "1", &["--force"])
                .output()
                .unwrap()
                .status
                .success()
        );
    }
}
