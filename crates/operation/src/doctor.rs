//! Whether everything is as it must be, each finding with how to mend it; rows of lists made anew.

use crate::{Error, Installation, backup::name, format::sha256};
use enmusubi_app::{Clock, Office};
use enmusubi_casefile::{
    Aggregate, account::Account, facility::Facility, household::Household, paper::Paper,
    release::Release, round::Round, seats::Seats,
};
use enmusubi_storage::{Kind, Store, audit::Wanted};
use enmusubi_vault::{ObjectId, PaperStore as _};
use jiff::Timestamp;
use std::{collections::BTreeMap, path::Path};

/// How good a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it must be.
    Good,
    /// Worth knowing; nothing is wrong.
    Note,
    /// Wrong; its text says how to mend it.
    Problem,
}

/// Something that was looked at. [`Finding::text`] says it to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How good it is.
    pub grade: Grade,
    /// Key in the messages, without its grade.
    pub key: &'static str,
    /// What goes into the sentence.
    pub values: Vec<(&'static str, String)>,
}

/// Free space below which a night's work may not fit.
const FREE_LEAST: u64 = 1 << 30;
/// Clocks of two machines may differ so much, in seconds.
const CLOCK_MOST: i64 = 300;

fn finding(
    grade: Grade,
    key: &'static str,
    values: impl IntoIterator<Item = (&'static str, String)>,
) -> Finding {
    let values = values.into_iter().collect();
    Finding { grade, key, values }
}

/// Looks at everything. An installation that does not open is told by [`Installation::open`].
///
/// # Errors
/// The database could not. What is wrong with a row or a paper is a finding.
pub async fn examine(of: &Installation, now: Timestamp) -> Result<Vec<Finding>, Error> {
    let mut found = vec![
        database(&of.store).await?,
        finding(
            Grade::Good,
            "keys",
            [
                ("path", of.key_file.display().to_string()),
                ("count", of.keys.ids().len().to_string()),
            ],
        ),
    ];
    found.extend(space(&of.data));
    for tenant in of.store.tenants().await? {
        let id = tenant.id.as_str();
        found.push(clock(&of.store, id, now).await?);
        found.push(chain(&of.store, id).await?);
        found.extend(streams(&of.store, id).await?);
        found.extend(papers(of, id).await?);
    }
    if found
        .iter()
        .all(|f| f.key != "chain" && f.key != "chain-broken")
    {
        found.push(finding(Grade::Note, "no-tenant", []));
    }
    Ok(found)
}

async fn database(store: &Store) -> Result<Finding, Error> {
    let about = store.about().await?;
    let kind = match store.kind() {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    };
    let grade = match about.damage {
        None => Grade::Good,
        Some(_) => Grade::Problem,
    };
    let key = match grade {
        Grade::Problem => "database-damaged",
        _ => "database",
    };
    let values = [
        ("kind", kind.to_owned()),
        ("version", about.version),
        ("size", megabytes(about.bytes.unsigned_abs())),
        ("migrations", about.migrations.to_string()),
        ("detail", about.damage.unwrap_or_default()),
    ];
    Ok(finding(grade, key, values))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}

/// Free space of the disk the data folder is on, where the system tells.
fn space(data: &Path) -> Option<Finding> {
    #[cfg(unix)]
    let free = {
        let stat = rustix::fs::statvfs(data).ok()?;
        stat.f_bavail.saturating_mul(stat.f_frsize)
    };
    #[cfg(not(unix))]
    let free: u64 = return None;
    let values = [
        ("path", data.display().to_string()),
        ("free", megabytes(free)),
        ("least", megabytes(FREE_LEAST)),
    ];
    Some(match free < FREE_LEAST {
        true => finding(Grade::Problem, "space-low", values),
        false => finding(Grade::Good, "space", values),
    })
}

/// Nothing happened in the future.
async fn clock(store: &Store, tenant: &str, now: Timestamp) -> Result<Finding, Error> {
    let wanted = Wanted {
        most: 1,
        ..Wanted::default()
    };
    let last = store.audit_list(tenant, &wanted).await?;
    let last = last
        .first()
        .and_then(|l| l.entry.at.parse::<Timestamp>().ok());
    let late = last.is_some_and(|l| l.as_second() > now.as_second() + CLOCK_MOST);
    let values = [
        ("tenant", tenant.to_owned()),
        ("now", now.to_string()),
        ("last", last.map(|l| l.to_string()).unwrap_or_default()),
    ];
    Ok(match late {
        true => finding(Grade::Problem, "clock-behind", values),
        false => finding(Grade::Good, "clock", values),
    })
}

async fn chain(store: &Store, tenant: &str) -> Result<Finding, Error> {
    let name = ("tenant", tenant.to_owned());
    Ok(match store.audit_verify(tenant, &[]).await? {
        Ok(head) => finding(
            Grade::Good,
            "chain",
            [name, ("count", head.seq.to_string())],
        ),
        Err(broken) => finding(
            Grade::Problem,
            "chain-broken",
            [name, ("detail", format!("{broken:?}"))],
        ),
    })
}

async fn differing<A: Aggregate + PartialEq>(
    store: &Store,
    tenant: &str,
    found: &mut Vec<Finding>,
) -> Result<(), Error> {
    let values = |detail: String| {
        [
            ("tenant", tenant.to_owned()),
            ("kind", A::KIND.to_owned()),
            ("detail", detail),
        ]
    };
    match store.differing::<A>(tenant).await {
        Ok(ids) if ids.is_empty() => Ok(()),
        Ok(ids) => {
            found.push(finding(
                Grade::Problem,
                "stream-differs",
                values(ids.join(", ")),
            ));
            Ok(())
        }
        Err(enmusubi_storage::Error::Damaged { row, .. }) => {
            found.push(finding(Grade::Problem, "stream-damaged", values(row)));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Every snapshot is what its events say.
async fn streams(store: &Store, tenant: &str) -> Result<Vec<Finding>, Error> {
    let mut found = Vec::new();
    differing::<Household>(store, tenant, &mut found).await?;
    differing::<Account>(store, tenant, &mut found).await?;
    differing::<Facility>(store, tenant, &mut found).await?;
    differing::<Seats>(store, tenant, &mut found).await?;
    differing::<Round>(store, tenant, &mut found).await?;
    differing::<Release>(store, tenant, &mut found).await?;
    if found.is_empty() {
        found.push(finding(
            Grade::Good,
            "streams",
            [("tenant", tenant.to_owned())],
        ));
    }
    Ok(found)
}

/// Papers that cases name are there, open, and are what came in; papers that no case names are told.
async fn papers(of: &Installation, tenant: &str) -> Result<Vec<Finding>, Error> {
    let mut named: BTreeMap<String, Paper> = BTreeMap::new();
    let Ok(cases) = of.store.all::<Household>(tenant).await else {
        // Told as a stream that cannot be read.
        return Ok(Vec::new());
    };
    for case in cases {
        named.extend(case.state.papers.into_iter().map(|p| (p.id.clone(), p)));
    }
    let place = name(tenant)?;
    let there = of.papers.list(&place).await.map_err(Error::Papers)?;
    let mut found = Vec::new();
    let of_paper = |id: &str, detail: String| {
        [
            ("tenant", tenant.to_owned()),
            ("id", id.to_owned()),
            ("detail", detail),
        ]
    };
    for (id, paper) in &named {
        let Some(object) = id.parse::<ObjectId>().ok().filter(|o| there.contains(o)) else {
            found.push(finding(
                Grade::Problem,
                "paper-missing",
                of_paper(id, String::new()),
            ));
            continue;
        };
        match of.papers.get(&place, &object).await {
            // Pictures are kept as they were encoded anew, so the digest of the original says nothing of them.
            Ok(Some(bytes)) if paper.content != "image" && sha256(&bytes) != paper.digest => {
                found.push(finding(
                    Grade::Problem,
                    "paper-other",
                    of_paper(id, sha256(&bytes)),
                ));
            }
            Ok(Some(_)) => {}
            Ok(None) => {
                found.push(finding(
                    Grade::Problem,
                    "paper-missing",
                    of_paper(id, String::new()),
                ));
            }
            Err(error) => {
                let detail = error.to_string();
                found.push(finding(
                    Grade::Problem,
                    "paper-damaged",
                    of_paper(id, detail),
                ));
            }
        }
    }
    let orphans: Vec<String> = there.iter().map(ObjectId::to_string).collect();
    let orphans: Vec<String> = orphans
        .into_iter()
        .filter(|id| !named.contains_key(id))
        .collect();
    if !orphans.is_empty() {
        let values = of_paper(&orphans.join(", "), orphans.len().to_string());
        found.push(finding(Grade::Note, "paper-orphans", values));
    }
    if found.iter().all(|f| f.grade != Grade::Problem) {
        let values = [
            ("tenant", tenant.to_owned()),
            ("count", named.len().to_string()),
        ];
        found.push(finding(Grade::Good, "papers", values));
    }
    Ok(found)
}

/// Makes the rows of lists of every case anew, each case in a transaction of its own, and records that it was done. Gives how many
/// cases there are.
///
/// # Errors
/// The database could not.
pub async fn rebuild(of: &Installation, clock: Clock) -> Result<u64, Error> {
    let office = Office::new(of.store.clone(), clock);
    let mut count = 0;
    for tenant in of.store.tenants().await? {
        count += office.reindex(&tenant.id).await.map_err(Error::Rows)?;
        let mut tx = of.store.begin(&tenant.id).await?;
        tx.audit(&enmusubi_storage::audit::Entry {
            at: office.now().to_string(),
            actor: "system".to_owned(),
            action: "rebuild".to_owned(),
            subject: String::new(),
            detail: format!("cases={count}"),
        })
        .await?;
        tx.commit().await?;
    }
    Ok(count)
}
