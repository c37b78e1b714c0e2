//! Comparisons made by hand, for tests and the sample page: made-up children, nurseries and criteria.

use enmusubi_compare::{
    cause::Kind,
    report::{
        Agreement, Alternative, CauseReport, Comparison, Difference, IndexDepth, IndexDifference,
        Link, OrderDepth, PathStep, Place, Practice, Remark, Seen,
    },
};
use enmusubi_selection::{
    report::{KeyComponentReport, KeyKindName, MechanismName},
    whatif::report as whatif,
};

/// Nurseries.
pub const NURSERIES: [&str; 6] = [
    "ひまわり保育園",
    "つくし保育園",
    "くもまのふきのとう保育園",
    "あまやどりのりんどう小規模保育室",
    "おひさまこども園",
    "せせらぎのいわつばめこども園",
];

/// Numbers that look random and always come the same.
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(
            seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .wrapping_add(0x1234_5678_9ABC_DEF1),
        )
    }

    /// Below `n`, which is not 0.
    pub fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % n
    }
}

/// What a made comparison is like.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// Seed of what is not said here.
    pub seed: u64,
    /// Children compared.
    pub children: u32,
    /// Children that come right with each cause.
    pub heals: &'static [(Kind, u32)],
    /// Children that nothing explains.
    pub left: u32,
    /// Fewer are withheld in what is published.
    pub minimum: u32,
    /// With an index list, with places, and with facts.
    pub all_depths: bool,
}

/// A round like that of many sections: some rules, some single cases.
pub const USUAL: Wanted = Wanted {
    seed: 1,
    children: 1_502,
    heals: &[
        (Kind::RowPoints, 96),
        (Kind::RowMissing, 61),
        (Kind::KeyOrder, 28),
        (Kind::Transfers, 14),
        (Kind::Seats, 9),
        (Kind::Wish, 5),
        (Kind::Fact, 4),
        (Kind::Tie, 2),
        (Kind::Fact, 2),
        (Kind::Contradiction, 1),
    ],
    left: 0,
    minimum: 3,
    all_depths: true,
};

/// Id of a child.
pub fn child(n: u32) -> String {
    format!("C{n:05}")
}

/// Id of a household.
pub fn household(n: u32) -> String {
    format!("H{:05}", 70_000 + n)
}

/// A comparison.
pub fn comparison(wanted: Wanted) -> Comparison {
    let mut dice = Dice::new(wanted.seed);
    let healed: u32 = wanted.heals.iter().map(|h| h.1).sum();
    let differing = healed + wanted.left;
    assert!(differing <= wanted.children);
    let of = |agree: u32| Agreement {
        compared: wanted.children,
        agree,
    };
    let mut path = vec![PathStep {
        cause: 0,
        agreement: of(wanted.children - differing),
    }];
    let (mut causes, mut differences) = (Vec::new(), Vec::new());
    let mut next = 1;
    for (number, &(kind, heals)) in (1..).zip(wanted.heals) {
        let ids: Vec<u32> = (next..next + heals).collect();
        next += heals;
        let agree = path.last().map_or(0, |s| s.agreement.agree) + heals;
        path.push(PathStep {
            cause: number,
            agreement: of(agree),
        });
        for (i, &id) in ids.iter().enumerate() {
            differences.push(difference(&mut dice, id, number, i > 0 && i % 2 == 1));
        }
        causes.push(cause(number, kind, &ids));
    }
    for id in next..next + wanted.left {
        differences.push(difference(&mut dice, id, 0, false));
    }
    let facts = wanted.all_depths;
    Comparison {
        engine_version: "0.1.0".into(),
        entry_date: "2026-04-01".into(),
        number: 1,
        criteria: "r8.toml".into(),
        title: "縁結市 保育所等利用調整基準（令和8年度）".into(),
        criteria_digest: "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2".into(),
        input_digest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".into(),
        decisions_digest: "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9".into(),
        mechanism: "stable".into(),
        ties: "lottery:R8-1".into(),
        disclosure_minimum: wanted.minimum,
        remarks: vec![
            remark("unknown-child", 2, &["C90001", "C90002"]),
            remark("no-decision", 7, &["C01490", "C01491", "C01492"]),
            remark("over-capacity", 1, &["ひまわり保育園 1歳児（13/12）"]),
        ],
        index: facts.then(|| index(wanted.children)),
        order: facts.then(|| OrderDepth {
            agreement: Agreement {
                compared: wanted.children - 1,
                agree: wanted.children - 5,
            },
            differences: (10..14).map(|n| (child(n), child(n + 40))).collect(),
            causes: vec![3],
            unexplained: 0,
        }),
        placement: of(wanted.children - differing),
        causes,
        path,
        differences,
        practice: facts.then(|| practice(&mut dice, wanted.children, differing)),
        exhausted: false,
    }
}

fn remark(code: &str, count: u32, examples: &[&str]) -> Remark {
    Remark {
        code: code.into(),
        count,
        examples: examples.iter().map(|e| (*e).to_owned()).collect(),
    }
}

fn place(dice: &mut Dice) -> Option<Place> {
    let at = dice.below(7) as usize;
    let name = NURSERIES.get(at)?;
    Some(Place {
        facility: format!("N{at:02}"),
        name: (*name).to_owned(),
        rank: (dice.below(9) > 0).then(|| 1 + dice.below(5)),
    })
}

fn difference(dice: &mut Dice, id: u32, cause: u32, follows: bool) -> Difference {
    let ours = place(dice);
    let mut theirs = place(dice);
    if ours.is_none() && theirs.is_none() {
        theirs = Some(Place {
            facility: "N00".into(),
            name: NURSERIES[0].into(),
            rank: Some(2),
        });
    }
    Difference {
        child: child(id),
        household: household(id),
        age: dice.below(6) as u8,
        ours,
        theirs,
        cause,
        follows,
    }
}

fn index(children: u32) -> IndexDepth {
    let differences = (1..=12).map(|n| IndexDifference {
        child: child(n),
        facility: (n % 4 == 0).then(|| String::from("N02")),
        ours: Some("98".into()),
        theirs: Some("104".into()),
        only_ours: vec!["就労 月112時間以上140時間未満".into()],
        only_theirs: vec!["就労 月140時間以上".into(), "園の職員の子".into()],
        causes: if n < 11 { vec![1, 2] } else { Vec::new() },
    });
    IndexDepth {
        agreement: Agreement {
            compared: children,
            agree: children - 12,
        },
        differences: differences.collect(),
        causes: vec![1, 2],
        unexplained: 2,
    }
}

fn cause(number: u32, kind: Kind, ids: &[u32]) -> CauseReport {
    let heals: Vec<String> = ids.iter().map(|&n| child(n)).collect();
    let first = heals.first().cloned().unwrap_or_default();
    let house = ids.first().map_or_else(String::new, |&n| household(n));
    let family = matches!(
        kind,
        Kind::Fact | Kind::Tie | Kind::Wish | Kind::Contradiction
    );
    let (words, public_words, mend) = match kind {
        Kind::RowPoints => (
            "行「就労 月140時間以上」（work-140）の点: 基準ファイルでは 18、職員の決定では 20".to_owned(),
            "「就労 月140時間以上」の点: 基準ファイルでは 18、職員の決定では 20",
            "要綱の点と、当時の運用を確かめてください。20点が正しければ、基準ファイルの行「work-140」の points を直します。",
        ),
        Kind::RowMissing => (
            "基準ファイルにない行: 表「調整指数」で、「childcare_worker」のとき 10点。職員の決定では数えています".to_owned(),
            "基準ファイルにない加点・減点: 「childcare_worker」のとき 10点",
            "要綱、内規、申し合わせに、この加点（減点）があるかを確かめてください。あれば、出典を添えて、表「B」に行を加えます。",
        ),
        Kind::Seats => (
            "「ひまわり保育園」1歳児クラスの席: 職員の決定では、選考回の表より 1人多い".to_owned(),
            "「ひまわり保育園」1歳児クラスの席: 職員の決定では、選考回の表より 1人多い",
            "当時の募集人数の記録を確かめ、違っていれば、選考回の表のクラスの募集人数を直してください。",
        ),
        Kind::Fact => (
            format!("世帯 {house} の保護者1の「就労時間（月）」: 選考回の表では「96時間」、職員の決定は「160時間」のときの順位に合います"),
            "申込みの内容の一つが、職員の手元のものと違っていました。",
            "申込書と証明書で「就労時間（月）」を確かめてください。「160時間」が正しければ、選考回の表を直します。",
        ),
        Kind::Tie => (
            format!("「つくし保育園」2歳児クラスで同順位の児童 {first} と児童 C00990: 同順位の扱いでは C00990 が先、職員の決定では {first} が先"),
            "順位がまったく同じ申込みの先後が、決まりと違っていました。",
            "同順位のときの決め方（抽選の記録、話合いの記録など）を確かめてください。",
        ),
        Kind::Wish => (
            format!("世帯 {house} のきょうだいの希望: 職員は「同時に入所、同じ園のみ」と読んでいます"),
            "ある世帯のきょうだいの希望の読み方が違っていました。",
            "申込書のきょうだいの希望を確かめ、違っていれば、選考回の表の回答を直してください。",
        ),
        Kind::Contradiction => (
            format!("世帯 {house} は、基準のとおりなら入れた所に入れていません（児童 {first}: 基準では「つくし保育園」、職員の決定では保留）"),
            "基準では説明できない決定がありました。",
            "決定の記録で理由を確かめてください。理由が見当たらなければ、決定が誤っていたおそれがあります。",
        ),
        Kind::KeyOrder => (
            "比べる順の「世帯の所得が低い」: 職員の決定では、「待機した日数が長い」より先に比べています".to_owned(),
            "比べる順の「世帯の所得が低い」: 職員の決定では、「待機した日数が長い」より先に比べています",
            "要綱の「比べる順」を確かめ、違っていれば、基準ファイルの [[key]] の順と並びを直してください。",
        ),
        Kind::Mechanism => (
            "席の決め方: 基準では「優先順位を先に比べる方式」、職員の決定は「希望順位を先に比べる方式」で説明できます".to_owned(),
            "席の決め方: 基準では「優先順位を先に比べる方式」、職員の決定は「希望順位を先に比べる方式」で説明できます",
            "席の決め方を確かめ、違っていれば、基準ファイルの [selection] の mechanism を直してください。",
        ),
        _ => (
            "転園希望者: 職員の決定では、ほかの申込者より後にしています".to_owned(),
            "転園希望者: 職員の決定では、ほかの申込者より後にしています",
            "転園希望者の順位の決まりを確かめ、違っていれば、基準ファイルに書いてください。",
        ),
    };
    let link = |n: usize, theirs: Option<usize>, ours: Option<usize>| Link {
        child: heals.get(n).cloned().unwrap_or_default(),
        theirs: theirs.map(|at| format!("{} 1歳児", NURSERIES[at])),
        ours: ours.map(|at| format!("{} 1歳児", NURSERIES[at])),
    };
    let chains = match heals.len() {
        0 | 1 => Vec::new(),
        2..=4 => vec![vec![link(0, Some(0), None), link(1, None, Some(0))]],
        _ => (0..(heals.len() / 4).min(6))
            .map(|_| {
                vec![
                    link(0, Some(2), Some(1)),
                    link(1, Some(3), Some(2)),
                    link(2, None, Some(3)),
                ]
            })
            .collect(),
    };
    CauseReport {
        number,
        kind,
        words,
        public_words: public_words.to_owned(),
        mend: mend.to_owned(),
        seen: match kind {
            Kind::RowPoints => Seen::Index,
            Kind::KeyOrder => Seen::Order,
            _ => Seen::Placement,
        },
        alternatives: match kind {
            Kind::RowMissing => vec![
                Alternative {
                    kind: Kind::RowPoints,
                    words: "行「きょうだいが在園」（sibling-in）の点: 基準ファイルでは 8、職員の決定では 18".into(),
                },
                Alternative {
                    kind: Kind::RowMissing,
                    words: "基準ファイルにない行: 表「調整指数」で、「commute_minutes >= 60」のとき 10点".into(),
                },
            ],
            _ => Vec::new(),
        },
        more_alternatives: if kind == Kind::RowMissing { 3 } else { 0 },
        children: if family {
            vec![first]
        } else {
            heals.iter().take(30).cloned().collect()
        },
        heals,
        chains,
    }
}

fn side(title: &str, with_class: u32, children: u32) -> whatif::Side {
    whatif::Side {
        criteria: "r8.toml".into(),
        title: title.into(),
        mechanism: MechanismName::Stable,
        ties: "lottery:R8-1".into(),
        figures: whatif::Figures {
            children,
            with_class,
            newly_placed: with_class * 9 / 10,
            held: children - with_class,
            first_choice: with_class / 2,
            rank_sum: u64::from(with_class) * 2,
            mean_rank: Some("20/9".into()),
            stable: true,
            proved: true,
            blocking_families: Vec::new(),
            result_digest: "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7"
                .into(),
        },
    }
}

/// Who gains and loses: `changed` of `children`.
fn practice(dice: &mut Dice, children: u32, changed: u32) -> Practice {
    use whatif::{Dimension as D, Move, Tally};
    let before = children * 7 / 10;
    let mut all = Tally::default();
    let words: [(D, &[&str]); 5] = [
        (D::Area, &["東部", "西部", "南部", "北部", "中央", ""]),
        (D::Age, &["0", "1", "2", "3", "4", "5"]),
        (D::SingleParent, &["none", "single", "quasi"]),
        (D::Siblings, &["alone", "together"]),
        (D::Transfer, &["new", "transfer"]),
    ];
    let mut groups: Vec<whatif::Group> = Vec::new();
    for (dimension, list) in words {
        groups.extend(list.iter().map(|group| whatif::Group {
            dimension,
            group: (*group).to_owned(),
            tally: Tally::default(),
        }));
    }
    let mut rows = Vec::new();
    for n in 1..=children {
        let had = n > children - before || n <= changed / 3;
        let moved = match (n <= changed, had, dice.below(2)) {
            (false, ..) => Move::Unchanged,
            (true, false, _) => Move::PlacedNow,
            (true, true, 0) => Move::Unplaced,
            (true, true, _) => Move::Better,
        };
        let has = match moved {
            Move::PlacedNow => true,
            Move::Unplaced => false,
            _ => had,
        };
        all.add(had, has, moved);
        // A few groups are large, the others small.
        let picks = words.map(|(d, list)| {
            let most = list.len() as u32;
            let at = dice.below(most).min(dice.below(most));
            (d, list[at as usize])
        });
        for (dimension, group) in picks {
            let here = groups
                .iter_mut()
                .find(|g| g.dimension == dimension && g.group == group);
            if let Some(g) = here {
                g.tally.add(had, has, moved);
            }
        }
        if moved != Move::Unchanged {
            let spot = |there: bool, at: usize| match there {
                true => whatif::Spot {
                    facility: format!("N{at:02}"),
                    name: NURSERIES[at].into(),
                    rank: Some(at as u32 + 1),
                    pool: None,
                },
                false => whatif::Spot::default(),
            };
            rows.push(whatif::ChildRow {
                child: child(n),
                household: household(n),
                age: picks[1].1.parse().unwrap_or(0),
                area: picks[0].1.to_owned(),
                single_parent: picks[2].1.to_owned(),
                siblings: picks[3].1 == "together",
                transfer: picks[4].1 == "transfer",
                before: spot(had, 3),
                after: spot(has, 1),
                moved,
            });
        }
    }
    let components = vec![KeyComponentReport {
        label: "指数".into(),
        kind: KeyKindName::Points,
    }];
    let mut classes = Vec::new();
    for (at, name) in NURSERIES.iter().enumerate() {
        for age in 0..6 {
            let side = |points: u32| whatif::ClassSide {
                seats: Some(10),
                placed: 10,
                newly_placed: 8,
                considered: 20,
                cut_off: Some(vec![points.to_string()]),
            };
            let points = 80 + dice.below(30);
            let after = points + if dice.below(3) == 0 { dice.below(9) } else { 0 };
            classes.push(whatif::ClassRow {
                facility: format!("N{at:02}"),
                name: (*name).to_owned(),
                age,
                pool: None,
                before: Some(side(points)),
                after: Some(side(after)),
            });
        }
    }
    Practice {
        base: side(
            "縁結市 保育所等利用調整基準（令和8年度）",
            all.with_class_before,
            children,
        ),
        comparison: whatif::Comparison {
            after: side(
                "縁結市 保育所等利用調整基準（令和8年度）（実際の運用）",
                all.with_class_after,
                children,
            ),
            all,
            groups,
            key_components: [components.clone(), components],
            classes,
            changed: rows,
        },
    }
}

/// A round with variants: one compared, one that cannot be, one like the first.
pub fn what_if(wanted: Wanted) -> whatif::WhatIf {
    let changed = wanted.heals.iter().map(|h| h.1).sum();
    let practice = practice(&mut Dice::new(wanted.seed), wanted.children, changed);
    let compared = whatif::Outcome::Compared(Box::new(practice.comparison));
    let variant = |name: &str, outcome: whatif::Outcome| whatif::Variant {
        name: name.into(),
        sets: vec!["seats:*:1=+1".into()],
        words: vec!["すべての施設の1歳児クラスの募集人数を1人増やす".into()],
        outcome,
    };
    whatif::WhatIf {
        engine_version: "0.1.0".into(),
        entry_date: "2027-04-01".into(),
        number: 1,
        base: practice.base,
        disclosure_minimum: wanted.minimum,
        variants: vec![
            variant("1歳児を1人ずつ増やす", compared.clone()),
            variant(
                "枠をなくす",
                whatif::Outcome::Wrong {
                    reasons: vec!["基準に、枠「area」はありません".into()],
                },
            ),
            variant("1歳児を<b>もう</b>1人ずつ増やす", compared),
        ],
    }
}
