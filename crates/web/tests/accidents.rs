//! Published accidents, played again on a made-up city: each is stopped before a round can be marked as ready.
//!
//! - 浦安 2021: a new rule that nobody had tried out. <https://xtech.nikkei.com/atcl/nxt/mag/nc/18/020600011/022400074/>
//! - 甲賀: a wrong table of points, 400 children. <https://nordot.app/1113064435757711550>
//! - 豊橋: 119 seats too few at eight nurseries. <https://yodokikaku.net/?p=59641>
//! - さいたま 2020: combinations of siblings, the selection stopped for days.

mod support;

use axum::http::StatusCode;
use enmusubi_app::{Actor, Fault, seats::Described};
use enmusubi_casefile::{
    certification::{Act, Class as Need, Hours},
    facility::{Class, Enrolled},
    fact::{Said, Source, Subject},
    household::{Event, Proposal, Wish},
    release::{Control, Release},
    seats::{AlarmKind, compute},
};
use enmusubi_storage::events::Loaded;
use jiff::civil::date;
use std::collections::BTreeMap;
use support::{CITY, City};

const CRITERIA: &str = include_str!("../../../criteria/example/r9.toml");
/// A row of the table that every worked example adds up.
const NEW_RULE: &str = "\n[[row]]\nid = \"long-wait\"\ntable = \"adjust\"\nlabel = \"待機が1年を超えた児童\"\n\
                        when = \"child.refused_before && child.waiting_days > days(365)\"\npoints = 7\npage = \"p.14\"\n";

fn other(account: &str) -> Actor {
    Actor {
        account: account.into(),
        ..Actor::system(CITY)
    }
}

async fn proposed(city: &City, by: &Actor, text: &str) -> Loaded<Release> {
    let made = city
        .office
        .propose_criteria(by, "r9.toml", text.as_bytes(), "令和9年度の改定")
        .await;
    made.expect("the file has no errors")
}

/// Control numbers as somebody counts them in a document with these tables.
fn counted(release: &Release) -> BTreeMap<String, Control> {
    release.findings.controls.clone()
}

/// Types control numbers on the page of a release.
async fn released(
    city: &City,
    cookie: &str,
    made: &Loaded<Release>,
    controls: &BTreeMap<String, Control>,
) -> support::Answer {
    let version = made.version.to_string();
    let mut form = vec![("version".to_owned(), version)];
    for (table, control) in controls {
        form.push((format!("rows-{table}"), control.rows.to_string()));
        form.push((format!("points-{table}"), control.points.clone()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let at = format!("/criteria/{}/release", made.id);
    city.post(&at, cookie, &form).await
}

/// The example city's criteria, in force.
async fn in_force(city: &City) {
    let made = proposed(city, &other("someone-else"), CRITERIA).await;
    let controls = counted(&made.state);
    let released = city
        .office
        .release_criteria(&Actor::system(CITY), &made.id, made.version, controls)
        .await;
    released.expect("nothing is wrong with the file");
}

fn mend(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

#[tokio::test(flavor = "multi_thread")]
async fn urayasu_a_new_rule_without_a_worked_example_is_not_released() {
    let city = City::new().await;
    in_force(&city).await;
    let approver = city.sign_in(CITY, "approver").await;
    let at = CRITERIA
        .find("\n[[table]]\nid = \"reason\"")
        .expect("a table");
    let ruled = format!("{}{NEW_RULE}{}", &CRITERIA[..at], &CRITERIA[at..]);
    let made = proposed(&city, &other("someone-else"), &ruled).await;
    assert_eq!(
        made.state.findings.untested.len(),
        1,
        "{:?}",
        made.state.findings
    );
    let answer = released(&city, &approver, &made, &counted(&made.state)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("計算例がありません"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("long-wait"), "{}", answer.body);
    // With an example in which the rule makes a difference, it is.
    let example = "\n[[example]]\nid = \"long-wait\"\nlabel = \"待機が400日\"\n\
        round = { entry_date = \"2027-04-01\", number = 1, base_date = \"2026-11-30\" }\n\
        household = { residence = \"resident\", area = \"東\", income = 6000000 }\n\
        guardians = [\n  { reasons = [\"employment\"], work_days_per_month = 20, work_hours_per_day = 8, commute_minutes = 30 },\n]\n\
        child = { application = \"new\", birth_date = \"2026-01-10\", on_time = true, refused_before = true, waiting_days = 400 }\n\
        facility = { kind = \"nursery\", area = \"東\", last_age = 5 }\nchoice = { rank = 1 }\nexpect = { adjust = \"7\" }\n\
        document = \"guide\"\npage = \"p.16\"\n";
    let made = proposed(&city, &other("someone-else"), &(ruled + example)).await;
    assert_eq!(made.state.findings.untested, Vec::<String>::new());
    assert_eq!(made.state.findings.failed, Vec::<String>::new());
    let answer = released(&city, &approver, &made, &counted(&made.state)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn koka_a_wrong_table_of_points_differs_from_the_published_document() {
    let city = City::new().await;
    let published = counted(&proposed(&city, &other("reader"), CRITERIA).await.state);
    // One digit left out in one row; whoever did it took the worked example from the same wrong table.
    let wrong = mend(
        CRITERIA,
        "label = \"保育料の滞納\"\nparents = \"保育料の未納\"\nwhen = \"household.arrears\"\npoints = -20",
        "label = \"保育料の滞納\"\nparents = \"保育料の未納\"\nwhen = \"household.arrears\"\npoints = -2",
    );
    let wrong = mend(
        &wrong,
        "expect = { adjust = -2 }",
        "expect = { adjust = 16 }",
    );
    let proposer = city.sign_in(CITY, "approver").await;
    let by = city.office.store().account_of(CITY, "approver").await;
    let by = by.expect("a database").expect("an account");
    let made = proposed(&city, &other(&by), &wrong).await;
    let from_the_file = counted(&made.state);
    let differing: Vec<&String> = published
        .iter()
        .filter(|(table, control)| from_the_file.get(*table) != Some(control))
        .map(|(table, _)| table)
        .collect();
    assert_eq!(differing, ["adjust"]);
    // Whoever proposed it counts in the same wrong file: the numbers agree, and the person is the same.
    let answer = released(&city, &proposer, &made, &from_the_file).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("起案した人は承認できません"),
        "{}",
        answer.body
    );
    // Another counts in the published document.
    support::account(
        &city.office,
        CITY,
        "approver-2",
        enmusubi_casefile::account::Role::Approver,
        &[],
    )
    .await;
    let second = city.sign_in(CITY, "approver-2").await;
    assert_eq!(made.state.findings.failed, Vec::<String>::new());
    let answer = released(&city, &second, &made, &published).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("公表された基準書"), "{}", answer.body);
    // Nothing is in force, and the round says so.
    let ready = city.get(&format!("/rounds/{}", city.round), &second).await;
    assert!(
        ready.body.contains("基準が公開されていません"),
        "{}",
        ready.body
    );
}

/// Nurseries of 豊橋, and seats each says too few: 119 in all.
const TOO_FEW: [u32; 8] = [15, 15, 15, 15, 15, 15, 15, 14];

#[tokio::test(flavor = "multi_thread")]
async fn toyohashi_seats_reported_too_low_are_alarms_at_each_nursery_and_a_sum() {
    let city = City::new().await;
    in_force(&city).await;
    for (n, short) in TOO_FEW.iter().enumerate() {
        nursery(&city, &format!("N{:03}", 101 + n), *short).await;
    }
    for id in ["N001", "N002"] {
        answer(&city, id, |computed| computed).await;
    }
    let approver = city.sign_in(CITY, "approver").await;
    let at = format!("/rounds/{}", city.round);
    let page = city.get(&at, &approver).await;
    assert!(page.body.contains("8園、合わせて119人分"), "{}", page.body);
    for n in 0..TOO_FEW.len() {
        let id = format!("N{:03}", 101 + n);
        let shown = city
            .office
            .seats(&Actor::system(CITY), &city.round, &id)
            .await;
        let shown = shown.expect("a facility");
        let open = shown.seats.open_alarms(&shown.facility, &shown.computed);
        let kinds: Vec<AlarmKind> = open.iter().map(|a| a.kind).collect();
        assert!(kinds.contains(&AlarmKind::Differs), "{id}: {kinds:?}");
        assert!(
            kinds.contains(&AlarmKind::UnlikeLastYear),
            "{id}: {kinds:?}"
        );
        assert!(page.body.contains(&id), "{id}: {}", page.body);
    }
    let answer = city
        .post(&format!("{at}/ready"), &approver, &[("version", "1")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let readiness = city.office.readiness(&other("approver"), &city.round).await;
    let readiness = readiness.expect("a round");
    assert_eq!(readiness.fewer, (8, 119));
    // Without their answer the round would not be ready either: the number was wrong, not late.
    assert_eq!(readiness.confirmed, readiness.facilities);
}

/// A nursery that had 18 seats in each of six classes last year, has them again, and says so many too few.
async fn nursery(city: &City, id: &str, short: u32) {
    let classes: Vec<Class> = (0..6)
        .map(|age| Class {
            age,
            capacity: 18,
            acceptable: 18,
            staff: Some(6),
        })
        .collect();
    let facts = [("name".to_owned(), format!("みなみの園{id}"))];
    let nobody = Some((date(2026, 11, 1), Vec::<Enrolled>::new()));
    let last_year = (0..6).map(|age| (age, 18)).collect();
    let system = Actor::system(CITY);
    let made = city.office.set_facility(
        &system,
        id,
        0,
        Described {
            facts: facts.into(),
            classes,
            roster: nobody,
            last_year: Some(last_year),
        },
    );
    made.await.expect("a facility");
    // All of it in two classes, as where a group room was left out.
    answer(city, id, |(age, seats)| match age {
        1 => (age, seats - short.min(10)),
        2 => (age, seats - (short - short.min(10))),
        _ => (age, seats),
    })
    .await;
}

/// A nursery's answer: what it makes of each class and number as computed.
async fn answer(city: &City, id: &str, said: impl Fn((u8, u32)) -> (u8, u32)) {
    let standing = city
        .office
        .standing(CITY, &city.round)
        .await
        .expect("a round");
    let entry = standing.state.calendar.as_ref().expect("days").entry;
    let computed = compute(&standing.facilities[id].0, entry, &BTreeMap::new());
    let said = computed.iter().map(|c| {
        let (age, seats) = said((c.age, c.seats));
        (age, (seats, "募集要項のとおり".to_owned()))
    });
    let head = Actor {
        facility: Some(id.into()),
        ..Actor::system(CITY)
    };
    let answered = city
        .office
        .answer_seats(&head, &city.round, id, 0, said.collect());
    answered.await.expect("an answer with reasons");
}

/// Two siblings who apply, with everything known and certified; the number of the elder's application.
async fn siblings(city: &City) -> String {
    let number = city
        .paper(&[
            ("c2.name", "水端　つばめ"),
            ("c2.kana", "ミナモ　ツバメ"),
            ("c2.birth", "R7.6.1"),
            ("c2.kind", "new"),
            ("c2.choices", "1"),
            ("c1.birth", "R6.6.1"),
        ])
        .await;
    let state = |what: &str, value: &str| {
        let (subject, attribute) = what.rsplit_once('.').expect("a subject");
        Said {
            subject: Subject::try_from(subject.to_owned()).expect("a subject"),
            attribute: attribute.to_owned(),
            value: value.to_owned(),
            from: None,
            to: None,
            source: Source::Staff {
                reason: "書類を見た".into(),
            },
        }
    };
    let facts = [
        ("h.residence", "市内在住"),
        ("h.income", "5000000"),
        ("h.area", "東"),
        ("g1.reasons", "就労"),
        ("g1.work_hours_per_month", "160"),
        ("g1.work_days_per_month", "20"),
        ("g1.work_days_per_week", "5"),
        ("g1.work_hours_per_day", "8"),
        ("g1.commute_minutes", "20"),
    ];
    change(city, &number, |h| {
        let mut events = h.state_all(facts.iter().map(|(w, v)| (state(w, v), true)).collect())?;
        for open in h.unconfirmed() {
            events.extend(h.confirm(open.id, None, None)?);
        }
        Ok(events)
    })
    .await;
    for child in ["c1", "c2"] {
        let proposal = Proposal {
            child: child.into(),
            act: Act::Certify,
            class: Need::Third,
            hours: Some(Hours::Standard),
            reasons: vec!["就労".into()],
            from: date(2027, 4, 1),
            to: date(2027, 5, 30),
            why: String::new(),
            changes: None,
        };
        let at = support::now();
        change(city, &number, |h| {
            h.propose_certification(proposal, "examiner", at)
        })
        .await;
    }
    for id in [1, 2] {
        let approver = other("approver");
        let opened = city
            .office
            .peek_case(&approver, &number)
            .await
            .expect("a case");
        let done = city
            .office
            .approve_certification(&approver, &number, opened.case.version, id);
        done.await.expect("two people");
    }
    number
}

async fn change(
    city: &City,
    number: &str,
    decide: impl FnOnce(
        &enmusubi_casefile::household::Household,
    ) -> Result<Vec<Event>, enmusubi_casefile::Refusal>,
) {
    let system = Actor::system(CITY);
    let opened = city
        .office
        .peek_case(&system, number)
        .await
        .expect("a case");
    let version = opened.case.version;
    let changed = city
        .office
        .change_case(&system, number, version, decide)
        .await;
    changed.expect("nothing refuses it");
}

#[tokio::test(flavor = "multi_thread")]
async fn saitama_combinations_that_cannot_be_so_are_told_before_the_round_is_ready() {
    let city = City::new().await;
    in_force(&city).await;
    for id in ["N001", "N002"] {
        answer(&city, id, |computed| computed).await;
    }
    let number = siblings(&city).await;
    let approver = city.sign_in(CITY, "approver").await;
    let at = format!("/rounds/{}", city.round);
    let page = city.get(&at, &approver).await;
    assert!(page.body.contains("選考を実行できます"), "{}", page.body);
    let combination = |slots: &[(&str, Option<&str>)]| -> Vec<(String, Option<String>)> {
        let slots = slots.iter();
        slots
            .map(|(c, f)| ((*c).into(), f.map(str::to_owned)))
            .collect()
    };
    let wish = |timing: &str, place: &str| Wish {
        timing: timing.into(),
        place: place.into(),
        ..Wish::default()
    };
    let good = combination(&[("c1", Some("N001")), ("c2", Some("N001"))]);
    // What is wrong; the answer to the sibling question; the second combination; what the page says of it.
    let cases = [
        (
            "a child that is not there",
            wish("", ""),
            combination(&[("c1", Some("N001")), ("c3", Some("N001"))]),
            "この世帯にいない子（c3）",
        ),
        (
            "a facility that is not there",
            wish("", ""),
            combination(&[("c1", Some("N0O2")), ("c2", Some("N001"))]),
            "この選考にない園（N0O2）",
        ),
        (
            "a facility the younger has not chosen",
            wish("", ""),
            combination(&[("c1", Some("N001")), ("c2", Some("N002"))]),
            "N002",
        ),
        (
            "one alone, where both must enter together",
            wish("同時のみ", ""),
            combination(&[("c1", Some("N002")), ("c2", None)]),
            "きょうだいの希望の回答と食い違っています",
        ),
        (
            "two facilities, where only one will do",
            wish("", "同じ園のみ"),
            combination(&[("c1", Some("N002")), ("c2", Some("N001"))]),
            "きょうだいの希望の回答と食い違っています",
        ),
    ];
    for (what, wish, second, told) in cases {
        let lists = vec![good.clone(), second];
        city.event(&number, Event::WishSet { wish }).await;
        city.event(&number, Event::CombinationsSet { lists }).await;
        refused(&city, &approver, what, told).await;
    }
    // A code of another form: さいたま's ⑤ is another's ⑥.
    city.event(&number, Event::CombinationsSet { lists: Vec::new() })
        .await;
    let unknown = wish("⑤", "");
    city.event(&number, Event::WishSet { wish: unknown }).await;
    refused(&city, &approver, "an answer the form does not have", "⑤").await;
    // Mended, the round goes on.
    let meant = wish("順次でもよい", "希望順位を優先");
    city.event(&number, Event::WishSet { wish: meant }).await;
    let lists = vec![good, combination(&[("c1", Some("N002")), ("c2", None)])];
    city.event(&number, Event::CombinationsSet { lists }).await;
    let answer = city
        .post(&format!("{at}/ready"), &approver, &[("version", "1")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// The round's page tells it, and the round cannot be marked as ready.
async fn refused(city: &City, approver: &str, what: &str, told: &str) {
    let at = format!("/rounds/{}", city.round);
    let page = city.get(&at, approver).await;
    assert!(page.body.contains(told), "{what}: {}", page.body);
    assert!(!page.body.contains("選考を実行できます"), "{what}");
    let answer = city
        .post(&format!("{at}/ready"), approver, &[("version", "1")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    let fault = city
        .office
        .mark_ready(&other("approver"), &city.round, 1)
        .await;
    assert!(matches!(fault, Err(Fault::Refused(_))), "{what}: {fault:?}");
}
