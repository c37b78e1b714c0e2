//! A round staged as the selection will stage it, so that what keeps it from running is told while there is time.
//!
//! さいたま stopped its selection for days over combinations of siblings that could not be so. A list that names somebody or something
//! that is not there would go on as "nowhere": it is told here instead.

use crate::{
    Fault, Office,
    rounds::{Missing, Unstaged},
    standing::Standing,
};
use enmusubi_casefile::household::Household;
use enmusubi_domain::{facts::WishAnswer, template::Twin};
use enmusubi_selection::{
    compiled::Ties,
    staged::{StageError, answers::contradicts, stage, ties_of},
    text_summary::Lang,
};
use enmusubi_storage::events::Loaded;
use std::collections::BTreeMap;

impl Office {
    /// What keeps a round from being staged. `last`: nothing else is missing, so that whoever cannot be judged now is told
    /// by name; before that they are counted by what they wait for.
    pub(crate) async fn unstaged(
        &self,
        tenant: &str,
        round: &str,
        last: bool,
    ) -> Result<Vec<Missing>, Fault> {
        let standing = self.standing(tenant, round).await?;
        let mut cases = self.store.all::<Household>(tenant).await?;
        let here = |h: &Household| h.joined_into.is_none() && h.open_in(round).next().is_some();
        cases.retain(|l| here(&l.state));
        // Scoring a whole round leaves the threads that answer requests.
        let work = tokio::task::spawn_blocking(move || problems(&standing, &cases, last));
        let found = work
            .await
            .map_err(|e| Fault::Internal(format!("staging a round: {e}")))?;
        Ok(found.into_iter().map(Missing::Staging).collect())
    }
}

fn problems(standing: &Standing, cases: &[Loaded<Household>], last: bool) -> Vec<Unstaged> {
    let mut found = Vec::new();
    for case in cases {
        combinations(standing, &case.state, &mut found);
    }
    let Some(c) = &standing.criteria else {
        return found;
    };
    let given = cases.iter().map(|l| (l.id.as_str(), &l.state));
    let Some((facts, _)) = standing.facts(given, false) else {
        return found;
    };
    let scores = match c.program.score(&facts) {
        Ok(scores) => scores,
        Err(errors) => {
            let items = errors.iter().map(|e| e.item.to_string());
            found.extend(items.map(Unstaged::NotScored));
            return found;
        }
    };
    // The seed of a lottery is drawn when the round runs, before everybody's eyes.
    let ties = ties_of(&c.criteria, None).unwrap_or(Ties::Stop);
    let Err(errors) = stage(&facts, &c.criteria, &scores, &ties) else {
        return found;
    };
    let numbers: BTreeMap<&str, String> = cases
        .iter()
        .map(|l| (l.id.as_str(), numbers(standing, &l.state)))
        .collect();
    for error in errors {
        if matches!(error, StageError::Undecided { .. }) && !last {
            continue;
        }
        let error = by_number(error, &numbers);
        let twin = |of: &dyn Fn(Lang) -> String| Twin {
            ja: of(Lang::Japanese),
            en: of(Lang::English),
        };
        found.push(Unstaged::Said(
            twin(&|l| error.text(l)),
            twin(&|l| error.mend(l)),
        ));
    }
    found
}

/// Numbers of a household's applications: what staff know it by.
fn numbers(standing: &Standing, household: &Household) -> String {
    let open = household.open_in(&standing.round);
    open.map(|a| a.number.as_str())
        .collect::<Vec<_>>()
        .join("・")
}

/// The same error about a household by its applications' numbers.
fn by_number(mut error: StageError, numbers: &BTreeMap<&str, String>) -> StageError {
    if let StageError::StaffAnswer { household, .. }
    | StageError::NoAnswer { household }
    | StageError::UnknownAnswer { household, .. } = &mut error
        && let Some(number) = numbers.get(&**household)
    {
        *household = number.as_str().into();
    }
    error
}

/// What of a household's list of combinations cannot be meant so; a child without an application and a facility that was not chosen
/// are found when the round is staged.
fn combinations(standing: &Standing, household: &Household, found: &mut Vec<Unstaged>) {
    let applying: Vec<&str> = household
        .open_in(&standing.round)
        .map(|a| a.child.as_str())
        .collect();
    let number = numbers(standing, household);
    let number = number.split('・').next().unwrap_or_default().to_owned();
    let some = |t: &str| (!t.is_empty()).then(|| t.into());
    let w = &household.wish;
    let answer = WishAnswer {
        code: some(&w.code),
        timing: some(&w.timing),
        place: some(&w.place),
        first: some(&w.first),
        all_transfers_or_none: false,
    };
    for (at, list) in household.combinations.iter().enumerate() {
        let rank = at + 1;
        for (child, facility) in list {
            if household.person(child).is_none() {
                found.push(Unstaged::NoChild(number.clone(), rank, child.clone()));
            }
            if let Some(facility) = facility
                && !standing.facilities.contains_key(facility)
            {
                found.push(Unstaged::NoFacility(number.clone(), rank, facility.clone()));
            }
        }
        let slots: Vec<Option<&str>> = applying
            .iter()
            .map(|child| {
                let slot = list.iter().find(|(c, _)| c == child);
                slot.and_then(|(_, f)| f.as_deref())
            })
            .collect();
        let siblings = standing.criteria.as_ref().map(|c| &c.criteria.siblings);
        if siblings.is_some_and(|s| contradicts(s, &answer, &slots)) {
            found.push(Unstaged::AgainstWish(number.clone(), rank));
        }
    }
}
