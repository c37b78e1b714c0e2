//! Made-up names. Words for plants, weather and small animals; nobody's name.

use crate::rng::Rng;

const FIRST: [&str; 40] = [
    "あさつゆの",
    "ひだまりの",
    "そよかぜの",
    "こもれびの",
    "ゆうやけの",
    "はつゆきの",
    "あまやどりの",
    "ほしぞらの",
    "みなもの",
    "やまびこの",
    "はるかぜの",
    "なないろの",
    "おひさまの",
    "みかづきの",
    "こはるの",
    "せせらぎの",
    "わかばの",
    "しらかばの",
    "ふうりんの",
    "ゆきどけの",
    "あおぞらの",
    "あかねの",
    "いなほの",
    "うみかぜの",
    "おかのうえの",
    "かわべの",
    "きりさめの",
    "くもまの",
    "さざなみの",
    "しおかぜの",
    "すずかぜの",
    "つきあかりの",
    "とおあさの",
    "なぎさの",
    "にわかあめの",
    "のはらの",
    "はまべの",
    "ふもとの",
    "まつかぜの",
    "もりかげの",
];

const SECOND: [&str; 60] = [
    "つくし",
    "たんぽぽ",
    "どんぐり",
    "もみじ",
    "すみれ",
    "れんげ",
    "めだか",
    "ひばり",
    "つばめ",
    "ほたる",
    "こぶし",
    "やまぶき",
    "あけび",
    "いちょう",
    "うぐいす",
    "えのき",
    "かえで",
    "かりん",
    "きつつき",
    "くるみ",
    "けやき",
    "こすもす",
    "ざくろ",
    "さざんか",
    "しいのみ",
    "すずらん",
    "せきれい",
    "そらまめ",
    "たけのこ",
    "ちどり",
    "つゆくさ",
    "とんぼ",
    "なずな",
    "なのはな",
    "にれ",
    "ねむのき",
    "のいちご",
    "はぎ",
    "ひいらぎ",
    "ふきのとう",
    "ほおずき",
    "まつぼっくり",
    "みつばち",
    "むくどり",
    "めじろ",
    "もくれん",
    "やどかり",
    "ゆずりは",
    "よもぎ",
    "りす",
    "りんどう",
    "わらび",
    "あざみ",
    "いわつばめ",
    "おなが",
    "かたくり",
    "くぬぎ",
    "しじみ",
    "すすき",
    "はまなす",
];

const AREA: [&str; 30] = [
    "つばき",
    "かえで",
    "さくら",
    "うめのき",
    "くすのき",
    "けやき",
    "すぎのき",
    "まつばら",
    "たけばやし",
    "ふじだな",
    "あやめ",
    "もみのき",
    "かしわ",
    "とちのき",
    "しらうめ",
    "ひのき",
    "あしはら",
    "くりばやし",
    "なら",
    "えのき",
    "みずき",
    "はんのき",
    "かつら",
    "ほおのき",
    "やなぎ",
    "きんもくせい",
    "ぶなばやし",
    "はぎはら",
    "こなら",
    "ゆりのき",
];

/// District names; a number is added when the words run out.
pub(crate) fn area(number: usize) -> String {
    let word = AREA[number % AREA.len()];
    match number / AREA.len() {
        0 => format!("{word}地区"),
        round => format!("{word}第{}地区", round + 1),
    }
}

/// Deals nursery names, no two alike for one kind of facility.
pub(crate) struct Names {
    order: Vec<u16>,
    next: usize,
}

impl Names {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut order: Vec<u16> = (0..(FIRST.len() * SECOND.len()) as u16).collect();
        rng.shuffle(&mut order);
        Self { order, next: 0 }
    }

    pub(crate) fn deal(&mut self, kind: &str) -> String {
        let pair = self.order[self.next % self.order.len()] as usize;
        let round = self.next / self.order.len();
        self.next += 1;
        let (first, second) = (FIRST[pair / SECOND.len()], SECOND[pair % SECOND.len()]);
        match round {
            0 => format!("{first}{second}{kind}"),
            _ => format!("{first}{second}第{}{kind}", round + 1),
        }
    }
}
