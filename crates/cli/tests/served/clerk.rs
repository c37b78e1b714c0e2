//! A clerk who keys applications, states and confirms facts and attaches papers as fast as the server answers, and remembers
//! what was acknowledged.

use super::http::{Answer, Client};
use std::io::Result;

/// Something done to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Received, under the number of its first application.
    Received(String),
    /// A fact was stated: subject and attribute, value.
    Stated(&'static str, &'static str),
    /// Statements were confirmed.
    Confirmed(Vec<u32>),
    /// A paper was attached, with this name.
    Attached(String),
}

/// A paper application and what came of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// In the address of the household: no other case has it.
    pub mark: String,
    /// Choices of both children.
    pub choices: [Vec<String>; 2],
    /// What the server said was done.
    pub acknowledged: Vec<Act>,
    /// What was asked and not answered.
    pub in_flight: bool,
}

/// Facts of a case when it is keyed: what the form asks.
pub const KEYED: usize = 4;
/// Facts that are stated afterwards.
const STATED: [(&str, &str); 2] = [
    ("g1.work_hours_per_month", "160"),
    ("g2.work_hours_per_month", "152"),
];
/// What is confirmed: the reasons of both guardians (wishes are proved by the form), and what was stated.
const CONFIRMED: [u32; 4] = [3, 4, 5, 6];

/// A clerk at work.
#[derive(Debug)]
pub struct Clerk {
    pub client: Client,
    pub round: String,
    pub facilities: Vec<String>,
    /// Begin of the marks of this clerk's cases.
    pub mark: String,
}

impl Clerk {
    /// Finds out which round and facilities there are.
    pub fn new(client: Client, mark: &str) -> Self {
        let page = client.get("/seats").unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        let links = page.body.split("href=\"/seats/").skip(1);
        let links = links.filter_map(|l| l.split('"').next()?.split_once('/'));
        let mut round = String::new();
        let mut facilities = Vec::new();
        for (of, facility) in links {
            of.clone_into(&mut round);
            facilities.push(facility.to_owned());
        }
        facilities.dedup();
        assert!(facilities.len() > 5, "{}", page.body);
        Self {
            client,
            round,
            facilities,
            mark: mark.to_owned(),
        }
    }

    /// Works until the server is gone; what was done.
    pub fn work(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        loop {
            let choice =
                |n: usize| self.facilities[(cases.len() + n) % self.facilities.len()].clone();
            let mut case = Case {
                mark: format!("{}-{}", self.mark, cases.len()),
                choices: [
                    vec![choice(0), choice(1), choice(2)],
                    vec![choice(2), choice(4)],
                ],
                acknowledged: Vec::new(),
                in_flight: true,
            };
            let gone = self.whole_case(&mut case).is_err();
            case.in_flight = gone;
            cases.push(case);
            if gone {
                return cases;
            }
        }
    }

    /// From the paper to confirmed facts and an attached paper.
    fn whole_case(&self, case: &mut Case) -> Result<()> {
        let answer = self.key(case)?;
        let to = accepted(&answer).to_owned();
        let number = to.rsplit('/').next().unwrap_or_default().to_owned();
        case.acknowledged.push(Act::Received(number));
        for (what, value) in STATED {
            let form = [
                ("version", self.version(&to)?),
                ("what", what.to_owned()),
                ("value", value.to_owned()),
                ("reason", "就労証明書".to_owned()),
            ];
            accepted(&self.post(&format!("{to}/facts/state"), &form)?);
            case.acknowledged.push(Act::Stated(what, value));
        }
        let mut form = vec![
            ("version", self.version(&to)?),
            ("act", "confirm".to_owned()),
        ];
        form.extend(CONFIRMED.iter().map(|id| ("id", id.to_string())));
        accepted(&self.post(&format!("{to}/facts/confirm"), &form)?);
        case.acknowledged.push(Act::Confirmed(CONFIRMED.to_vec()));
        let name = format!("{}.xlsx", case.mark);
        let answer = self.attach(&to, &name)?;
        accepted(&answer);
        case.acknowledged.push(Act::Attached(name));
        Ok(())
    }

    /// Keys a paper: two guardians, two children who apply.
    pub fn key(&self, case: &Case) -> Result<Answer> {
        let form = [
            ("round", self.round.as_str()),
            ("channel", "paper"),
            ("arrived", "2026-11-20"),
            ("address.postcode", "1234567"),
            ("address.text", "みどり町1-2-3"),
            ("address.building", &case.mark),
            ("phone", "090-0000-0001"),
            ("g1.name", "水端　葛子"),
            ("g1.kana", "ミナモ　カツコ"),
            ("g1.birth", "4050101"),
            ("g1.reasons", "就労"),
            ("g2.name", "水端　雁"),
            ("g2.kana", "ミナモ　カリ"),
            ("g2.birth", "4040202"),
            ("g2.reasons", "就労"),
            ("c1.name", "水端　ひばり"),
            ("c1.kana", "ミナモ　ヒバリ"),
            ("c1.birth", "R6.6.1"),
            ("c1.kind", "new"),
            ("c1.choices", &case.choices[0].join(" ")),
            ("c1.desired_from", "2027-04-01"),
            ("c2.name", "水端　つばめ"),
            ("c2.kana", "ミナモ　ツバメ"),
            ("c2.birth", "R4.7.1"),
            ("c2.kind", "new"),
            ("c2.choices", &case.choices[1].join(" ")),
            ("c2.desired_from", "2027-04-01"),
            ("seen", "yes"),
        ]
        .map(|(n, v)| (n, v.to_owned()));
        self.post("/entry", &form)
    }

    /// Attaches a small workbook to the case at a page.
    pub fn attach(&self, to: &str, name: &str) -> Result<Answer> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, name).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let version = self.version(to)?;
        let form = [
            ("version", version.as_str()),
            ("kind", "other"),
            ("subject", "h"),
        ];
        self.client
            .upload(&format!("{to}/papers"), &form, name, &bytes)
    }

    pub fn post(&self, path: &str, form: &[(&str, String)]) -> Result<Answer> {
        let form: Vec<_> = form
            .iter()
            .map(|(n, v)| ((*n).to_owned(), v.clone()))
            .collect();
        self.client.post(path, &form)
    }

    /// Version of a case, as its page says.
    pub fn version(&self, to: &str) -> Result<String> {
        let page = self.client.get(&format!("{to}/facts"))?;
        assert_eq!(page.status, 200, "{to}: {}", page.body);
        let of = page.body.split("name=\"version\"").nth(1);
        let of = of.and_then(|t| t.split("value=\"").nth(1)?.split('"').next());
        Ok(of.expect("the page says a version").to_owned())
    }
}

/// Where an accepted change leads.
fn accepted(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").expect("it leads somewhere")
}
