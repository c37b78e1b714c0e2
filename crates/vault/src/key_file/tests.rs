//! Key files: made, rotated, damaged, and in the wrong place.

use super::*;
use std::fs;

struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("data")).unwrap();
        fs::create_dir(root.path().join("etc")).unwrap();
        Self { root }
    }

    fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    fn keys(&self) -> PathBuf {
        self.root.path().join("etc/keys")
    }
}

#[test]
fn made_on_demand_and_read_again() {
    let place = Place::new();
    let (path, data) = (place.keys(), place.data());
    assert!(matches!(
        Keys::load(&path, &data),
        Err(KeyFileError::Missing { .. })
    ));
    let made = Keys::load_or_create(&path, &data).unwrap();
    for again in [Keys::load(&path, &data), Keys::load_or_create(&path, &data)] {
        assert_eq!(again.unwrap().raw(), made.raw());
    }
    let rotated = Keys::rotate_file(&path, &data).unwrap();
    assert_eq!(rotated.ids().len(), 2);
    assert_eq!(rotated.raw()[1..], made.raw()[..]);
    assert_eq!(Keys::load(&path, &data).unwrap().raw(), rotated.raw());
    // Nothing is left beside it.
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    // A title nobody reads twice, and what editors do.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        format!("\u{FEFF}{}\r\n# note\r\n", text.replace('\n', "\r\n")),
    )
    .unwrap();
    assert_eq!(Keys::load(&path, &data).unwrap().raw(), rotated.raw());
}

#[test]
fn never_in_the_data_folder() {
    let place = Place::new();
    let data = place.data();
    fs::create_dir(data.join("deep")).unwrap();
    let mut inside = vec![
        data.join("keys"),
        data.join("deep/keys"),
        data.join("new/keys"),
    ];
    inside.push(place.root.path().join("etc/../data/keys"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(data.join("deep"), place.root.path().join("link")).unwrap();
        inside.push(place.root.path().join("link/keys"));
    }
    for path in inside {
        for result in [Keys::load_or_create(&path, &data), Keys::load(&path, &data)] {
            assert!(
                matches!(result, Err(KeyFileError::InsideData { .. })),
                "{path:?}"
            );
        }
        assert!(!path.exists());
    }
    // A folder with a name that begins alike is another folder.
    fs::create_dir(place.root.path().join("data-keys")).unwrap();
    Keys::load_or_create(&place.root.path().join("data-keys/keys"), &data).unwrap();
}

#[test]
fn damage_is_told_at_once() {
    let place = Place::new();
    let (path, data) = (place.keys(), place.data());
    Keys::load_or_create(&path, &data).unwrap();
    Keys::rotate_file(&path, &data).unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let read = |text: &str| {
        fs::write(&path, text).unwrap();
        Keys::load(&path, &data)
    };
    // Every digit of keys, ids and sum counts.
    let from = whole.find("key ").unwrap() + 4;
    for (at, c) in whole
        .char_indices()
        .filter(|(at, c)| *at >= from && c.is_ascii_hexdigit())
    {
        let mut changed = whole.clone();
        changed.replace_range(at..=at, if c == '0' { "1" } else { "0" });
        assert!(
            matches!(read(&changed), Err(KeyFileError::Damaged { .. })),
            "{at}"
        );
    }
    for without in 3..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(without);
        let result = read(&fewer.join("\n"));
        assert!(
            matches!(result, Err(KeyFileError::Damaged { .. })),
            "{without}"
        );
    }
    let mut swapped = lines.clone();
    swapped.swap(3, 4);
    assert!(matches!(
        read(&swapped.join("\n")),
        Err(KeyFileError::Damaged { line: 6, .. })
    ));
    for (text, expect) in [
        (whole.replace("keys 1", "keys 2"), "version"),
        ("-----BEGIN PRIVATE KEY-----\n".to_owned(), "no-key-file"),
        (String::new(), "no-key-file"),
        ("enmusubi-keys 1\n".to_owned(), "damaged"),
        (
            "enmusubi-keys 1\nsum e3b0c44298fc1c14\n".to_owned(),
            "damaged",
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!(error.code(), expect, "{text}");
        let said = error.text();
        assert!(
            said.ja.contains("etc/keys") && said.en.contains("etc/keys"),
            "{said:?}"
        );
        assert!(!said.en.contains(&lines[3][13..]));
    }
}

#[cfg(unix)]
#[test]
fn for_nobody_else_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let (path, data) = (place.keys(), place.data());
    Keys::load_or_create(&path, &data).unwrap();
    Keys::rotate_file(&path, &data).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = Keys::load(&path, &data).unwrap_err();
    assert!(matches!(error, KeyFileError::Readable { mode: 0o640, .. }));
    assert!(error.text().ja.contains("chmod 600"));
}
