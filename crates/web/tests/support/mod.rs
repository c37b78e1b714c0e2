//! A small made-up city on a database of its own, and requests to its site without a network.

#![expect(dead_code, reason = "each test uses a part of it")]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use enmusubi_app::{
    Actor, Office,
    accounts::{NewAccount, NewGrant},
    rounds::round_id,
    seats::Described,
};
use enmusubi_casefile::{
    account::{Account, Columns, Role},
    application::{Channel, ReceiptRule},
    facility::{Class, Enrolled},
    household::Event,
    round::Calendar,
};
use enmusubi_storage::{Store, audit::Key, tenants::Tenant};
use enmusubi_web::{Settings, Site};
use jiff::{Timestamp, civil::date};
use std::{collections::BTreeMap, sync::Arc};
use tower::ServiceExt as _;

/// The made-up city, and a neighbour.
pub const CITY: &str = "999999";
pub const NEIGHBOUR: &str = "999998";
pub const PASSWORD: &str = "kazaguruma-no-oto-9";

/// What a test has at hand.
pub struct City {
    pub office: Office,
    pub site: Router,
    pub round: String,
    folder: tempfile::TempDir,
}

/// The day of the tests: 1 December of 令和8年, noon in Japan.
pub fn now() -> Timestamp {
    "2026-12-01T03:00:00Z".parse().unwrap()
}

pub fn calendar() -> Calendar {
    Calendar {
        entry: date(2027, 4, 1),
        number: 1,
        base: date(2027, 4, 1),
        opens: date(2026, 10, 1),
        deadline: date(2026, 11, 30),
        correction_deadline: date(2026, 12, 10),
        change_deadline: date(2026, 12, 10),
        answer_deadline: date(2027, 2, 10),
        publication: "2027-01-29T00:00:00Z".parse().unwrap(),
        receipt: [(Channel::Paper, ReceiptRule::Postmark)].into(),
        late_rule: "二次選考の対象とします".into(),
        valid_months: 6,
    }
}

pub fn fields(list: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in list {
        map.entry((*name).into()).or_default().push((*value).into());
    }
    map
}

/// A paper as it is keyed.
pub const PAPER: &[(&str, &str)] = &[
    ("channel", "paper"),
    ("arrived", "R8.11.20"),
    ("address.postcode", "1234567"),
    ("address.text", "みどり町1-2-3"),
    ("phone", "090-0000-0001"),
    ("g1.name", "水端　葛\u{E0100}子"),
    ("g1.kana", "ミナモ　カツコ"),
    ("g1.birth", "4050101"),
    ("g1.reasons", "就労"),
    ("c1.name", "水端　ひばり"),
    ("c1.kana", "ミナモ　ヒバリ"),
    ("c1.birth", "R7.6.1"),
    ("c1.kind", "new"),
    ("c1.choices", "1 2"),
    ("c1.desired_from", "2027-04-01"),
];

impl City {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_folder(folder.path(), Key::new([7; 32]))
            .await
            .unwrap();
        Self::on(store, folder).await
    }

    pub async fn on(store: Store, folder: tempfile::TempDir) -> Self {
        for (id, name) in [(CITY, "園むすび市"), (NEIGHBOUR, "となり市")] {
            let tenant = Tenant {
                id: id.into(),
                name: name.into(),
                settings: "{}".into(),
            };
            store.put_tenant(&tenant).await.unwrap();
        }
        let office = Office::new(store, Arc::new(now));
        for tenant in [CITY, NEIGHBOUR] {
            let system = Actor::system(tenant);
            office
                .plan_round(&system, 0, "令和9年4月 一次", calendar())
                .await
                .unwrap();
            for n in 1..=2u8 {
                let facts = [
                    ("name".to_owned(), format!("なぎさの園{n}")),
                    ("kind".to_owned(), "認可保育所".to_owned()),
                ];
                let classes = (0..3).map(|age| Class {
                    age,
                    capacity: 9,
                    acceptable: 9,
                    staff: Some(3),
                });
                let enrolled = Enrolled {
                    child: format!("E{n}"),
                    birth: date(2025, 6, 1),
                    from: date(2026, 4, 1),
                    until: None,
                };
                let roster = Some((date(2026, 11, 1), vec![enrolled]));
                let id = format!("N{n:03}");
                office
                    .set_facility(
                        &system,
                        &id,
                        0,
                        Described {
                            facts: facts.into(),
                            classes: classes.collect(),
                            roster,
                            last_year: None,
                        },
                    )
                    .await
                    .unwrap();
            }
            for role in Role::ALL {
                account(&office, tenant, role.name(), role, &[]).await;
            }
            account(
                &office,
                tenant,
                "trusted",
                Role::Examiner,
                &[Columns::Protected],
            )
            .await;
        }
        let site = Site::new(office.clone(), Settings::default()).router();
        Self {
            office,
            site,
            round: round_id(&calendar()),
            folder,
        }
    }

    /// Stores a paper; its number.
    pub async fn paper(&self, change: &[(&str, &str)]) -> String {
        let mut values = fields(PAPER);
        for (name, value) in change {
            values.insert((*name).into(), vec![(*value).into()]);
        }
        let system = Actor::system(CITY);
        let received = self
            .office
            .receive(&system, &self.round, &values, true, None)
            .await
            .unwrap();
        received.numbers[0].clone()
    }

    /// Does something to a case as the program itself.
    pub async fn event(&self, number: &str, event: Event) {
        let system = Actor::system(CITY);
        let opened = self.office.peek_case(&system, number).await.unwrap();
        self.office
            .change_case(&system, number, opened.case.version, |_| Ok(vec![event]))
            .await
            .unwrap();
    }

    /// Signs in; the cookie.
    pub async fn sign_in(&self, tenant: &str, login: &str) -> String {
        let form = [("tenant", tenant), ("login", login), ("password", PASSWORD)];
        let answer = self.post("/sign-in", "", &form).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{login}: {}",
            answer.body
        );
        let cookie = answer.cookie.expect("a session");
        cookie.split(';').next().unwrap().to_owned()
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }

    pub async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.site.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let text = |name: header::HeaderName| {
            let value = response.headers().get(name);
            value.and_then(|v| v.to_str().ok()).map(str::to_owned)
        };
        let cookie = text(header::SET_COOKIE);
        let to = text(header::LOCATION);
        let body = to_bytes(response.into_body(), 8 << 20).await.unwrap();
        Answer {
            status,
            cookie,
            to,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub cookie: Option<String>,
    pub to: Option<String>,
    pub body: String,
}

/// An account of a role, granted by two.
pub async fn account(
    office: &Office,
    tenant: &str,
    login: &str,
    role: Role,
    columns: &[Columns],
) -> String {
    let system = Actor::system(tenant);
    let other = Actor {
        account: "system-2".into(),
        ..Actor::system(tenant)
    };
    let id = office
        .make_account(
            &system,
            NewAccount {
                login: login.into(),
                name: format!("{login}の人"),
                post: "保育課".into(),
                password: PASSWORD.into(),
            },
        )
        .await
        .unwrap();
    let grant = NewGrant {
        role,
        columns: columns.iter().copied().collect(),
        facility: (role == Role::Nursery).then(|| "N001".to_owned()),
        from: date(2026, 4, 1),
        until: date(2027, 3, 31),
    };
    let account = office.propose_grant(&system, &id, 1, grant).await.unwrap();
    let grants: &Account = &account.state;
    let last = grants.grants.len() as u32;
    office
        .approve_grant(&other, &id, account.version, last)
        .await
        .unwrap();
    id
}

/// A new database on a PostgreSQL server; its address.
pub async fn fresh_database(server: &str) -> String {
    let name = format!(
        "journey_{}_{}",
        std::process::id(),
        Timestamp::now().as_nanosecond()
    );
    let status = std::process::Command::new("psql")
        .args([server, "-qc", &format!("CREATE DATABASE {name}")])
        .status()
        .expect("psql is there");
    assert!(status.success());
    let (base, query) = server.split_once('?').map_or((server, ""), |(b, q)| (b, q));
    let at = base
        .rfind('/')
        .filter(|i| *i > base.find("://").map_or(0, |s| s + 2));
    let base = at.map_or(base, |i| &base[..i]);
    if query.is_empty() {
        format!("{base}/{name}")
    } else {
        format!("{base}/{name}?{query}")
    }
}

/// What the table knows of a cookie's value.
pub fn digest(value: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(value.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}
