//! `enmusubi backup`, `restore`, `doctor` and `audit …`: what whoever looks after the machine runs.

use crate::args::{AuditArgs, AuditCommand, BackupArgs, DoctorArgs, PlaceArgs, RestoreArgs};
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words, grouped};
use crate::output::Outputs;
use crate::print;
use enmusubi_domain::template::Twin;
use enmusubi_operation::{
    Error, Grade, Installation, Manifest, backup as write_backup, examine, heads, rebuild,
    restore as put_back,
};
use jiff::Timestamp;
use std::{fmt::Write as _, io, path::Path, sync::Arc};
use tokio::runtime::{Builder, Runtime};

/// `enmusubi backup`.
pub fn backup(words: &Words, args: &BackupArgs) -> Result<Exit, Failure> {
    let mut outputs = Outputs::new(args.force);
    let key = key(&args.place);
    let plan = outputs.plan(&args.out, &[key.as_path()]);
    let plan = plan.map_err(|e| e.failure(words))?;
    let runtime = runtime(words)?;
    let there = runtime.block_on(open(words, &args.place))?;
    let mut made = None;
    let mut staged = outputs.stage();
    let written = staged.write(plan, |w| {
        let result = runtime.block_on(write_backup(&there, w));
        let failed = match &result {
            // The disk's own words are kept, for `output` tells a full disk apart.
            Err(Error::Write(e)) => Err(io::Error::new(e.kind(), e.to_string())),
            Err(e) => Err(io::Error::other(e.to_string())),
            Ok(_) => Ok(()),
        };
        made = Some(result);
        failed
    });
    let manifest = match (made, written) {
        (Some(Err(e)), _) if !matches!(e, Error::Write(_)) => return Err(failure(words, &e)),
        (Some(Ok(manifest)), Ok(())) => manifest,
        (_, Err(e)) => return Err(e.failure(words)),
        (_, Ok(())) => return Ok(Exit::Internal),
    };
    staged.commit().map_err(|e| e.failure(words))?;
    let path = args.out.display();
    print(&(words.say("backup.done", &[("path", &path)]) + "\n" + &listed(words, &manifest)));
    Ok(Exit::Done)
}

/// `enmusubi restore`.
pub fn restore(words: &Words, args: &RestoreArgs) -> Result<Exit, Failure> {
    let runtime = runtime(words)?;
    // The keys come from elsewhere: a new key would open nothing.
    std::fs::create_dir_all(&args.place.data).map_err(|source| {
        let path = args.place.data.clone();
        failure(words, &Error::Folder { path, source })
    })?;
    let manifest = runtime.block_on(async {
        let there = open(words, &args.place).await?;
        let restored = put_back(&args.from, &there).await;
        restored.map_err(|e| failure(words, &e))
    })?;
    let path = args.place.data.display();
    print(&(words.say("restore.done", &[("path", &path)]) + "\n" + &listed(words, &manifest)));
    Ok(Exit::Done)
}

/// `enmusubi doctor`.
pub fn doctor(words: &Words, args: &DoctorArgs) -> Result<Exit, Failure> {
    let runtime = runtime(words)?;
    let findings = runtime.block_on(async {
        let there = open(words, &args.place).await?;
        if args.rebuild {
            let made = rebuild(&there, Arc::new(Timestamp::now)).await;
            let made = made.map_err(|e| failure(words, &e))?;
            print(&(words.say("doctor.rebuilt", &[("count", &grouped(made))]) + "\n"));
        }
        let found = examine(&there, Timestamp::now()).await;
        found.map_err(|e| failure(words, &e))
    })?;
    let mut text = String::new();
    for finding in &findings {
        let (grade, said) = (finding.grade.text(), finding.text());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: {}", of(words, grade), of(words, said));
    }
    let problems = findings.iter().filter(|f| f.grade == Grade::Problem);
    let problems = problems.count();
    text.push_str(&match problems {
        0 => words.say("doctor.good", &[]),
        n => words.say("doctor.problems", &[("count", &n)]),
    });
    print(&(text + "\n"));
    Ok(match problems {
        0 => Exit::Done,
        _ => Exit::NotRight,
    })
}

/// `enmusubi audit …`.
pub fn audit(words: &Words, args: &AuditArgs) -> Result<Exit, Failure> {
    let runtime = runtime(words)?;
    match &args.command {
        AuditCommand::Verify { place, heads } => {
            runtime.block_on(verify(words, place, heads.as_deref()))
        }
        AuditCommand::Head { place, out } => runtime.block_on(head(words, place, out)),
    }
}

async fn verify(words: &Words, place: &PlaceArgs, file: Option<&Path>) -> Result<Exit, Failure> {
    let told = |e| failure(words, &e);
    let lines = file.map(heads::read).transpose().map_err(told)?;
    let there = open(words, place).await?;
    let verified = heads::verify(&there.store, &lines.unwrap_or_default()).await;
    let mut exit = Exit::Done;
    for (tenant, chain) in verified.map_err(told)? {
        let text = match chain {
            Ok(head) => {
                let (count, mac) = (grouped(head.seq), head.mac);
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("tenant", &tenant), ("count", &count), ("head", &mac)];
                words.say("audit.good", &values)
            }
            Err(broken) => {
                exit = Exit::NotRight;
                of(words, Error::Chain { tenant, broken }.text())
            }
        };
        print(&(text + "\n"));
    }
    Ok(exit)
}

async fn head(words: &Words, place: &PlaceArgs, out: &Path) -> Result<Exit, Failure> {
    let there = open(words, place).await?;
    let lines = heads::now(&there.store, &Timestamp::now().to_string()).await;
    let lines = lines.map_err(|e| failure(words, &e))?;
    heads::append(out, &lines).map_err(|e| failure(words, &e))?;
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("path", &out.display()), ("count", &lines.len())];
    print(&(words.say("audit.written", &values) + "\n"));
    Ok(Exit::Done)
}

async fn open(words: &Words, place: &PlaceArgs) -> Result<Installation, Failure> {
    let key = key(place);
    let opened = Installation::open(&place.data, place.database.as_deref(), Some(&key)).await;
    opened.map_err(|e| failure(words, &e))
}

fn key(place: &PlaceArgs) -> std::path::PathBuf {
    let beside = || enmusubi_operation::key_beside(&place.data);
    place.key.clone().unwrap_or_else(beside)
}

pub(super) fn runtime(words: &Words) -> Result<Runtime, Failure> {
    let built = Builder::new_multi_thread().enable_all().build();
    built.map_err(|e| {
        let text = words.say("operation.runtime", &[("detail", &e)]);
        Failure::new(Exit::Internal, text)
    })
}

fn of(words: &Words, twin: Twin) -> String {
    match words.lang {
        Lang::Ja => twin.ja,
        Lang::En => twin.en,
    }
}

pub(super) fn failure(words: &Words, error: &Error) -> Failure {
    let exit = match error {
        Error::Write(_) => Exit::NotWritten,
        Error::Disagrees { .. } | Error::Chain { .. } => Exit::NotRight,
        _ => Exit::BadInput,
    };
    Failure::new(exit, of(words, error.text()))
}

/// Tables with rows and digests, and the papers: the same lines wherever the same data are.
fn listed(words: &Words, manifest: &Manifest) -> String {
    let mut text = String::new();
    for (name, table) in &manifest.tables {
        let rows = grouped(table.rows);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("name", name), ("rows", &rows), ("sha256", &table.sha256)];
        text.push_str(&words.say("operation.table", &values));
        text.push('\n');
    }
    let bytes: u64 = manifest.papers.iter().map(|p| p.size).sum();
    let (count, bytes) = (grouped(manifest.papers.len()), grouped(bytes));
    let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("bytes", &bytes)];
    text.push_str(&words.say("operation.papers", &values));
    text.push('\n');
    text
}
