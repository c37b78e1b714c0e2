//! Tables with their bands, groups and rows; changes of values.

use super::{Builder, place_of};
use crate::{
    document::Record,
    expression::{Expression, Kind},
    model::{
        Band, BandPart, Change, Effect, Group, IfUnknown, Over, Points, Row, Source,
        SourceDocument, Table, Take,
    },
    suggest,
};
use enmusubi_domain::facts::{Exact, Unit};

impl<'a> Builder<'a> {
    /// The tables, and for each the records its rows were read from.
    pub(super) fn tables(
        &mut self,
        documents: &[SourceDocument],
    ) -> (Vec<Table>, Vec<Vec<&'a Record>>) {
        let ids = self.ids_of("table");
        let mut tables = Vec::with_capacity(ids.len());
        let records = self.doc.rows("table");
        for r in records {
            tables.push(Table {
                id: self.id(r),
                label: self.label(r),
                over: match r.text("over") {
                    Some("guardian") => Over::Guardian,
                    Some("adult") => Over::Adult,
                    _ => Over::Application,
                },
                take: take(r),
                otherwise: self.otherwise(r),
                at_most: self.expression(r, "at_most"),
                at_least: self.expression(r, "at_least"),
                bands: Vec::new(),
                groups: Vec::new(),
                rows: Vec::new(),
                source: self.source(r, documents, None),
                span: self.record_span(r),
            });
        }
        for r in self.doc.rows("band") {
            let at = self.reference(r, "table", &ids, "C026", ("表", "table"));
            let band = self.band(r);
            if let Some(at) = at {
                tables[at as usize].bands.push(band);
            }
        }
        for r in self.doc.rows("group") {
            let at = self.reference(r, "table", &ids, "C026", ("表", "table"));
            let group = Group {
                id: self.id(r),
                label: self.label(r),
                take: take(r),
                at_most: self.expression(r, "at_most"),
                at_least: self.expression(r, "at_least"),
                span: self.record_span(r),
            };
            if let Some(at) = at {
                tables[at as usize].groups.push(group);
            }
        }
        let mut records: Vec<Vec<&'a Record>> = vec![Vec::new(); tables.len()];
        let rows = self.doc.rows("row");
        for r in rows {
            let at = self.reference(r, "table", &ids, "C026", ("表", "table"));
            if let Some(at) = at {
                records[at as usize].push(r);
            }
        }
        for (table, records) in tables.iter_mut().zip(&records) {
            let row_ids: Vec<&str> = records
                .iter()
                .map(|r| r.text("id").unwrap_or_default())
                .collect();
            for record in records {
                let row = self.row(record, table, &row_ids, documents);
                table.rows.push(row);
            }
        }
        (tables, records)
    }

    /// A sum of nothing is 0; of other tables the file must say it.
    fn otherwise(&mut self, record: &Record) -> Option<Expression> {
        if record.get("otherwise").is_some() {
            return Some(self.required(record, "otherwise", Kind::Number(Exact::ZERO)));
        }
        match record.text("take") {
            Some("sum") | None => Some(Expression {
                kind: Kind::Number(Exact::ZERO),
                span: self.record_span(record),
            }),
            Some(_) => {
                self.all.warning(
                    "C040",
                    record.place.clone(),
                    (
                        format!(
                            "表「{}」には、どの行も当てはまらないときの点がありません。そのときは判定できない扱いになります",
                            self.id(record)
                        ),
                        format!(
                            "the table \"{}\" says nothing for the case that no row applies; it will be undecided",
                            self.id(record)
                        ),
                    ),
                    (
                        "0点とするなら otherwise = 0 を書いてください。点のない世帯を判定しないのが正しければ、このままにします",
                        "write otherwise = 0 where 0 is meant; leave it where such a household must not be judged",
                    ),
                );
                None
            }
        }
    }

    fn band(&mut self, r: &Record) -> Band {
        let unit = self.unit(r, "unit");
        let unit2 = self.unit(r, "unit2");
        let by2 = self.expression(r, "by2");
        if unit2.is_some() && r.get("by2").is_none() {
            self.all.error(
                "C042",
                place_of(r, "unit2"),
                (
                    "unit2 がありますが、by2（二つ目の量）がありません",
                    "there is a unit2 but no by2",
                ),
                (
                    "by2 を書くか、unit2 を消してください",
                    "add by2 or remove unit2",
                ),
            );
        }
        Band {
            id: self.id(r),
            label: self.label(r),
            when: self.expression(r, "when"),
            by: self.required(r, "by", Kind::Number(Exact::ZERO)),
            unit,
            by2,
            unit2,
            partition: self.flag(r, "partition") == Some(true),
            span: self.record_span(r),
        }
    }

    fn unit(&mut self, r: &Record, field: &str) -> Option<Unit> {
        let text = r.text(field)?;
        let unit = Unit::of_name(text);
        if unit.is_none() {
            let names: Vec<&str> = Unit::ALL.iter().map(|u| u.name()).collect();
            self.all.error(
                "C041",
                place_of(r, field),
                (
                    format!("「{text}」という単位はありません"),
                    format!("there is no unit \"{text}\""),
                ),
                suggest::mend(text, &names),
            );
        }
        unit
    }

    fn row(
        &mut self,
        r: &Record,
        table: &Table,
        ids: &[&str],
        documents: &[SourceDocument],
    ) -> Row {
        let groups: Vec<&str> = table.groups.iter().map(|g| &*g.id).collect();
        let group = self.reference(
            r,
            "group",
            &groups,
            "C028",
            ("組がこの表に", "group in this table"),
        );
        let band = self.part(r, table);
        let mut excludes = Vec::new();
        for id in self.list(r, "excludes") {
            match ids.iter().position(|i| **i == **id) {
                Some(at) => excludes.push(at as u32),
                None => {
                    let elsewhere = self.ids_of("row").contains(&&**id);
                    let what = if elsewhere {
                        (
                            format!("打ち消す行「{id}」は、別の表の行です"),
                            format!("the excluded row \"{id}\" is in another table"),
                        )
                    } else {
                        (
                            format!("打ち消す行「{id}」は、この表にありません"),
                            format!("the excluded row \"{id}\" is not in this table"),
                        )
                    };
                    self.all.error(
                        "C029",
                        place_of(r, "excludes"),
                        what,
                        suggest::mend(id, ids),
                    );
                }
            }
        }
        Row {
            id: self.id(r),
            label: self.label(r),
            parents: self.boxed(r, "parents"),
            band,
            when: self.expression(r, "when"),
            points: self.points(r),
            group,
            excludes,
            if_unknown: match r.text("if_unknown") {
                Some("applies") => IfUnknown::Applies,
                Some("not") => IfUnknown::Not,
                _ => IfUnknown::Undecided,
            },
            source: self.source(r, documents, Some(&table.source)),
            note: self.boxed(r, "note"),
            span: self.record_span(r),
        }
    }

    fn part(&mut self, r: &Record, table: &Table) -> Option<BandPart> {
        const EDGES: [&str; 4] = ["from", "below", "from2", "below2"];
        if r.get("band").is_none() {
            if let Some(edge) = EDGES.iter().find(|e| r.get(e).is_some()) {
                self.all.error(
                    "C043",
                    place_of(r, edge),
                    (
                        format!("「{edge}」がありますが、どの区分の目盛りか分かりません"),
                        format!("there is \"{edge}\" but no band"),
                    ),
                    (
                        "band = \"…\" で区分を書いてください",
                        "name the band: band = \"…\"",
                    ),
                );
            }
            return None;
        }
        let bands: Vec<&str> = table.bands.iter().map(|b| &*b.id).collect();
        let at = self.reference(
            r,
            "band",
            &bands,
            "C027",
            ("区分がこの表に", "band in this table"),
        )?;
        let band = &table.bands[at as usize];
        let [from, below, from2, below2] = EDGES.map(|e| self.number(r, e));
        if band.by2.is_none()
            && let Some(edge) = EDGES[2..].iter().find(|e| r.get(e).is_some())
        {
            self.all.error(
                "C044",
                place_of(r, edge),
                (
                    format!("区分「{}」に二つ目の量（by2）がありません", band.id),
                    format!("the band \"{}\" has no second quantity (by2)", band.id),
                ),
                (
                    format!("{edge} を消すか、区分に by2 を加えてください"),
                    format!("remove {edge}, or add by2 to the band"),
                ),
            );
        }
        if from.is_none() && below.is_none() && from2.is_none() && below2.is_none() {
            self.all.error(
                "C045",
                place_of(r, "band"),
                (
                    format!(
                        "区分「{}」の行に、目盛り（from, below）がありません",
                        band.id
                    ),
                    format!(
                        "a row of the band \"{}\" has neither from nor below",
                        band.id
                    ),
                ),
                (
                    "「以上」を from、「未満」を below に書いてください",
                    "write the lower end as from and the upper end as below",
                ),
            );
        }
        for ((low, high), (f, b)) in [(from, below), (from2, below2)]
            .into_iter()
            .zip([("from", "below"), ("from2", "below2")])
        {
            if let (Some(low), Some(high)) = (low, high)
                && low >= high
            {
                self.all.error(
                    "C046",
                    place_of(r, b),
                    (
                        format!(
                            "「{f}」（{low}）が「{b}」（{high}）以上で、当てはまる値がありません"
                        ),
                        format!("{f} ({low}) is not below {b} ({high}): no value fits"),
                    ),
                    (
                        "from は「以上」、below は「未満」です",
                        "from is included, below is not",
                    ),
                );
            }
        }
        Some(BandPart {
            band: at,
            from,
            below,
            from2,
            below2,
        })
    }

    fn points(&mut self, r: &Record) -> Points {
        let fill = self.flag(r, "fill") == Some(true);
        let discretion = r.text("discretion");
        let given: Vec<&str> = [
            (r.get("points").is_some(), "points"),
            (discretion.is_some(), "discretion"),
            (fill, "fill"),
        ]
        .into_iter()
        .filter_map(|(there, name)| there.then_some(name))
        .collect();
        if given.is_empty() {
            self.all.error(
                "C050",
                r.place.clone(),
                (
                    format!("行「{}」には点がありません", self.id(r)),
                    format!("the row \"{}\" has no points", self.id(r)),
                ),
                (
                    "点（points）を書いてください。原典で確かめられていなければ未記入（fill）を「はい」に、職員が判断する値なら裁量（discretion）を書きます",
                    "write points; fill = true where they have not been read, discretion where staff judge",
                ),
            );
        } else if given.len() > 1 {
            self.all.error(
                "C051",
                place_of(r, given[1]),
                (
                    format!("「{}」と「{}」は一緒に書けません", given[0], given[1]),
                    format!(
                        "\"{}\" and \"{}\" contradict each other",
                        given[0], given[1]
                    ),
                ),
                ("どちらか一方にしてください", "keep one of them"),
            );
        }
        self.bounds(r, discretion.is_some());
        match discretion {
            Some(how) => Points::Discretion {
                min: self.number(r, "min").unwrap_or(Exact::ZERO),
                max: self.number(r, "max").unwrap_or(Exact::ZERO),
                required: how == "required",
            },
            None if fill || r.get("points").is_none() => Points::ToBeFilled,
            None => self
                .expression(r, "points")
                .map_or(Points::ToBeFilled, Points::Expression),
        }
    }

    /// The bounds of a judged value.
    fn bounds(&mut self, r: &Record, discretion: bool) {
        let given = ["min", "max"].map(|b| r.get(b).is_some());
        if !discretion {
            if let Some(bound) = ["min", "max"].iter().find(|b| r.get(b).is_some()) {
                self.all.error(
                    "C053",
                    place_of(r, bound),
                    (
                        format!("「{bound}」は裁量の行だけに書きます"),
                        format!("\"{bound}\" belongs to rows with discretion"),
                    ),
                    (
                        "discretion を加えるか、消してください",
                        "add discretion, or remove it",
                    ),
                );
            }
        } else if given != [true, true] {
            self.all.error(
                "C052",
                place_of(r, "discretion"),
                (
                    "裁量の値の下限（min）と上限（max）がありません",
                    "a judged value needs min and max",
                ),
                (
                    "職員が記入できる値の範囲を書いてください",
                    "say which values staff may enter",
                ),
            );
        } else if let (Some(min), Some(max)) = (self.number(r, "min"), self.number(r, "max"))
            && min > max
        {
            self.all.error(
                "C054",
                place_of(r, "max"),
                (
                    format!("下限（{min}）が上限（{max}）より大きくなっています"),
                    format!("min ({min}) is above max ({max})"),
                ),
                ("逆になっていないか確かめてください", "are they exchanged?"),
            );
        }
    }

    pub(super) fn change(&mut self, r: &Record, documents: &[SourceDocument]) -> Option<Change> {
        const EFFECTS: [(&str, Effect); 5] = [
            ("set", Effect::Set),
            ("add", Effect::Add),
            ("multiply", Effect::Multiply),
            ("at_most", Effect::AtMost),
            ("at_least", Effect::AtLeast),
        ];
        let given: Vec<(&str, Effect)> = EFFECTS
            .into_iter()
            .filter(|(name, _)| r.get(name).is_some())
            .collect();
        let source: Source = self.source(r, documents, None);
        let when = self.expression(r, "when");
        let [(name, effect)] = given[..] else {
            let place = given
                .get(1)
                .map_or_else(|| r.place.clone(), |(name, _)| place_of(r, name));
            self.all.error(
                "C055",
                place,
                (
                    "修正は、set, add, multiply, at_most, at_least のちょうど一つを書きます",
                    "a change has exactly one of set, add, multiply, at_most, at_least",
                ),
                (
                    "二つのことをするなら、修正を二つに分けてください",
                    "write two changes where two things happen",
                ),
            );
            return None;
        };
        Some(Change {
            id: self.id(r),
            label: self.label(r),
            parents: self.boxed(r, "parents"),
            when,
            effect,
            by: self.required(r, name, Kind::Number(Exact::ZERO)),
            source,
            span: self.record_span(r),
        })
    }
}

fn take(r: &Record) -> Take {
    match r.text("take") {
        Some("highest") => Take::Highest,
        Some("lowest") => Take::Lowest,
        Some("first") => Take::First,
        _ => Take::Sum,
    }
}
