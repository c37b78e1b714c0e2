//! A round made from a table has the table's applications, each and every one.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use enmusubi_synth::{
    CalibrationTable, ClassFigures, Facility, Options, Shortfall, Town, application_counts,
    calibrated, calibration_csv, demo_table, files, parse_calibration,
};

fn check(table: &CalibrationTable, options: &Options) -> (Town, Vec<Shortfall>) {
    let (town, shortfalls) = calibrated(table, options);
    assert_eq!(town.nurseries.len(), table.facilities.len());
    for ((facility, nursery), counts) in table
        .facilities
        .iter()
        .zip(&town.nurseries)
        .zip(application_counts(&town))
    {
        let figures = facility.classes.map(Option::unwrap_or_default);
        assert_eq!(counts, figures.map(|c| c.applications), "{}", facility.name);
        assert_eq!(
            nursery.seats,
            figures.map(|c| c.offers),
            "{}",
            facility.name
        );
    }
    assert!(
        !shortfalls
            .iter()
            .any(|s| matches!(s, Shortfall::Applications { .. }))
    );
    for child in &town.children {
        assert!((1..=5).contains(&child.choices.len()));
        let mut distinct = child.choices.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), child.choices.len());
        assert!(child.enrolled.is_none_or(|e| child.age > 0
            && !child.choices.contains(&e)
            && town.nurseries[e as usize].takes[usize::from(child.age)]));
    }
    for range in town.family_ranges() {
        let family = &town.children[range];
        assert_eq!(family.len() > 1, family[0].code.is_some());
        assert!(family.iter().all(|c| c.code == family[0].code));
        let common = family[0]
            .choices
            .iter()
            .any(|n| family.iter().all(|c| c.choices.contains(n)));
        assert!(family[0].code.is_none_or(|code| code > 3 || common));
    }
    (town, shortfalls)
}

/// Shares of sibling families, of those with a common nursery, and of choices in the home district.
fn likeness(town: &Town) -> (f64, f64, f64) {
    let families: Vec<_> = town.family_ranges().collect();
    let siblings: Vec<_> = families.iter().filter(|r| r.len() > 1).collect();
    let common = siblings
        .iter()
        .filter(|r| {
            let family = &town.children[(**r).clone()];
            family[0]
                .choices
                .iter()
                .any(|n| family.iter().all(|c| c.choices.contains(n)))
        })
        .count();
    let (mut same, mut all) = (0, 0);
    for child in &town.children {
        let first = town.nurseries[child.choices[0] as usize].area;
        for choice in &child.choices[1..] {
            all += 1;
            same += usize::from(town.nurseries[*choice as usize].area == first);
        }
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    (
        share(siblings.len(), families.len()),
        share(common, siblings.len()),
        share(same, all),
    )
}

#[test]
fn the_real_table_is_met_exactly() {
    // Beside the repository, or wherever the variable says.
    let folder = std::env::var_os("ENMUSUBI_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join("machida_r8_round1.csv");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("no table at hand; the made-up city is tested instead");
        return;
    };
    let table = parse_calibration(&bytes, "machida_r8_round1.csv").unwrap();
    let totals = table.totals().map(|c| (c.applications, c.offers));
    assert_eq!(
        totals,
        [
            (2178, 535),
            (3802, 780),
            (1385, 252),
            (1093, 465),
            (157, 57),
            (72, 28)
        ]
    );
    for seed in 1..=3 {
        let (town, shortfalls) = check(
            &table,
            &Options {
                seed,
                ..Options::default()
            },
        );
        assert_eq!(shortfalls, []);
        let (siblings, common, near) = likeness(&town);
        eprintln!(
            "{} children {siblings:.3} {common:.3} {near:.3}",
            town.children.len()
        );
        assert!((2400..3600).contains(&town.children.len()));
    }
}

#[test]
fn the_made_up_city_is_met_exactly() {
    let table = demo_table();
    assert_eq!(
        table,
        parse_calibration(&calibration_csv(&table), "demo").unwrap()
    );
    assert_eq!(table.facilities.len(), 80);
    for facility in &table.facilities {
        assert!(
            facility
                .classes
                .iter()
                .flatten()
                .all(|c| c.offers <= c.applications)
        );
    }
    let options = Options {
        siblings: 0.15,
        transfers: 0.05,
        ties: 0.3,
        ..Options::default()
    };
    let (town, shortfalls) = check(&table, &options);
    assert_eq!(shortfalls, []);
    // Changing this digest changes the demonstration: do it knowingly.
    let mut hash = Sha256::new();
    files(&town)
        .iter()
        .for_each(|(_, bytes)| hash.update(bytes));
    let digest: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        digest,
        "5025efcf6921135bf6ef6420ab789a78c0a33cd9243ec91e3651f0e0e3cc7834"
    );
    let (siblings, common, near) = likeness(&town);
    eprintln!(
        "{} children {siblings:.3} {common:.3} {near:.3}",
        town.children.len()
    );
    assert!((siblings - 0.15).abs() < 0.001, "{siblings}");
    assert!(common > 0.8, "{common}");
    assert!(near > 0.6, "{near}");
    let moving = town
        .children
        .iter()
        .filter(|c| c.enrolled.is_some())
        .count();
    assert!(moving.abs_diff(town.children.len() / 20) <= 1);
}

fn table(classes: &[[u32; 6]]) -> CalibrationTable {
    let facilities = classes
        .iter()
        .enumerate()
        .map(|(i, applications)| Facility {
            area: format!("{}", i % 3),
            kind: "保育所".to_owned(),
            name: format!("園{i}"),
            capacity: None,
            classes: applications.map(|a| {
                Some(ClassFigures {
                    applications: a,
                    offers: a / 3,
                })
            }),
        })
        .collect();
    CalibrationTable { facilities }
}

/// Lopsided tables, where most children want one facility or all want all, are met as well.
#[test]
fn lopsided_tables_are_met_exactly() {
    let tables = [
        table(&[]),
        table(&[[0; 6]]),
        table(&[[7, 0, 1, 0, 0, 3]]),
        table(&[[50, 1, 5, 5, 0, 0], [1, 50, 5, 5, 0, 0], [1, 1, 5, 5, 1, 0]]),
        table(&[[10; 6]; 5]),
        table(&[[10; 6]; 7]),
        table(&[
            [400, 0, 0, 9, 9, 9],
            [3, 0, 0, 9, 9, 9],
            [2, 0, 9, 9, 8, 1],
            [1, 1, 1, 1, 1, 1],
        ]),
    ];
    for table in &tables {
        for seed in 0..20 {
            let shares = Options {
                seed,
                siblings: 0.5,
                same_age: 0.3,
                ..Options::default()
            };
            check(
                table,
                &Options {
                    triples: 0.5,
                    transfers: 0.3,
                    ..shares
                },
            );
        }
    }
}

#[test]
fn what_cannot_be_met_is_told() {
    // One child of age 0 in each of many queues of one: nobody to be a sibling of another age.
    let (_, told) = check(
        &table(&[[9, 0, 0, 0, 0, 0]]),
        &Options {
            siblings: 1.0,
            ..Options::default()
        },
    );
    assert!(
        matches!(told[0], Shortfall::SiblingFamilies { met: 0, .. }),
        "{told:?}"
    );
    assert!(
        matches!(told[1], Shortfall::Transfers { met: 0, .. }),
        "{told:?}"
    );
    assert!(told[0].to_string().contains("きょうだい世帯"));
}
