//! What a killed server left behind, held against what it had acknowledged.

use super::clerk::{Act, Case, KEYED};
use super::server::{Server, enmusubi};
use enmusubi_app::Office;
use enmusubi_casefile::fact::State;
use enmusubi_casefile::household::Household;
use enmusubi_demo::TENANT;
use enmusubi_operation::{Grade, Installation, examine};
use enmusubi_storage::{audit::Wanted, events::Loaded};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What one examination found. Whatever is wrong is a sentence in `wrong`.
#[derive(Debug, Default)]
pub struct Found {
    /// Changes that were acknowledged and are there.
    pub kept: usize,
    /// Changes nobody had heard of yet that are there all the same, whole.
    pub more: usize,
    /// Sealed papers that no case names: the server ended between the two.
    pub orphans: usize,
    /// Entries of the audit chain.
    pub audit: i64,
    pub wrong: Vec<String>,
}

/// Examines an installation that nobody runs: the program's own `doctor` and `audit verify`, and every case of the clerks.
pub fn examined(data: &Path, database: Option<&str>, cases: &[Case]) -> Found {
    let mut found = Found::default();
    programs(data, database, &mut found);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let there = Installation::open(data, database, None).await.unwrap();
        inside(&there, cases, &mut found).await;
        there.store.close().await;
    });
    found
}

/// `enmusubi doctor` and `enmusubi audit verify`.
fn programs(data: &Path, database: Option<&str>, found: &mut Found) {
    for words in [&["doctor"][..], &["audit", "verify"]] {
        let mut command = enmusubi();
        command.args(words).arg("--data").arg(data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let problems: Vec<&str> = text
            .lines()
            .filter(|l| l.starts_with("problem:"))
            // The made-up city's clock goes ahead of ours; it is looked at with its own below.
            .filter(|l| !l.contains("clock"))
            // A disk that a test made small has little room, and `doctor` is right to say so.
            .filter(|l| !l.contains(" are free ("))
            .collect();
        let told = text.contains("whole");
        if !told || !problems.is_empty() || (words[0] == "audit" && !output.status.success()) {
            let more = String::from_utf8_lossy(&output.stderr);
            found.wrong.push(format!("{words:?}: {text}{more}"));
        }
    }
}

async fn inside(there: &Installation, cases: &[Case], found: &mut Found) {
    let tenants = there.store.tenants().await.unwrap();
    let settings: serde_json::Value = serde_json::from_str(&tenants[0].settings).unwrap();
    let shift = settings["demo_shift_seconds"].as_i64().unwrap();
    let now = Timestamp::now() + SignedDuration::from_secs(shift);
    for finding in examine(there, now).await.unwrap() {
        if finding.grade == Grade::Problem && finding.key != "space-low" {
            found.wrong.push(format!("doctor: {finding:?}"));
        }
        if finding.key == "paper-orphans" {
            let count = finding.values.iter().find(|(n, _)| *n == "detail");
            found.orphans = count.and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
        }
        if finding.key == "chain" {
            let count = finding.values.iter().find(|(n, _)| *n == "count");
            found.audit = count.and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
        }
    }
    let office = Office::new(there.store.clone(), Arc::new(move || now));
    let all = there.store.all::<Household>(TENANT).await.unwrap();
    let by_mark: BTreeMap<&str, &Loaded<Household>> = all
        .iter()
        .map(|l| (l.state.address.building.as_str(), l))
        .collect();
    for case in cases {
        let Some(loaded) = by_mark.get(case.mark.as_str()) else {
            if !case.acknowledged.is_empty() {
                found.wrong.push(format!("{}: lost altogether", case.mark));
            }
            continue;
        };
        for said in whole(&office, case, loaded).await {
            found.wrong.push(format!("{}: {said}", case.mark));
        }
        acknowledged(case, loaded, found);
    }
}

/// That nothing of a case is half done: everybody with all choices, a row for each application as the state gives it, an
/// audit entry for each change.
async fn whole(office: &Office, case: &Case, loaded: &Loaded<Household>) -> Vec<String> {
    let mut wrong = Vec::new();
    let state = &loaded.state;
    let choices: Vec<_> = state.choices.values().cloned().collect();
    if state.people.len() != 4 || state.applications.len() != 2 || choices != case.choices {
        wrong.push(format!(
            "{} people, {} applications, choices {choices:?}",
            state.people.len(),
            state.applications.len()
        ));
    }
    if state.statements.len() < KEYED {
        wrong.push(format!("{} facts", state.statements.len()));
    }
    let store = office.store();
    let round = &state.applications[0].round;
    let standing = office.standing(TENANT, round).await.unwrap();
    let made = standing.projected(&loaded.id, state).rows;
    for mut row in made {
        let stored = store.case(TENANT, &row.number).await.unwrap();
        // Counted when the row is read.
        row.similar = stored.as_ref().map_or(0, |s| s.similar);
        if stored.as_ref() != Some(&row) {
            wrong.push(format!("its row is {stored:?}, not {row:?}"));
        }
    }
    let wanted = Wanted {
        subject: state.applications[0].number.clone(),
        action: "household.".to_owned(),
        most: 100,
        ..Wanted::default()
    };
    let entries = store.audit_list(TENANT, &wanted).await.unwrap();
    let received = entries
        .iter()
        .find(|l| l.entry.action == "household.received");
    let events: Option<usize> = received.and_then(|l| {
        let detail = l.entry.detail.split(", ").nth(1)?;
        detail.split(' ').next()?.parse().ok()
    });
    // One entry for the receipt with its events, one for each event after that.
    if events.map(|n| n + entries.len() - 1) != usize::try_from(loaded.version).ok() {
        wrong.push(format!(
            "version {}, {events:?} events at receipt, {} audit entries",
            loaded.version,
            entries.len()
        ));
    }
    wrong
}

/// That everything acknowledged is there; counts what is there besides.
fn acknowledged(case: &Case, loaded: &Loaded<Household>, found: &mut Found) {
    let state = &loaded.state;
    let mut missing = Vec::new();
    for act in &case.acknowledged {
        let there = match act {
            Act::Received(number) => state.applications[0].number == *number,
            Act::Stated(what, value) => state.statements.iter().any(|s| {
                format!("{}.{}", s.said.subject, s.said.attribute) == *what
                    && s.said.value == *value
            }),
            Act::Confirmed(ids) => ids.iter().all(|id| {
                let statement = state.statement(*id);
                statement.is_some_and(|s| matches!(s.state, State::Confirmed { .. }))
            }),
            Act::Attached(name) => state.papers.iter().any(|p| p.name == *name),
        };
        if there {
            found.kept += 1;
        } else {
            missing.push(format!("{}: lost {act:?}", case.mark));
        }
    }
    let confirmed = state
        .statements
        .iter()
        .skip(2)
        .filter(|s| matches!(s.state, State::Confirmed { .. }))
        .count();
    // Confirmed together, so all of them or none.
    if !matches!(confirmed, 0 | 4) {
        missing.push(format!("{}: {confirmed} of 4 confirmed", case.mark));
    }
    found.wrong.append(&mut missing);
    let done =
        1 + (state.statements.len() - KEYED) + usize::from(confirmed == 4) + state.papers.len();
    found.more += done.saturating_sub(case.acknowledged.len());
}

/// That a restarted server shows every acknowledged case with everybody in it.
pub fn opens(server: &Server, login: (&str, &str), cases: &[Case]) -> Vec<String> {
    let client = server.sign_in(login.0, login.1);
    let mut wrong = Vec::new();
    for case in cases {
        let Some(Act::Received(number)) = case.acknowledged.first() else {
            continue;
        };
        let page = client.get(&format!("/cases/{number}")).unwrap();
        let names = ["水端　葛子", "水端　雁", "水端　ひばり", "水端　つばめ"];
        let missing: Vec<_> = names.iter().filter(|n| !page.body.contains(**n)).collect();
        if page.status != 200 || !missing.is_empty() {
            wrong.push(format!("{number}: {} without {missing:?}", page.status));
        }
    }
    wrong
}
