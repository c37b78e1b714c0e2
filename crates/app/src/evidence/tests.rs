//! Use cases on a real database in a folder, with papers in memory. Everybody is made up.

use super::*;
use crate::{Clock, office::day_in_japan};
use async_trait::async_trait;
use enmusubi_casefile::{
    account::{Columns, Role},
    facility,
    fact::{Source as From, State, Subject},
    household::{Decision, Household},
    paper::{PaperKind, PaperNote},
    round::Calendar,
};
use enmusubi_interchange::certificate;
use enmusubi_papers::Refused;
use enmusubi_storage::{Store, audit::Key, events::Loaded};
use enmusubi_vault::{Failure, MemoryPapers, ObjectId, Operation, PaperStore, StoreError, Tenant};
use jiff::{Timestamp, civil::date};
use std::{collections::BTreeMap, sync::Arc};

/// A disk that is full.
#[derive(Debug)]
struct Full {
    /// Papers it takes before.
    takes: std::sync::atomic::AtomicI32,
    kept: MemoryPapers,
}

#[async_trait]
impl PaperStore for Full {
    async fn put(&self, tenant: &Tenant, id: &ObjectId, bytes: &[u8]) -> Result<(), StoreError> {
        let left = self.takes.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
        if left <= 0 {
            let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Err(StoreError::of_place(Operation::Put, full));
        }
        self.kept.put(tenant, id, bytes).await
    }

    async fn get(&self, tenant: &Tenant, id: &ObjectId) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept.get(tenant, id).await
    }

    async fn delete(&self, tenant: &Tenant, id: &ObjectId) -> Result<(), StoreError> {
        self.kept.delete(tenant, id).await
    }

    async fn exists(&self, tenant: &Tenant, id: &ObjectId) -> Result<bool, StoreError> {
        self.kept.exists(tenant, id).await
    }

    async fn list(&self, tenant: &Tenant) -> Result<Vec<ObjectId>, StoreError> {
        self.kept.list(tenant).await
    }
}

struct Desk {
    office: Office,
    actor: Actor,
    papers: Arc<dyn PaperStore>,
    number: String,
    _folder: tempfile::TempDir,
}

const TENANT: &str = "000000";
const ROUND: &str = "2027-04-1";

fn clerk(name: &str, roles: &[Role]) -> Actor {
    Actor {
        tenant: TENANT.into(),
        account: name.into(),
        name: name.into(),
        roles: roles.iter().copied().collect(),
        columns: Columns::ALL.into(),
        facility: None,
    }
}

fn calendar() -> Calendar {
    Calendar {
        entry: date(2027, 4, 1),
        number: 1,
        base: date(2027, 4, 1),
        opens: date(2026, 10, 1),
        deadline: date(2026, 11, 30),
        correction_deadline: date(2026, 12, 18),
        change_deadline: date(2026, 12, 18),
        answer_deadline: date(2027, 2, 10),
        publication: "2027-01-25T00:00:00Z".parse().expect("a moment"),
        receipt: BTreeMap::new(),
        late_rule: String::new(),
        valid_months: 6,
    }
}

async fn desk_on(papers: Arc<dyn PaperStore>) -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::in_folder(folder.path(), Key::new([7; 32])).await;
    let store = store.expect("a database");
    let clock: Clock = Arc::new(|| {
        "2026-11-20T03:00:00Z"
            .parse::<Timestamp>()
            .expect("a moment")
    });
    let office = Office::new(store, clock).with_papers(papers.clone());
    let planner = clerk("keikaku", &[Role::Administrator]);
    let planned = office.plan_round(&planner, 0, "一次", calendar()).await;
    planned.expect("a round");
    let actor = clerk("uketsuke", &[Role::Reception, Role::Examiner]);
    let values: BTreeMap<String, Vec<String>> = [
        ("channel", "counter"),
        ("arrived", "2026-11-20"),
        ("address.text", "緑町1-2-3"),
        ("g1.name", "雲雀 はるか"),
        ("g1.kana", "ヒバリ ハルカ"),
        ("g1.birth", "1990-05-06"),
        ("g1.reasons", "就労"),
        ("g1.work_hours_per_month", "140"),
        ("g2.name", "神\u{E0100}田 みどり"),
        ("g2.kana", "カンダ ミドリ"),
        ("g2.birth", "1991-07-08"),
        ("g2.reasons", "就労"),
        ("c1.name", "雲雀 つばさ"),
        ("c1.kana", "ヒバリ ツバサ"),
        ("c1.birth", "2025-06-01"),
        ("c1.kind", "new"),
        ("c1.choices", "N1"),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), vec![v.to_owned()]))
    .collect();
    let facts = [("name".to_owned(), "みどり園".to_owned())].into();
    let class = |age| facility::Class {
        age,
        capacity: 10,
        acceptable: 10,
        staff: None,
    };
    let classes = (0..=5).map(class).collect();
    let made = office
        .change::<facility::Facility>(&planner, "N1", 0, |_| {
            Ok(vec![
                facility::Event::Described { facts },
                facility::Event::ClassesSet { classes },
            ])
        })
        .await;
    made.expect("a facility");
    let received = office.receive(&actor, ROUND, &values, true, None).await;
    let received = received.expect("an application");
    Desk {
        office,
        actor,
        papers,
        number: received.numbers[0].clone(),
        _folder: folder,
    }
}

async fn desk() -> Desk {
    desk_on(Arc::new(MemoryPapers::new())).await
}

/// A certificate as an employer fills it in.
fn filled(name: &str, birth: (&str, &str, &str), hours: &str) -> certificate::Blank {
    certificate::fill(&[
        ("date.y", "2026"),
        ("date.m", "11"),
        ("date.d", "10"),
        ("employer.name", "株式会社ことり"),
        ("person.name", name),
        ("person.birth.y", birth.0),
        ("person.birth.m", birth.1),
        ("person.birth.d", birth.2),
        ("period.kind.無期", "☑"),
        ("period.from.y", "2020"),
        ("period.from.m", "4"),
        ("period.from.d", "1"),
        ("employment_type.正社員", "☑"),
        ("fixed.hours", hours),
        ("fixed.minutes", "0"),
    ])
}

const HIBARI: (&str, &str, &str) = ("1990", "5", "6");
const KANDA: (&str, &str, &str) = ("1991", "7", "8");

fn new(person: &str, bytes: Vec<u8>) -> NewPaper {
    NewPaper {
        kind: PaperKind::Employment,
        subject: Subject::Guardian(person.into()),
        file_name: "就労証明書.xlsx".into(),
        bytes,
    }
}

impl Desk {
    async fn case(&self) -> Loaded<Household> {
        let opened = self.office.peek_case(&self.actor, &self.number).await;
        opened.expect("the case").case
    }

    async fn attach(&self, new: NewPaper) -> Result<Attached, Fault> {
        let version = self.case().await.version;
        self.office
            .attach(&self.actor, &self.number, version, new)
            .await
    }

    async fn objects(&self) -> usize {
        let tenant = TENANT.parse().expect("a tenant");
        self.papers.list(&tenant).await.expect("a list").len()
    }

    fn values(case: &Household, person: &str, attribute: &str) -> Vec<String> {
        let subject = Subject::Guardian(person.into());
        let all = case.about(&subject, attribute);
        all.map(|s| s.said.value.clone()).collect()
    }
}

#[tokio::test]
async fn a_certificate_is_read_beside_what_the_application_says() {
    let desk = desk().await;
    let bytes = filled("雲雀　はるか", HIBARI, "140")
        .bytes()
        .expect("a book");
    let attached = desk
        .attach(new("g1", bytes.clone()))
        .await
        .expect("a paper");
    assert_eq!(attached.whose, Whose::Own);
    assert_eq!(attached.paper.issued, Some(date(2026, 11, 10)));
    assert_eq!(attached.paper.valid_until, Some(date(2027, 2, 10)));
    assert_eq!(attached.agreed.len(), 1, "the hours are stated once");
    let case = desk.case().await.state;
    assert_eq!(Desk::values(&case, "g1", "work_hours_per_month"), ["140"]);
    assert_eq!(Desk::values(&case, "g1", "employment_kind"), ["正社員"]);
    let hours = case.statement(attached.agreed[0]).expect("the hours");
    assert!(matches!(hours.state, State::Stated));
    assert!(matches!(&hours.agreed[0].source, From::Paper { place, .. } if place.contains("W25")));
    assert_eq!(desk.objects().await, 1, "a workbook has no picture");
    let twice = desk.attach(new("g1", bytes)).await;
    assert!(matches!(twice, Err(Fault::Refused(r)) if r.key == "refusal.paper_twice"));
    assert_eq!(desk.objects().await, 1, "nothing is kept twice");
    // One decision confirms both.
    let all: Vec<_> = attached
        .agreed
        .iter()
        .map(|id| (*id, hours.agreed[0].from, None, Decision::Confirm))
        .collect();
    let version = desk.case().await.version;
    let (office, number) = (&desk.office, &desk.number);
    let only_reception = clerk("a", &[Role::Reception]);
    let no = office
        .confirm_facts(&only_reception, number, version, &all)
        .await;
    assert!(matches!(no, Err(Fault::Forbidden)));
    let after = office
        .confirm_facts(&desk.actor, number, version, &all)
        .await;
    let after = after.expect("confirmed").state;
    let holds = after.holds(
        &hours.said.subject,
        "work_hours_per_month",
        date(2027, 4, 1),
        false,
    );
    assert_eq!(holds.map(|s| s.said.from), Some(Some(date(2020, 4, 1))));
}

#[tokio::test]
async fn what_differs_stands_beside_and_a_moved_form_is_read() {
    let desk = desk().await;
    let mut form = filled("雲雀 はるか", HIBARI, "120");
    form.insert_rows(10, 2);
    form.insert_columns(4, 1);
    let bytes = form.bytes().expect("a book");
    desk.attach(new("g1", bytes)).await.expect("a paper");
    let case = desk.case().await.state;
    assert_eq!(
        Desk::values(&case, "g1", "work_hours_per_month"),
        ["140", "120"]
    );
}

#[tokio::test]
async fn a_name_with_variation_selectors_is_the_same_person() {
    let desk = desk().await;
    let bytes = filled("神田みどり", KANDA, "100").bytes().expect("a book");
    let attached = desk.attach(new("g2", bytes)).await.expect("a paper");
    assert_eq!(attached.whose, Whose::Own);
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_told() {
    let desk = desk().await;
    let bytes = filled("神田 みどり", KANDA, "100").bytes().expect("a book");
    let attached = desk.attach(new("g1", bytes)).await.expect("a paper");
    assert_eq!(attached.whose, Whose::Other("g2".into()));
    assert!(
        attached.stated.is_empty() && !attached.paper.read,
        "nothing is read for the wrong one"
    );
    let moved = desk
        .office
        .reassign_paper(
            &desk.actor,
            &desk.number,
            attached.version,
            &attached.paper.id,
            Subject::Guardian("g2".into()),
            "証明書の氏名による",
        )
        .await
        .expect("moved");
    assert_eq!(moved.whose, Whose::Own);
    let case = desk.case().await.state;
    assert_eq!(Desk::values(&case, "g2", "work_hours_per_month"), ["100"]);
    assert!(Desk::values(&case, "g1", "employment_kind").is_empty());
    // Nobody of the case.
    let bytes = filled("目白 かおる", HIBARI, "100")
        .bytes()
        .expect("a book");
    let attached = desk.attach(new("g1", bytes)).await.expect("a paper");
    assert_eq!(attached.whose, Whose::Differs(vec!["name".into()]));
    let note = PaperNote::OtherPerson {
        differs: vec!["name".into()],
    };
    assert_eq!(attached.paper.notes, [note]);
}

#[tokio::test]
async fn what_may_not_be_kept_leaves_nothing() {
    let desk = desk().await;
    let before = desk.case().await.version;
    let mut number = filled("雲雀 はるか", HIBARI, "140");
    number.set_cell(50, 8, "123456789018");
    let too_big = vec![b'x'; 21 << 20];
    for (what, bytes, code) in [
        (
            "individual number",
            number.bytes().expect("a book"),
            "individual",
        ),
        (
            "renamed program",
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec(),
            "looks",
        ),
        ("too big", too_big, "too-big"),
        ("nothing", Vec::new(), "empty"),
    ] {
        let refused = desk.attach(new("g1", bytes)).await;
        let Err(Fault::Paper(refused)) = refused else {
            panic!("{what}: {refused:?}");
        };
        let codes: Vec<&str> = refused.reasons().iter().map(Refused::code).collect();
        assert_eq!(codes, [code], "{what}");
        let text = refused.text("就労証明書.xlsx");
        assert!(!text.ja.contains("123456789018") && !text.en.is_empty());
        assert_eq!(desk.objects().await, 0, "{what}: no object");
        assert_eq!(desk.case().await.version, before, "{what}: no event");
    }
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_half_written() {
    for takes in 0..3 {
        let full = Full {
            takes: takes.into(),
            kept: MemoryPapers::new(),
        };
        let desk = desk_on(Arc::new(full)).await;
        let before = desk.case().await.version;
        let mut picture = new("g1", png());
        picture.kind = PaperKind::Medical;
        let failed = desk.attach(picture).await;
        assert!(
            matches!(&failed, Err(Fault::Papers(e)) if e.failure() == Failure::Full),
            "{failed:?}"
        );
        assert_eq!(desk.objects().await, 0, "after {takes}");
        assert_eq!(desk.case().await.version, before);
    }
}

/// One grey pixel.
fn png() -> Vec<u8> {
    vec![
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0,
        0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44,
        0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0,
        0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ]
}

#[tokio::test]
async fn a_picture_is_shown_and_typed_and_every_look_is_recorded() {
    let desk = desk().await;
    let mut picture = new("g1", png());
    picture.file_name = "写真.png".into();
    let attached = desk.attach(picture).await.expect("a paper");
    assert_eq!(desk.objects().await, 3, "original, picture, thumbnail");
    assert!(attached.stated.is_empty());
    let id = attached.paper.id.clone();
    let (office, number) = (&desk.office, &desk.number);
    for which in [Which::Original, Which::Shown, Which::Thumbnail] {
        let bytes = office.paper(&desk.actor, number, &id, which).await;
        let bytes = bytes.expect("bytes");
        assert_eq!(bytes.media, "image/png");
        assert!(which != Which::Original || bytes.bytes == png());
    }
    let nobody = clerk("en", &[Role::Nursery]);
    let refused = office.paper(&nobody, number, &id, Which::Shown).await;
    assert!(matches!(refused, Err(Fault::Forbidden)));
    let values: BTreeMap<String, String> = [
        ("date.y", "2026"),
        ("date.m", "11"),
        ("date.d", "1"),
        ("person.name", "雲雀 はるか"),
        ("employment_type.正社員", "☑"),
        ("fixed.hours", "140"),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .collect();
    let typed = office
        .transcribe(&desk.actor, number, attached.version, &id, &values)
        .await
        .expect("typed");
    assert!(typed.paper.read);
    assert_eq!(typed.paper.issued, Some(date(2026, 11, 1)));
    assert_eq!(typed.agreed.len(), 1, "the hours agree");
    let case = desk.case().await.state;
    assert_eq!(Desk::values(&case, "g1", "employment_kind"), ["正社員"]);
    // Setting it aside takes what nobody has confirmed with it.
    let after = office
        .remove_paper(&desk.actor, number, typed.version, &id, "別の人の書類")
        .await
        .expect("set aside");
    let subject = Subject::Guardian("g1".into());
    let left = after.state.about(&subject, "employment_kind");
    assert!(
        left.into_iter()
            .all(|s| matches!(s.state, State::Rejected { .. }))
    );
}

#[tokio::test]
async fn the_letter_asks_for_what_is_missing() {
    let desk = desk().await;
    let (office, number) = (&desk.office, &desk.number);
    let draft = office.propose_correction(&desk.actor, number, None).await;
    let draft = draft.expect("a proposal").expect("something is missing");
    assert_eq!(draft.items.len(), 2, "a certificate of each guardian");
    assert_eq!(draft.deadline, date(2026, 12, 18));
    for part in [
        "雲雀 はるか様の就労証明書",
        "令和8年12月18日（金）",
        number.as_str(),
    ] {
        assert!(
            draft.letter.ja.contains(part),
            "{part}: {}",
            draft.letter.ja
        );
    }
    for letter in [&draft.letter.ja, &draft.letter.en] {
        assert!(!letter.contains(['{', '}', '[']), "{letter}");
    }
    let version = desk.case().await.version;
    let past = day_in_japan(office.now()).yesterday().expect("a day");
    let late = office
        .ask_correction(
            &desk.actor,
            number,
            version,
            draft.items.clone(),
            past,
            String::new(),
        )
        .await;
    assert!(matches!(late, Err(Fault::Refused(r)) if r.key == "refusal.deadline_past"));
    let asked = office
        .ask_correction(
            &desk.actor,
            number,
            version,
            draft.items,
            draft.deadline,
            draft.letter.ja,
        )
        .await
        .expect("asked");
    let settled = office
        .settle_correction(&desk.actor, number, asked.version, 1, true, "届いた")
        .await
        .expect("settled");
    assert_eq!(settled.state.open_corrections().count(), 0);
}

#[tokio::test]
async fn an_extract_stands_beside_the_application() {
    use enmusubi_casefile::mapping::{Mapping, Target};
    let desk = desk().await;
    let headers = ["氏名", "生年月日", "年収", "月就労時間", "生活保護"].map(String::from);
    let target = Target::Extract {
        source: "税".into(),
    };
    let sample = [["", "", "", "", "0"].map(String::from).to_vec()];
    let mut mapping = Mapping::guess(&headers, &sample, target);
    let (office, actor) = (&desk.office, &desk.actor);
    let unnamed = office.save_mapping(actor, "M1", 0, mapping.clone()).await;
    assert!(matches!(unnamed, Err(Fault::Refused(r)) if r.key == "refusal.mapping_no_name"));
    mapping.name = "税".into();
    office
        .save_mapping(actor, "M1", 0, mapping)
        .await
        .expect("saved");
    let file = "氏名,生年月日,年収,月就労時間,生活保護\n\
                雲雀　はるか,平成2年5月6日,3000000,120,0\n\
                神田みどり,3030708,いくらか,,\n\
                目白 かおる,1990-01-01,1,,\n";
    let import = |bytes: &str| {
        office.import_extract(
            actor,
            ROUND,
            "M1",
            "税.csv".into(),
            bytes.as_bytes().to_vec(),
        )
    };
    let found = import(file).await.expect("imported");
    assert_eq!((found.rows, found.stated, found.agreed), (3, 3, 0));
    assert_eq!(found.differences.len(), 1);
    let d = &found.differences[0];
    assert_eq!((d.ours.as_str(), d.theirs.as_str()), ("140", "120"));
    let whys: Vec<(u32, bool)> = found
        .left
        .iter()
        .map(|l| (l.row, l.why == WhyNot::Nobody))
        .collect();
    // 3030708 is 昭和3年: nobody of that age is here.
    assert_eq!(whys, [(3, true), (4, true)]);
    let case = desk.case().await.state;
    assert_eq!(
        Desk::values(&case, "g1", "work_hours_per_month"),
        ["140", "120"]
    );
    let version = desk.case().await.version;
    let again = import(file).await.expect("imported");
    assert_eq!(
        (again.stated, again.agreed),
        (0, 0),
        "the same file says nothing new"
    );
    assert_eq!(desk.case().await.version, version);
    let held =
        import("氏名,生年月日,年収,月就労時間,生活保護\nx,1990-05-06,123456789018,,\n").await;
    assert!(matches!(held, Err(Fault::File(_))));
}
