//! A document with some of the differences between two.

use crate::{
    diff::{keys, place},
    document::{Document, Record, Section},
    schema::{SECTIONS, SectionSchema},
};

/// The first document with those differences of the second whose places are wanted ([`crate::diff::Change::place`]): rows as the second
/// has them, or none where it has none; the order of a section as the second has it. What is chosen has to be checked as if somebody had
/// written it ([`crate::from_document`]).
#[must_use]
pub fn chosen(before: &Document, after: &Document, wanted: &dyn Fn(&str) -> bool) -> Document {
    let sections = SECTIONS.iter().map(|schema| Section {
        name: schema.name,
        rows: rows(schema, before, after, wanted),
    });
    let mut document = Document {
        sections: sections.collect(),
    };
    document.arrange();
    document
}

fn rows(
    schema: &SectionSchema,
    before: &Document,
    after: &Document,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<Record> {
    let of = |document: &Document| -> Vec<(Box<str>, Record)> {
        let rows = document.rows(schema.name);
        keys(schema, rows)
            .into_iter()
            .zip(rows.iter().cloned())
            .collect()
    };
    let (old, new) = (of(before), of(after));
    let in_order = match wanted(schema.name) {
        true => [&new, &old],
        false => [&old, &new],
    };
    let has = |list: &[(Box<str>, Record)], id: &str| list.iter().any(|(i, _)| **i == *id);
    let stays = |id: &str| match wanted(&place(schema.name, id)) {
        true => has(&new, id),
        false => has(&old, id),
    };
    let mut ids: Vec<&str> = Vec::new();
    for list in in_order {
        let mut at = 0;
        for (id, _) in list {
            // A row that the first order does not have follows the one that it follows in its own.
            match ids.iter().position(|i| **i == **id) {
                Some(found) => at = found + 1,
                None if stays(id) => {
                    ids.insert(at, id);
                    at += 1;
                }
                None => {}
            }
        }
    }
    let row = |id: &&str| {
        let list = match wanted(&place(schema.name, id)) {
            true => &new,
            false => &old,
        };
        list.iter()
            .find(|(i, _)| **i == **id)
            .map(|(_, row)| row.clone())
    };
    ids.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diff, edit, read, write_toml};

    const EXAMPLE: &[u8] = include_bytes!("../../../criteria/example/r9.toml");

    /// The example, and the same with a row added, one taken, one changed, and keys in another order.
    fn two() -> (Document, Document) {
        let before = read("r9.toml", EXAMPLE).1;
        let mut after = before.clone();
        let rows = edit::rows(&mut after, "row").unwrap();
        let mut added = rows[0].clone();
        edit::put(
            &mut added,
            "row",
            "id",
            crate::document::Scalar::Text("new".into()),
        );
        rows.insert(2, added);
        rows.remove(4);
        edit::take(&mut rows[5], &["note", "page"]);
        edit::put(
            &mut rows[5],
            "row",
            "points",
            crate::document::Scalar::Integer(99),
        );
        edit::rows(&mut after, "key").unwrap().swap(0, 2);
        (before, after)
    }

    #[test]
    fn all_gives_the_second_and_none_the_first() {
        let (before, after) = two();
        let all = chosen(&before, &after, &|_| true);
        assert_eq!(write_toml(&all), write_toml(&after));
        let none = chosen(&before, &after, &|_| false);
        assert_eq!(write_toml(&none), write_toml(&before));
    }

    /// Whichever is chosen, what differs from the first is that, and what differs from the second is the rest.
    #[test]
    fn each_difference_alone() {
        let (before, after) = two();
        let mut places: Vec<String> = diff(&before, &after).iter().map(|c| c.place()).collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 4, "{places:?}");
        for one in &places {
            let chosen = chosen(&before, &after, &|p| p == one);
            let found = |a: &Document, b: &Document| {
                let mut list: Vec<String> = diff(a, b).iter().map(|c| c.place()).collect();
                list.sort();
                list.dedup();
                list
            };
            assert_eq!(found(&before, &chosen), std::slice::from_ref(one));
            let rest = found(&chosen, &after);
            assert!(!rest.contains(one), "{one}: {rest:?}");
            assert_eq!(rest.len(), 3);
        }
    }
}
