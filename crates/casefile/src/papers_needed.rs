//! Which papers a case needs (必要書類), and which of them it lacks or has in a form that is no longer valid.
//!
//! Source: 教育・保育給付認定 of 子ども・子育て支援法施行規則第1条の5 names the reasons; the paper of each is what municipalities ask for
//! alike. What only some ask for is no matter of course and is not named here.

use crate::{
    fact::Subject,
    household::Household,
    paper::{Paper, PaperKind},
    person::Part,
    round::Calendar,
};
use jiff::civil::Date;

/// A paper that is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// About whom.
    pub subject: Subject,
    /// Which.
    pub paper: PaperKind,
    /// Because of what, as the vocabulary labels it (就労, ひとり親).
    pub because: String,
}

/// Why a needed paper counts as missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// There is none.
    None,
    /// There is one, and it was valid until before the day that counts.
    Expired {
        /// Id of the paper.
        paper: String,
        /// Last day it was valid.
        valid_until: Date,
    },
}

/// A paper of each reason for which care is needed; a reason without one needs none of its own.
const OF_REASON: [(&str, PaperKind); 12] = [
    ("就労", PaperKind::Employment),
    ("就労内定", PaperKind::Employment),
    ("育児休業中の継続利用", PaperKind::Employment),
    ("疾病", PaperKind::Medical),
    ("障害", PaperKind::Medical),
    ("妊娠・出産", PaperKind::Maternity),
    ("介護・看護", PaperKind::Care),
    ("障害児の通園付添", PaperKind::Care),
    ("就学", PaperKind::Study),
    ("職業訓練", PaperKind::Study),
    ("求職活動", PaperKind::Other),
    ("災害復旧", PaperKind::Other),
];

/// The papers a case needs, by what is stated as of a day, whether anybody has confirmed it or not.
#[must_use]
pub fn needed(household: &Household, day: Date) -> Vec<Need> {
    let mut found = Vec::new();
    let value = |subject: &Subject, attribute: &str| {
        let holds = household.holds(subject, attribute, day, true);
        holds.map(|s| s.said.value.trim().to_owned())
    };
    let mut need = |subject: &Subject, paper: PaperKind, because: &str| {
        let there = |n: &Need| n.subject == *subject && n.paper == paper;
        if !found.iter().any(there) {
            found.push(Need {
                subject: subject.clone(),
                paper,
                because: because.to_owned(),
            });
        }
    };
    for guardian in household.of_part(Part::Guardian) {
        let subject = Subject::Guardian(guardian.id.clone());
        if value(&subject, "presence").as_deref() == Some("不存在") {
            continue;
        }
        let reasons = value(&subject, "reasons").or_else(|| value(&subject, "main_reason"));
        for reason in reasons.unwrap_or_default().split(['、', ',', '，', '/']) {
            let reason = reason.trim();
            if let Some((_, paper)) = OF_REASON.iter().find(|(r, _)| *r == reason) {
                need(&subject, *paper, reason);
            }
        }
    }
    let single = value(&Subject::Household, "single_parent");
    if let Some(single) = single.filter(|s| s != "該当なし") {
        need(&Subject::Household, PaperKind::Family, &single);
    }
    for child in household.of_part(Part::Child) {
        let subject = Subject::Child(child.id.clone());
        if let Some(special) = value(&subject, "special_need").filter(|s| s != "該当なし") {
            need(&subject, PaperKind::Medical, &special);
        }
        if value(&subject, "care_paid").as_deref() == Some("はい") {
            need(&subject, PaperKind::Attendance, "有料の保育");
        }
    }
    found
}

/// The day on which a paper has to be valid: the deadline of applications, or the base date where it is earlier.
#[must_use]
pub fn valid_on(calendar: &Calendar) -> Date {
    calendar.deadline.min(calendar.base)
}

/// Needed papers that a case lacks for a round. A paper whose days nobody has read yet is not called expired.
#[must_use]
pub fn missing_papers(household: &Household, calendar: &Calendar) -> Vec<(Need, Lack)> {
    let day = valid_on(calendar);
    let mut found = Vec::new();
    for need in needed(household, calendar.base) {
        let fits = |p: &&Paper| p.kind == need.paper && p.subject == need.subject;
        let papers: Vec<&Paper> = household.papers_in_use().filter(fits).collect();
        let valid = |p: &&Paper| p.valid_until.is_none_or(|until| day <= until);
        if papers.iter().any(valid) {
            continue;
        }
        let newest = papers
            .iter()
            .filter_map(|p| Some((p.valid_until?, &p.id)))
            .max();
        let lack = match newest {
            Some((valid_until, paper)) => Lack::Expired {
                paper: paper.clone(),
                valid_until,
            },
            None => Lack::None,
        };
        found.push((need, lack));
    }
    found
}

#[cfg(test)]
mod tests;
