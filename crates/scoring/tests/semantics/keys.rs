//! Values, strata, eligibility, passes, siblings.

use crate::household::*;
use enmusubi_criteria::judgement::Eligible;
use enmusubi_domain::facts::{Entity, Exact, RoundFacts, Value};

#[test]
fn values_and_their_changes() {
    let facts = household();
    let case = |changes: &[&str], expected: &str| {
        let changes: String = (changes.iter().enumerate())
            .map(|(at, fields)| change(&format!("c{at}"), fields))
            .collect();
        let body = value("V", "10", &changes) + &key("V");
        assert_eq!(first(&body, &facts), expected, "{changes}");
    };
    let yes = |effect: &str| format!("{YES}\n{effect}");
    case(&["add = 5", "multiply = 2", "at_most = 25"], "25");
    case(&["at_least = 12"], "12");
    case(&[&yes("add = 1")], "11");
    case(&[&format!("{NO}\nadd = 1")], "10");
    let maybe = format!("{MAYBE}\nadd = 1");
    case(&[&maybe], "unknown");
    case(&[&maybe, "set = 3", "add = 1"], "4");
    case(&["set = 3", &maybe], "unknown");
    case(&[&maybe, "multiply = 0"], "unknown");
    case(&["set = \"household.welfare ? 1 : 2\""], "unknown");
    // The operand is evaluated where the condition is known to hold, also when the value is unknown then.
    let bomb = "add = \"1 / (household.arrears ? 0 : 1)\"";
    case(&[&maybe, bomb], "division in c1");
    case(&[&format!("{NO}\n{bomb}")], "10");
    case(&[&format!("{MAYBE}\n{bomb}")], "unknown");
}

#[test]
fn strata_eligibility_and_passes() {
    let facts = household();
    let list = |section: &str, field: &str, conditions: &[&str]| -> String {
        (conditions.iter().enumerate())
            .map(|(at, when)| {
                let when = if when.is_empty() {
                    String::new()
                } else {
                    format!("{field} = \"{when}\"\n")
                };
                format!("[[{section}]]\nid = \"{section}{at}\"\nlabel = \"x\"\n{when}")
            })
            .collect()
    };
    let (yes, no, maybe) = (
        "household.arrears",
        "household.tax_exempt",
        "household.welfare",
    );
    let stratum = |conditions: &[&str]| {
        let body = list("stratum", "when", conditions) + &key("1");
        first(&body, &facts)
    };
    assert_eq!(stratum(&[no, yes, ""]), "1");
    assert_eq!(stratum(&[no, maybe, ""]), "unknown");
    assert_eq!(stratum(&[yes, maybe]), "0");
    assert_eq!(stratum(&[no, no]), "2");
    let bomb = "1 / (household.arrears ? 0 : 1) > 0";
    assert_eq!(stratum(&[maybe, bomb]), "unknown");
    assert_eq!(stratum(&[no, bomb]), "division in stratum1");

    let eligible = |conditions: &[&str]| {
        let body = list("eligibility", "require", conditions) + &key("1");
        scored(&body, &facts).map(|s| s.eligibility[0])
    };
    assert_eq!(eligible(&[yes]), Ok(Eligible::Yes));
    assert_eq!(eligible(&[yes, maybe, no]), Ok(Eligible::No(2)));
    assert_eq!(eligible(&[yes, maybe, yes]), Ok(Eligible::Unknown));
    assert_eq!(eligible(&[no, bomb]), Ok(Eligible::No(0)));

    let body = list("pass", "when", &[no, yes, ""]) + &key("1");
    let scores = scored(&body, &facts).unwrap();
    assert_eq!(scores.passes, [Some(1); 3]);
    assert_eq!(
        scored(&key("1"), &facts).unwrap().passes,
        [Some(0); 3],
        "no passes: one for everybody"
    );
}

#[test]
fn siblings_share_coupled_keys_at_a_facility() {
    let mut facts = household();
    let body = |coupling: &str, order: &str| {
        let coupled = if coupling == "none" {
            String::new()
        } else {
            format!("[siblings]\ncoupling = \"{coupling}\"\ncoupled = [\"k\"]\n")
        };
        coupled
            + &format!(
                "[[key]]\nid = \"k\"\nlabel = \"k\"\nvalue = \"child.lottery_number\"\norder = \"{order}\"\n[[key]]\nid = \"own\"\nlabel = \"own\"\nvalue = \"child.lottery_number\"\n"
            )
    };
    let keys = |facts: &RoundFacts, coupling: &str, order: &str| -> Vec<String> {
        let scores = scored(&body(coupling, order), facts).unwrap();
        let shown = |k: Option<Exact>| k.map_or("unknown".into(), |n| n.to_string());
        (0..4).map(|c| shown(scores.key(c)[0])).collect()
    };
    assert_eq!(keys(&facts, "none", "higher"), ["7", "7", "4", "4"]);
    assert_eq!(keys(&facts, "highest", "higher"), ["7"; 4]);
    assert_eq!(keys(&facts, "highest", "lower"), ["4"; 4]);
    assert_eq!(keys(&facts, "average", "higher"), ["5.5"; 4]);
    // Only those who chose the facility: the younger one now only wants the second.
    facts.choice_facility[2] = 1;
    facts.choice_facility[3] = 1;
    assert_eq!(keys(&facts, "highest", "lower"), ["7", "4", "4", "4"]);
    facts.choice_facility[2] = 0;
    // Unknown for one: unknown for all; both children want the older one's number.
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        0,
        Value::Unknown,
    );
    assert_eq!(keys(&facts, "highest", "higher"), ["unknown"; 4]);
    let scores = scored(&body("highest", "higher"), &facts).unwrap();
    assert_eq!(scores.key(2)[1], Some(Exact::whole(4)), "not coupled");
    let wanted = [fact(Entity::Child, 0, "lottery_number")];
    for undecided in &scores.undecided {
        assert_eq!(undecided.missing, wanted, "choice {}", undecided.choice);
    }
    assert_eq!(scores.undecided.len(), 4);
}

#[test]
fn an_error_in_a_coupled_key_is_one_for_all_before_any_unknown() {
    let mut facts = household();
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        0,
        Value::Unknown,
    );
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        1,
        Value::whole(0),
    );
    let body = "[siblings]\ncoupling = \"highest\"\ncoupled = [\"k\"]\n".to_owned()
        + &key("1 / child.lottery_number");
    let errors = scored(&body, &facts).unwrap_err();
    let at: Vec<u32> = errors.iter().map(|e| e.choice).collect();
    assert_eq!(at, [0, 1, 2, 3]);
    assert!(errors.iter().all(|e| e.division && *e.item == *"k"));
}
