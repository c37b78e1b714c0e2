//! Names and addresses of people who do not exist: plants, weather and places, put together.
//!
//! Some are written as registers write them (variation selectors, 髙, 﨑, 𠮷), some come from abroad, some are long: whatever
//! a form has to hold.

use enmusubi_synth::rng::Rng;

/// A name and its reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    /// As written.
    pub(crate) written: String,
    /// フリガナ.
    pub(crate) kana: String,
}

/// First parts of family names.
const PLANT: [(&str, &str); 26] = [
    ("霧", "キリ"),
    ("露", "ツユ"),
    ("霞", "カスミ"),
    ("虹", "ニジ"),
    ("雪", "ユキ"),
    ("苔", "コケ"),
    ("蕗", "フキ"),
    ("楓", "カエデ"),
    ("蔦", "ツタ"),
    ("霜", "シモ"),
    ("朧", "オボロ"),
    ("凪", "ナギ"),
    ("茜", "アカネ"),
    ("椋", "ムク"),
    ("榎", "エノキ"),
    ("茅", "カヤ"),
    ("菫", "スミレ"),
    ("蛍", "ホタル"),
    ("雲雀", "ヒバリ"),
    ("楡", "ニレ"),
    ("樫", "カシ"),
    ("霰", "アラレ"),
    ("木漏", "コモレ"),
    ("朝凪", "アサナギ"),
    ("夕虹", "ユウニジ"),
    ("柊", "ヒイラギ"),
];
/// Second parts of family names.
const PLACE: [(&str, &str); 14] = [
    ("原", "ハラ"),
    ("沢", "サワ"),
    ("崎", "サキ"),
    ("瀬", "セ"),
    ("浜", "ハマ"),
    ("谷", "タニ"),
    ("森", "モリ"),
    ("坂", "サカ"),
    ("里", "サト"),
    ("浦", "ウラ"),
    ("岬", "ミサキ"),
    ("峰", "ミネ"),
    ("ヶ丘", "ガオカ"),
    ("島", "シマ"),
];
/// Family names as a register may write them.
const REGISTER: [(&str, &str); 8] = [
    ("髙霧", "タカキリ"),
    ("露﨑", "ツユサキ"),
    ("葛\u{E0100}霞", "クズカスミ"),
    ("𠮷凪", "ヨシナギ"),
    ("霧邉\u{E0104}", "キリベ"),
    ("苔澤", "コケザワ"),
    ("濵雪", "ハマユキ"),
    ("辻\u{E0101}朧", "ツジオボロ"),
];
/// First parts of given names.
const GIVEN: [(&str, &str); 18] = [
    ("陽", "ハル"),
    ("凪", "ナギ"),
    ("澪", "ミオ"),
    ("芽", "メイ"),
    ("空", "ソラ"),
    ("碧", "アオ"),
    ("彩", "アヤ"),
    ("花", "ハナ"),
    ("星", "ホシ"),
    ("風", "フウ"),
    ("朝", "アサ"),
    ("詩", "ウタ"),
    ("月", "ツキ"),
    ("実", "ミノ"),
    ("千", "チ"),
    ("柚", "ユズ"),
    ("琴", "コト"),
    ("樹", "イツ"),
];
/// Second parts of given names.
const ENDING: [(&str, &str); 14] = [
    ("斗", "ト"),
    ("太", "タ"),
    ("香", "カ"),
    ("菜", "ナ"),
    ("音", "ネ"),
    ("乃", "ノ"),
    ("希", "キ"),
    ("衣", "イ"),
    ("里", "リ"),
    ("真", "マ"),
    ("子", "コ"),
    ("世", "ヨ"),
    ("", ""),
    ("々葉", "ハ"),
];
/// Family names from abroad, in katakana as they stand on a residence certificate.
const ABROAD: [&str; 8] = [
    "ホシゾラスカヤ",
    "リバーサイドマン",
    "モンテ・デ・ラ・ルナ",
    "ミストヴァレー",
    "ハナグエン",
    "シードアル・ナハール",
    "ヴァン・デル・クサハラ",
    "ソルデ・アマネセル・イ・ブリサ・デル・マル",
];
/// Given names from abroad.
const ABROAD_GIVEN: [&str; 10] = [
    "マリソル",
    "ニーモ",
    "アウロラ",
    "リオ",
    "カリーナ・フローラ",
    "ゼフィル",
    "ミン",
    "アズール",
    "ノヴァ",
    "フィオレ・ディ・カンポ",
];
/// Buildings.
const BUILDING: [&str; 7] = [
    "コーポひだまり",
    "メゾン朝露",
    "ハイツつくし",
    "市営木漏れ日住宅2号棟",
    "シャトー・ド・ブリーズ園むすびセントラルガーデンテラス弐番館",
    "みずたま荘",
    "グランドール虹の坂",
];

/// The family name of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FamilyName {
    name: Called,
    abroad: bool,
}

fn called(one: (&str, &str), other: (&str, &str)) -> Called {
    Called {
        written: format!("{}{}", one.0, other.0),
        kana: format!("{}{}", one.1, other.1),
    }
}

fn of<T: Copy>(rng: &mut Rng, list: &[T]) -> T {
    list[rng.index(list.len())]
}

/// Draws a family name.
pub(crate) fn family(rng: &mut Rng) -> FamilyName {
    let (name, abroad) = match rng.weighted(&[90, 6, 4]) {
        0 => (called(of(rng, &PLANT), of(rng, &PLACE)), false),
        1 => (called(of(rng, &REGISTER), ("", "")), false),
        _ => {
            let name = of(rng, &ABROAD);
            (called((name, name), ("", "")), true)
        }
    };
    FamilyName { name, abroad }
}

/// Draws the full name of a member.
pub(crate) fn member(rng: &mut Rng, family: &FamilyName) -> Called {
    let (given, between) = if family.abroad {
        let given = of(rng, &ABROAD_GIVEN);
        (called((given, given), ("", "")), "・")
    } else {
        (called(of(rng, &GIVEN), of(rng, &ENDING)), "　")
    };
    Called {
        written: format!("{}{between}{}", family.name.written, given.written),
        kana: format!("{}{between}{}", family.name.kana, given.kana),
    }
}

/// Name for an account: of a clerk or of a nursery's head.
pub(crate) fn clerk(rng: &mut Rng) -> Called {
    let family = FamilyName {
        name: called(of(rng, &PLANT), of(rng, &PLACE)),
        abroad: false,
    };
    member(rng, &family)
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) postcode: String,
    pub(crate) text: String,
    pub(crate) building: String,
    pub(crate) phone: String,
    pub(crate) email: String,
}

/// Draws an address in a district of the city (`area`: as the facts name it; `None`: another city).
pub(crate) fn home(rng: &mut Rng, area: Option<&str>) -> Home {
    let kanji = ["一", "二", "三", "四", "五"];
    let town = match area {
        Some(area) => format!("園むすび市{}町", area.trim_end_matches("地区")),
        None => format!("となり川市{}町", of(rng, &PLACE).1),
    };
    let (chome, ban, go) = (rng.index(5), 1 + rng.below(38), 1 + rng.below(30));
    // People write addresses in several ways.
    let text = match rng.weighted(&[5, 3, 2]) {
        0 => format!("{town}{}丁目{ban}番{go}号", kanji[chome]),
        1 => format!("{town}{}丁目{ban}-{go}", chome + 1),
        _ => format!("{town}{}-{ban}-{go}", chome + 1),
    };
    let building = if rng.chance(550) {
        format!(
            "{}{}{:02}",
            of(rng, &BUILDING),
            1 + rng.below(9),
            1 + rng.below(12)
        )
    } else {
        String::new()
    };
    // Exchanges 0000 are assigned to nobody.
    let phone = match rng.weighted(&[4, 3, 3]) {
        0 => format!("090-0000-{:04}", rng.below(10_000)),
        1 => format!("080-0000-{:04}", rng.below(10_000)),
        _ => format!("070-0000-{:04}", rng.below(10_000)),
    };
    let email = if rng.chance(450) {
        format!("kazoku{:05}@example.jp", rng.below(100_000))
    } else {
        String::new()
    };
    Home {
        // No town has a code that begins with three zeros.
        postcode: format!("000-{:04}", rng.below(40)),
        text,
        building,
        phone,
        email,
    }
}
