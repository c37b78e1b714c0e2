//! What is acknowledged is there: after the server was killed at any moment, when the disk is full, when the database is
//! restarted.
//!
//! Fifty kills with a table: `ENMUSUBI_KILLS=50 cargo nextest run -p enmusubi -E 'test(killed)' --no-capture`.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

mod served;

use served::{
    Dice,
    check::{examined, opens},
    clerk::{Act, Case, Clerk},
    postgres::Postgres,
    server::Server,
};
use std::path::Path;
use std::time::{Duration, Instant};

/// Kills where nobody asks for more.
const KILLS: usize = 5;
/// Longest work before a kill, in milliseconds.
const WORK_MOST: u64 = 1_500;
/// Who keys, and may confirm, too.
const CLERKS: [&str; 2] = ["shinsa1", "shinsa2"];

fn kills() -> usize {
    let asked = std::env::var("ENMUSUBI_KILLS");
    asked.ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS)
}

/// Both clerks work until the server is killed; what they did.
fn killed_at(server: Server, passwords: &[String; 2], turn: usize, after: Duration) -> Vec<Case> {
    let clerks: Vec<Clerk> = CLERKS
        .iter()
        .zip(passwords)
        .map(|(login, password)| {
            Clerk::new(server.sign_in(login, password), &format!("K{turn}-{login}"))
        })
        .collect();
    std::thread::scope(|scope| {
        let at_work: Vec<_> = clerks.iter().map(|c| scope.spawn(|| c.work())).collect();
        std::thread::sleep(after);
        server.kill();
        at_work
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    })
}

#[test]
fn what_was_acknowledged_is_there_after_the_server_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start(&data, None);
    let passwords = CLERKS.map(|login| server.passwords[login].clone());
    let mut dice = Dice(6);
    let mut every: Vec<Case> = Vec::new();
    let mut totals = [0; 4];
    println!(
        "| kill | after ms | acknowledged | in flight | there unheard | orphan papers | audit entries | starts again ms | wrong |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut before = 0;
    for turn in 1..=kills() {
        let after = 1 + dice.below(WORK_MOST);
        let cases = killed_at(server, &passwords, turn, Duration::from_millis(after));
        let acknowledged: usize = cases.iter().map(|c| c.acknowledged.len()).sum();
        let in_flight = cases.iter().filter(|c| c.in_flight).count();
        every.extend(cases.iter().cloned());
        // Everything of all kills so far: a later recovery must not undo an earlier one.
        let found = examined(&data, None, &every);
        let began = Instant::now();
        server = Server::start(&data, None);
        let began = began.elapsed().as_millis();
        let mut wrong = found.wrong;
        wrong.extend(opens(&server, (CLERKS[0], &passwords[0]), &cases));
        println!(
            "| {turn} | {after} | {acknowledged} | {in_flight} | {} | {} | {} | {began} | {} |",
            found.more - before,
            found.orphans,
            found.audit,
            wrong.len()
        );
        before = found.more;
        totals[0] += acknowledged;
        totals[1] += in_flight;
        totals[2] = found.more;
        totals[3] = found.orphans;
        assert!(wrong.is_empty(), "after kill {turn}: {}", wrong.join("\n"));
        let heard: usize = every.iter().map(|c| c.acknowledged.len()).sum();
        assert_eq!(found.kept, heard);
    }
    println!(
        "acknowledged {}, in flight at a kill {}, of them there {}, orphan papers {}",
        totals[0], totals[1], totals[2], totals[3]
    );
    // Work was really interrupted, and there was work to lose.
    assert!(totals[0] > kills() * 3, "too little was done: {totals:?}");
    assert!(totals[1] > 0, "nothing was in flight: {totals:?}");
}

/// A small disk of its own; gone when dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None` where this user may make none.
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path());
        let done = mount.output().is_ok_and(|o| o.status.success());
        done.then_some(Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mut unmount = std::process::Command::new("umount");
        let _ = unmount.arg("--lazy").arg(self.0.path()).status();
    }
}

/// Writes until nothing more fits.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        while file.write_all(&vec![0x5A; size]).is_ok() {}
    }
}

/// A case that is keyed once, and what the server answered.
fn keyed(clerk: &Clerk, cases: &mut Vec<Case>) -> std::io::Result<(u16, String)> {
    let f = &clerk.facilities;
    let mut case = Case {
        mark: format!("{}-{}", clerk.mark, cases.len()),
        choices: [
            vec![f[0].clone(), f[1].clone()],
            vec![f[1].clone(), f[2].clone()],
        ],
        acknowledged: Vec::new(),
        in_flight: false,
    };
    let answer = clerk.key(&case);
    if let Ok(answer) = &answer
        && answer.status == 303
    {
        let number = answer.header("location").unwrap().rsplit('/').next();
        case.acknowledged
            .push(Act::Received(number.unwrap().to_owned()));
    }
    cases.push(case);
    answer.map(|a| (a.status, a.body))
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_written() {
    let Some(disk) = Disk::new("40m") else {
        eprintln!("skipped: this user may mount no small disk");
        return;
    };
    let data = disk.0.path().join("data");
    let server = Server::start(&data, None);
    let login = (CLERKS[0], server.passwords[CLERKS[0]].clone());
    let clerk = Clerk::new(server.sign_in(login.0, &login.1), "full");
    let mut cases = Vec::new();
    let (status, body) = keyed(&clerk, &mut cases).unwrap();
    assert_eq!(status, 303, "{body}");
    let Act::Received(number) = cases[0].acknowledged[0].clone() else {
        unreachable!("it was keyed");
    };
    let version = clerk.version(&format!("/cases/{number}")).unwrap();
    let ballast = disk.0.path().join("ballast");
    fill(&ballast);
    // What the database has room for already may still go in.
    let (status, body) = (0..200)
        .map(|_| keyed(&clerk, &mut cases).unwrap())
        .find(|(status, _)| *status != 303)
        .expect("a full disk takes no more");
    assert_eq!(status, 507, "{body}");
    assert!(body.contains("空き容量"), "{body}");
    for _ in 0..20 {
        let (status, body) = keyed(&clerk, &mut cases).unwrap();
        assert_eq!(status, 507, "{body}");
    }
    let form = [
        ("version", version.as_str()),
        ("kind", "other"),
        ("subject", "h"),
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "full").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let to = format!("/cases/{number}/papers");
    let answer = clerk
        .client
        .upload(&to, &form, "full.xlsx", &bytes)
        .unwrap();
    assert_eq!(answer.status, 507, "{}", answer.body);
    assert!(answer.body.contains("空き容量"), "{}", answer.body);
    // Room again: work goes on, without a restart.
    std::fs::remove_file(&ballast).unwrap();
    let (status, body) = keyed(&clerk, &mut cases).unwrap();
    assert_eq!(status, 303, "{body}");
    let answer = clerk
        .client
        .upload(&to, &form, "full.xlsx", &bytes)
        .unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    cases[0]
        .acknowledged
        .push(Act::Attached("full.xlsx".to_owned()));
    server.kill();
    let found = examined(&data, None, &cases);
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
    // Whatever was refused is not there.
    assert_eq!(found.more, 0);
    println!(
        "full disk: {} keyed, {} refused with 507, nothing of them there",
        cases.iter().filter(|c| !c.acknowledged.is_empty()).count(),
        cases.iter().filter(|c| c.acknowledged.is_empty()).count()
    );
}

#[test]
fn a_database_that_restarts_fails_clearly_and_goes_on() {
    let Some(postgres) = Postgres::start() else {
        assert!(std::env::var("CI").is_err(), "PostgreSQL is not installed");
        eprintln!("skipped: PostgreSQL is not installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let url = Some(postgres.url.as_str());
    let server = Server::start(&data, url);
    let login = (CLERKS[0], server.passwords[CLERKS[0]].clone());
    let mut every = Vec::new();
    for mode in ["fast", "immediate"] {
        let clerk = Clerk::new(server.sign_in(login.0, &login.1), mode);
        let (mut cases, mut failed, mut longest) = (Vec::new(), 0, Duration::ZERO);
        let (began, restarted) = std::thread::scope(|scope| {
            let restart = scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(700));
                let began = Instant::now();
                postgres.restart(mode);
                (began, Instant::now())
            });
            // Keys on and on, until some time after the database is there again.
            let until = Instant::now() + Duration::from_secs(5);
            while !restart.is_finished() || Instant::now() < until {
                let asked = Instant::now();
                let (status, body) = keyed(&clerk, &mut cases).unwrap();
                longest = longest.max(asked.elapsed());
                if status != 303 {
                    failed += 1;
                    assert!(matches!(status, 500 | 503), "{status}: {body}");
                    assert!(body.contains("登録されていません"), "{body}");
                }
            }
            restart.join().unwrap()
        });
        let (status, body) = keyed(&clerk, &mut cases).unwrap();
        assert_eq!(status, 303, "{mode}: after the restart: {body}");
        println!(
            "{mode}: away for {} ms, {} keyed, {failed} failed, longest request {} ms",
            restarted.duration_since(began).as_millis(),
            cases.len() - failed,
            longest.as_millis()
        );
        assert!(longest < Duration::from_secs(15), "{longest:?}");
        every.append(&mut cases);
    }
    server.kill();
    let found = examined(&data, url, &every);
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
}
