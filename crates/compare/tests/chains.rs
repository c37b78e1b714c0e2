//! How differences follow from each other, along seats.

use enmusubi_compare::{
    chain::{Seats, chains},
    past::{Base, Past, PastTies},
    world::World,
};
use enmusubi_domain::past::{Decision, Decisions, Outcome};
use enmusubi_interchange::{Inputs, Source, read_round};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;

const CHILDREN: &str = "\
申請者番号,世帯番号,年齢,点数,希望保育園ID_1,希望保育園ID_2
A,HA,1,100,N1,
B,HB,1,90,N1,N2
C,HC,1,80,N2,N3
D,HD,1,70,N3,
E,HE,1,60,N4,
";
const NURSERIES: &str = "\
保育所ID,保育所名,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数
N1,一,0,1,0,0,0,0
N2,二,0,1,0,0,0,0
N3,三,0,1,0,0,0,0
N4,四,0,1,0,0,0,0
";

/// Chains, as letters, when the staff decided so; `differing` and `about` as letters.
fn told(theirs: &[(&str, Option<&str>)], differing: &str, about: &str) -> Vec<String> {
    let source = |name, text: &'static str| Source {
        name,
        bytes: text.as_bytes(),
    };
    let inputs = Inputs {
        children: source("children.csv", CHILDREN),
        nurseries: source("nurseries.csv", NURSERIES),
        combinations: None,
        rules: None,
        columns: None,
    };
    let round = read_round(&inputs).0.expect("a round");
    let list = theirs.iter().map(|(child, facility)| Decision {
        child: (*child).into(),
        outcome: match facility {
            None => Outcome::Held,
            Some(facility) => Outcome::Placed {
                facility: (*facility).into(),
                pool: None,
            },
        },
        row: 0,
    });
    let decisions = Decisions {
        list: list.collect(),
    };
    let ties = PastTies::Rule(Ties::Lottery("x".into()));
    let past = Past {
        base: Base::Tables(&round),
        decisions: &decisions,
        ties: &ties,
        mechanism: Mechanism::Stable,
    };
    let world = World::of(past, &[]).expect("a world");
    let market = &world.market;
    let at = |letter: char| {
        let id = letter.to_string();
        let found = market.children.iter().position(|c| *c.id == *id);
        found.expect("a child") as u32
    };
    let ours = world.place();
    let seats = Seats {
        market,
        ours: &ours,
        theirs: &world.truth,
    };
    let differing: Vec<u32> = differing.chars().map(at).collect();
    let about: Vec<u32> = about.chars().map(at).collect();
    let letters = |chain: &Vec<u32>| -> String {
        let ids = chain.iter().map(|&c| &*market.children[c as usize].id);
        ids.collect()
    };
    chains(seats, &differing, &about)
        .iter()
        .map(letters)
        .collect()
}

const PASSED_OVER: &[(&str, Option<&str>)] = &[
    ("A", None),
    ("B", Some("N1")),
    ("C", Some("N2")),
    ("D", Some("N3")),
    ("E", Some("N4")),
];

#[test]
fn whoever_was_passed_over_stands_before_those_who_moved_up() {
    assert_eq!(told(PASSED_OVER, "ABCD", "A"), ["ABCD"]);
}

#[test]
fn without_a_suspect_the_chain_begins_where_nobody_lost_a_seat() {
    assert_eq!(told(PASSED_OVER, "ABCD", ""), ["DCBA"]);
}

#[test]
fn a_favoured_child_stands_before_those_it_pushed_aside() {
    let favoured = [
        ("A", Some("N1")),
        ("B", None),
        ("C", Some("N2")),
        ("D", Some("N3")),
        ("E", Some("N4")),
    ];
    // D has C's seat, C has B's.
    assert_eq!(told(&favoured, "BCD", "D"), ["DCB"]);
}

#[test]
fn whose_result_is_not_known_takes_nobodys_seat() {
    let unknown = &PASSED_OVER[1..];
    assert_eq!(told(unknown, "BCD", ""), ["DCB"]);
}

#[test]
fn one_child_alone_is_no_chain() {
    let alone = [("E", None)];
    assert_eq!(told(&alone, "E", "E"), Vec::<String>::new());
}
