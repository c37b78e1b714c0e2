//! Where the page is signed, and exactly what a signature says.

use super::{
    past_page::{differ, last, which},
    words::digest,
};
use crate::escape;
use enmusubi_compare::report::Comparison;
use enmusubi_selection::text_summary::grouped;
use std::fmt::Write as _;

/// Where a section says whether it accepts a rule, printed and signed by hand.
pub(crate) fn accept() -> String {
    String::from(
        "<div class=\"blank\">□ 認める　□ 認めない　　確かめた人：　　　　　　　　　　日付：　　　年　　月　　日　　理由：</div>\n",
    )
}

/// The block to sign, printed and signed by hand.
pub(super) fn block(c: &Comparison) -> String {
    let (first, end) = (c.placement, last(c));
    let left = differ(end);
    let round = match which(&c.entry_date, c.number) {
        round if round.is_empty() => String::from("この回"),
        round => round.trim_matches(['（', '）']).to_owned(),
    };
    let criteria = match c.title.is_empty() {
        true => String::from("点数の表"),
        false => format!("「{}」（照合番号 {}）", c.title, digest(&c.criteria_digest)),
    };
    let mut points = vec![
        format!(
            "{round}の選考回と{criteria}（回と基準の照合番号 {}）を使って計算した結果を、職員の決定（突合番号 {}）と比べたこと。",
            digest(&c.input_digest),
            digest(&c.decisions_digest)
        ),
        format!(
            "比べた{}人のうち{}人（{}%）の結果が、何も直さずに職員の決定と一致したこと。",
            grouped(first.compared),
            grouped(first.agree),
            first.percent()
        ),
    ];
    if !c.causes.is_empty() {
        points.push(format!(
            "違いの原因として挙がった{}件を、一件ずつ当時の資料と照らし合わせ、実際にそうであったことを確かめたこと。\
             見分けられない原因があるときは、どれであったかを下の欄に書いたこと。",
            grouped(c.causes.len())
        ));
        points.push(format!(
            "それらを直して計算すると、{}人のうち{}人（{}%）の結果が一致したこと。",
            grouped(end.compared),
            grouped(end.agree),
            end.percent()
        ));
    }
    let index = c.index.as_ref().map_or(0, |d| d.unexplained);
    let order = c.order.as_ref().map_or(0, |d| d.unexplained);
    let mut rest = Vec::new();
    for (n, what) in [(left, "人の決定"), (index, "件の指数"), (order, "組の順番")] {
        if n > 0 {
            rest.push(format!("{}{what}", grouped(n)));
        }
    }
    points.push(match rest.is_empty() {
        true => String::from("説明のつかない違いが残っていないこと。"),
        false => format!(
            "{}に説明のつかない違いが残っていることを知ったうえで、それを受け入れる理由を下の欄に書いたこと。",
            rest.join("、")
        ),
    });
    let mut out = String::from(
        "<div class=\"sign\">\n<p>印刷して、手で署名してください。署名した人は、次のことを確かめたことになります。</p>\n<ol>\n",
    );
    for point in &points {
        let _ = writeln!(out, "<li>{}</li>", escape(point));
    }
    out += "</ol>\n<p>この署名は、職員の決定が正しかったかどうかを判断するものではなく、職員の決定を変えるものでもありません。\
            この基準とプログラムを今後の選考に使う前に行った突合の記録です。</p>\n";
    if !rest.is_empty() {
        out += "<p class=\"care\">説明のつかない違いが残っています。原因を確かめてから署名することを勧めます。</p>\n";
    }
    let reason = match rest.is_empty() {
        true => "見分けられない原因をどれと確かめたか、そのほかの記録",
        false => "残った違いを受け入れる理由、見分けられない原因をどれと確かめたか、そのほかの記録",
    };
    let _ = writeln!(out, "<div class=\"blank\">{reason}：</div>");
    out += "<div class=\"scroll\" role=\"region\" aria-label=\"署名の欄\" tabindex=\"0\">\n<table class=\"signatures\">\n\
            <caption>署名の欄</caption>\n<thead><tr><th scope=\"col\">区分</th><th scope=\"col\">所属・職</th>\
            <th scope=\"col\">署名</th><th scope=\"col\">日付</th></tr></thead>\n<tbody>\n";
    for role in ["確認者", "確認者（別の者）", "承認者（課長）"] {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{role}</th><td></td><td></td><td>　　　年　　月　　日</td></tr>"
        );
    }
    out + "</tbody>\n</table>\n</div>\n</div>\n"
}
