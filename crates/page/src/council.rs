//! The page for a council and for publication: a comparison with past decisions without anybody's data. It is made from
//! [`Published`] and from nothing else, so that what is withheld there cannot stand here.

use crate::{
    comparison::{
        STYLE,
        change::{Change, people, withheld},
        classes::public_cut_offs,
        past_page::{PRACTICE, which},
        what_if_page::withheld_note,
        words::{digest, kind, mechanism},
    },
    escape,
    frame::{self, Frame, Part, page},
    pair,
    svg_change::{Share, Step, shares, stairs},
    table,
};
use enmusubi_compare::{
    cause::Kind,
    public::{Published, PublishedAgreement},
};
use enmusubi_selection::text_summary::grouped;
use std::fmt::Write as _;

/// The page.
#[must_use]
pub fn html(p: &Published) -> String {
    let mut sections = vec![
        Part::new("what", "何を比べたか", what(p)),
        Part::new("agreement", "どれだけ一致したか", agreement(p)),
    ];
    if !p.rules.is_empty() || !p.families.is_empty() {
        sections.push(Part::new("causes", "違いの原因", causes(p)));
    }
    sections.push(Part::new("families", "ご家庭にとって", families(p)));
    if let Some(practice) = practice(p) {
        sections.push(Part::new("practice", "基準どおりと実際の運用", practice));
    }
    let title = format!(
        "過去の選考結果との突合{}　公表用",
        which(&p.entry_date, p.number)
    );
    let mut header = String::new();
    if !p.title.is_empty() {
        let _ = writeln!(header, "<p class=\"soft\">{}</p>", escape(&p.title));
    }
    header += &headline(p);
    header += "<p class=\"soft\">この資料には、児童と世帯の個人情報を載せていません。</p>\n";
    header += &withheld_note(p.disclosure_minimum);
    let mut footer = String::new();
    if !p.criteria_digest.is_empty() {
        let _ = writeln!(
            footer,
            "<p>照合番号　基準　<span class=\"digest\">{}</span></p>",
            escape(&digest(&p.criteria_digest))
        );
    }
    let _ = writeln!(footer, "<p>プログラム {}</p>", escape(&p.engine_version));
    page(&Frame {
        title: &title,
        styles: &[frame::STYLE, STYLE],
        header,
        sections,
        footer,
    })
}

/// `85.2%`, or what stands for a withheld number.
fn percent(a: &PublishedAgreement) -> String {
    a.percent
        .as_ref()
        .map_or_else(withheld, |percent| format!("{percent}%"))
}

/// Thousandths, to draw them.
fn thousandths(a: &PublishedAgreement) -> Option<u32> {
    let (agree, compared) = (u64::from(a.agree?), u64::from(a.compared?));
    let share = (agree * 1000).checked_div(compared);
    Some(share.map_or(1000, |t| t as u32))
}

/// How many differ.
fn differ(a: &PublishedAgreement) -> Option<u32> {
    a.compared?.checked_sub(a.agree?)
}

fn headline(p: &Published) -> String {
    let (first, end) = (percent(&p.placement), percent(&p.mended));
    if p.placement == p.mended {
        return format!("<p class=\"headline\"><b>{first}</b><span>が一致</span></p>\n");
    }
    format!(
        "<p class=\"headline\"><i>{first}</i><span>→</span><b>{end}</b></p>\n\
         <p>原因を直す前に一致した割合と、見つかった原因をすべて直した後に一致した割合です。</p>\n"
    )
}

fn what(p: &Published) -> String {
    let mut out = String::from(
        "<p>利用調整基準を、計算できる形のファイルに書き写しました。これを使って過去の選考をもう一度計算し、\
         職員が実際に行った決定と比べました。計算が職員と同じように判断できるかを、今後の選考に使う前に確かめるためです。</p>\n<ul>\n",
    );
    let _ = writeln!(
        out,
        "<li>比べた児童：{}</li>\n<li>席の決め方：{}</li>",
        people(p.placement.compared),
        escape(&mechanism(&p.mechanism))
    );
    out += "</ul>\n<p>違いがあったときは、原因と考えられるものを一つずつ直して計算し直し、決定と一致するかを確かめました。\
            推測だけで原因としたものはありません。</p>\n";
    out
}

fn agreement(p: &Published) -> String {
    let mut rows: Vec<(&str, &str, &PublishedAgreement)> = Vec::new();
    if let Some(a) = &p.index {
        rows.push(("指数（点数）", "件", a));
    }
    if let Some(a) = &p.order {
        rows.push(("順番（隣り合う二人の先後）", "組", a));
    }
    rows.push(("決定（直す前）", "人", &p.placement));
    if p.placement != p.mended {
        rows.push(("決定（原因をすべて直した後）", "人", &p.mended));
    }
    let number =
        |n: Option<u32>, unit: &str| n.map_or_else(withheld, |n| format!("{}{unit}", grouped(n)));
    let bars: Vec<Share> = rows
        .iter()
        .map(|(name, unit, a)| Share {
            name: (*name).to_owned(),
            at: thousandths(a),
            text: match a.agree {
                Some(_) => format!(
                    "{}　{}のうち{}が一致",
                    percent(a),
                    number(a.compared, unit),
                    number(a.agree, unit)
                ),
                None => format!("{}（個人が分かるおそれがあるため公表しません）", withheld()),
            },
        })
        .collect();
    let chart = shares("一致の割合の帯グラフ。数値は表にあります。", &bars);
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, unit, a)| {
            vec![
                (*name).to_owned(),
                number(a.compared, unit),
                number(a.agree, unit),
                number(differ(a), unit),
                percent(a),
            ]
        })
        .collect();
    let head = ["比べたもの", "比べた数", "一致", "違い", "割合"];
    pair(&chart, &table("一致の割合", &head, &body, None)) + &path(p)
}

/// The path, by those steps that may be given.
fn path(p: &Published) -> String {
    let mut steps = Vec::new();
    let mut add = |name: String, a: &PublishedAgreement| {
        if let Some(at) = thousandths(a) {
            steps.push(Step {
                name,
                at,
                text: percent(a),
            });
        }
    };
    add(String::from("直す前"), &p.placement);
    for (i, cause) in (1..).zip(&p.rules) {
        add(
            format!("{i} {}", crate::comparison::words::kind_short(cause.kind)),
            &cause.agreement,
        );
    }
    add(String::from("すべて直した後"), &p.mended);
    if steps.len() < 3 {
        return String::new();
    }
    let chart = stairs(
        "原因を直したときの一致の割合の図。数値は表にあります。",
        &steps,
    );
    let body: Vec<Vec<String>> = steps
        .iter()
        .map(|s| vec![s.name.clone(), s.text.clone()])
        .collect();
    let table = table(
        "原因を直したときの一致の割合",
        &["直した原因", "割合"],
        &body,
        None,
    );
    format!(
        "<h3>一致するまでの道のり</h3>\n<p>見つかった順に直したときの割合です。番号は、次の「違いの原因」の番号です。\
         公表できない数の段階は省いています。</p>\n{}",
        pair(&chart, &table)
    )
}

fn causes(p: &Published) -> String {
    let mut out = String::new();
    if !p.rules.is_empty() {
        out += "<h3>決まりやクラスについての原因</h3>\n";
        for (i, cause) in (1..).zip(&p.rules) {
            let others = match cause.alternatives {
                0 => String::from("なし"),
                n => format!("{}件", grouped(n)),
            };
            let _ = writeln!(
                out,
                "<article class=\"cause\">\n<h4><span class=\"no\">{i}</span> <span class=\"badge\">{}</span></h4>\n<p>{}</p>\n\
                 <p class=\"soft\">ここまで直した後の一致 {}。見分けられない別の原因 {others}。</p>\n</article>",
                kind(cause.kind),
                escape(&cause.words),
                percent(&cause.agreement)
            );
        }
        out += "<p class=\"soft\">「見分けられない別の原因」は、同じ違いを同じだけ説明でき、記録だけではどれか分からないものの数です。</p>\n";
    }
    if !p.families.is_empty() {
        out += "<h3>個別の申込みについての原因</h3>\n<p>一つの世帯だけに関わる原因は、個人が分からないように、種類ごとの数だけを示します。</p>\n";
        let number = |n: Option<u32>| n.map_or_else(withheld, |n| format!("{}件", grouped(n)));
        let body: Vec<Vec<String>> = p
            .families
            .iter()
            .map(|k| vec![kind(k.kind).to_owned(), number(k.causes)])
            .collect();
        let foot = vec![String::from("計"), number(p.families_total)];
        out += &table(
            "個別の申込みについての原因",
            &["種類", "原因の数"],
            &body,
            Some(&foot),
        );
    }
    let mut kinds: Vec<Kind> = p.rules.iter().map(|c| c.kind).collect();
    kinds.extend(p.families.iter().map(|k| k.kind));
    kinds.sort_unstable();
    kinds.dedup();
    out += "<h3>原因の種類の説明</h3>\n<dl>\n";
    for k in kinds {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", kind(k), meaning(k));
    }
    out + "</dl>\n"
}

/// What a kind means, and how it is mended, in plain words.
fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Fact => {
            "申込みの内容が、計算に使った表と、職員が決定したときに見ていたものとで違っていました。申込書や証明書と照らして、正しい方に直します。"
        }
        Kind::RowPoints => {
            "基準の一つの行の点が、計算用のファイルと、職員の決定とで違っていました。公表している基準と照らして、正しい方に直します。"
        }
        Kind::RowMissing => {
            "職員の決定では数えている点が計算用のファイルにないか、その反対です。文書にない取扱いであれば、基準に書くか、やめるかを決めます。"
        }
        Kind::Seats => {
            "クラスの募集人数が、計算に使った表と、職員の決定とで違っていました。当時の募集の記録と照らして直します。"
        }
        Kind::Tie => {
            "順位がまったく同じ申込みの先後が、決められた方法と違っていました。抽選などの記録と照らします。"
        }
        Kind::KeyOrder => {
            "点数が同じときに比べる項目の順が、計算用のファイルと、職員の決定とで違っていました。"
        }
        Kind::Wish => {
            "「同じ園でなければ入らない」など、きょうだいの希望の読み方が違っていました。申込書の欄の意味を確かめて直します。"
        }
        Kind::Aggregation => {
            "父母それぞれの点の合わせ方（合計、低い方、高い方、平均）が、計算用のファイルと、職員の決定とで違っていました。"
        }
        Kind::Coupling => "きょうだいの点数を同じにそろえるかどうかの扱いが違っていました。",
        Kind::Transfers => {
            "今の園からの転園の申込みを、新しい申込みより先にするか、後にするか、同じにするかが違っていました。"
        }
        Kind::Refill => {
            "転園で空いた席に、同じ選考の中でほかの児童が入れるかどうかが違っていました。"
        }
        Kind::ChoiceRank => {
            "第1希望、第2希望といった希望の順番を、順位や点数に数えるかどうかが違っていました。"
        }
        Kind::Contradiction => {
            "基準とほかの原因では説明できない決定です。決定の記録で理由を確かめる必要があります。"
        }
        Kind::Mechanism => {
            "優先順位と希望から席を決める手順が、計算と職員の決定とで違っていました。"
        }
    }
}

fn families(p: &Published) -> String {
    let mut out = String::from("<ul>\n");
    let mut say = |text: &str| {
        let _ = writeln!(out, "<li>{text}</li>");
    };
    say("この突合は、これまでの決定を変えるものではありません。");
    match (differ(&p.placement), differ(&p.mended)) {
        (Some(0), _) => say("計算は、職員が行った決定とすべて一致しました。"),
        (_, Some(0)) => say("見つかった原因を直すと、計算は、職員が行った決定とすべて一致します。"),
        (_, Some(_)) => say("原因を直しても一致しない決定が残っています。"),
        (_, None) => {
            say("原因を直した後に一致しない決定の数は、個人が分かるおそれがあるため公表しません。")
        }
    }
    if p.rules.iter().any(|c| c.kind == Kind::RowMissing) {
        say(
            "基準の文書と実際の取扱いに違いがありました。どちらに合わせるかを決めて、基準に書くと、どのご家庭にも同じ決まりで説明できます。",
        );
    }
    if p.families.iter().any(|k| k.kind == Kind::Contradiction) {
        say(
            "基準では説明できない決定がありました。その決定の記録は、担当課で確かめる必要があります。",
        );
    }
    say(
        "お子さん一人ひとりの結果と理由は、この資料には載せていません。お知りになりたい方は、決定の通知にある窓口にお尋ねください。",
    );
    out + "</ul>\n"
}

/// Who gains and loses by the criteria as practised.
fn practice(p: &Published) -> Option<String> {
    let public = p.practice.as_ref()?;
    let comparison = public.variants.first()?.comparison.as_ref()?;
    if comparison.gained.total.is_none() && comparison.lost.total.is_none() {
        // Nothing would stand here but what stands for withheld numbers.
        return None;
    }
    let change = Change::of_public(PRACTICE, &public.base, comparison);
    Some(
        String::from(
            "<p>「基準どおり」は、計算用のファイルのとおりに計算した結果です。「実際の運用」は、見つかった原因のうち、\
             基準についてのものをすべて直し、職員の運用に合わせて計算した結果です。どのような申込みが、基準どおりよりも有利に、または不利になっていたかを示します。</p>\n",
        ) + &change.html()
            + &public_cut_offs(PRACTICE, comparison),
    )
}
