//! What the staff's index list has settled is proposed no more.

mod common;

use common::{criteria, round};
use enmusubi_compare::{
    cause::Cause,
    crew::Alone,
    depths::depths,
    evidence::evidence,
    past::{Base, Past, PastTies},
    search::{Proposal, Proposer, Scene},
    world::World,
};
use enmusubi_domain::{
    facts::{Entity, Exact, Value, vocabulary::find},
    past::{Decisions, IndexLine, StaffIndex},
};
use enmusubi_matching::Mechanism;
use enmusubi_scoring::Program;
use enmusubi_selection::compiled::Ties;

/// Proposes whether a household is on welfare, both ways.
struct Welfare {
    household: Box<str>,
}

impl Proposer for Welfare {
    fn propose(&self, _scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let of = |theirs| Proposal {
            cause: Cause::Fact {
                household: self.household.clone(),
                entity: Entity::Household,
                subject: 0,
                attribute: find(Entity::Household, "welfare").expect("a fact"),
                theirs: Value::Bool(theirs),
            },
            promise: 1,
        };
        vec![of(false), of(true)]
    }
}

#[test]
fn a_fact_that_would_change_an_index_that_agrees_is_not_proposed() {
    let (facts, criteria) = (round(1, 80, 4), criteria());
    let ties = PastTies::Rule(Ties::Lottery("x".into()));
    let none = Decisions::default();
    let past = Past {
        base: Base::Facts {
            facts: &facts,
            criteria: &criteria,
        },
        decisions: &none,
        ties: &ties,
        mechanism: Mechanism::Stable,
    };
    let world = World::of(past, &[]).expect("a round");
    let scored = world.scored.as_ref().expect("a round of facts");
    let program = Program::compile(&criteria).expect("criteria that compile");
    let components = program.components(&criteria);
    let index = components
        .iter()
        .position(|c| c.is_number() && c.higher_first());
    let index = index.expect("points");
    // A line for each choice: the index may depend on the facility.
    let lines = |first: Exact| {
        let mut list = Vec::new();
        for (child, id) in facts.children.ids.iter().enumerate() {
            for x in facts.index.choices[child].clone() {
                let facility = facts.choice_facility[x as usize];
                let ours = scored.scores.key(x)[index].expect("complete facts");
                let added = if facts.children.parents[child] == 0 {
                    first
                } else {
                    Exact::ZERO
                };
                list.push(IndexLine {
                    child: id.clone(),
                    facility: Some(facts.facilities.ids[facility as usize].clone()),
                    index: ours.plus(added),
                    rows: None,
                    rank: None,
                    values: Vec::new(),
                    row: 0,
                });
            }
        }
        StaffIndex {
            list,
            columns: Vec::new(),
        }
    };
    let asked = |list: &StaffIndex| {
        let found = depths(past, list, &Alone).expect("depths");
        let household = facts.households.ids[0].clone();
        let proposers = found.proposers(vec![Box::new(Welfare { household })]);
        let seen = evidence(&world);
        let placement = world.place();
        let scene = Scene {
            world: &world,
            evidence: &seen,
            placement: &placement,
            differing: &[],
            crew: &Alone,
            effort: u32::MAX,
        };
        proposers[0].propose(&scene).len()
    };
    assert_eq!(
        asked(&lines(Exact::ZERO)),
        1,
        "what changes nothing is left"
    );
    // A number that nothing explains settles nothing.
    assert_eq!(asked(&lines(Exact::whole(377))), 2);
    let nothing = StaffIndex::default();
    assert_eq!(asked(&nothing), 2);
}
