//! Comparisons as one HTML file: a round beside other criteria or seats ([`what_if`]), and a past round beside what
//! the staff decided ([`past`]). Both show who gains and who loses in the same way ([`change`]).
//!
//! Both are for the nursery section: they name children by their ids. [`what_if_public`] and [`crate::council`] do not.

mod causes;
pub(crate) mod change;
pub(crate) mod classes;
pub(crate) mod past_page;
pub(crate) mod sign;
pub(crate) mod what_if_page;
pub(crate) mod words;

pub use past_page::past;
pub use what_if_page::{what_if, what_if_public};
pub use words::kind as kind_name;

/// Style of comparisons, after that of all pages.
pub(crate) const STYLE: &str = include_str!("comparison.css");

/// Rows shown at once; the rest unfold, and print.
const ROWS_SHOWN: usize = 30;
/// Rows on the page; the files beside it have all.
const ROWS_MAX: usize = 1_000;

/// A table whose further rows unfold. `files`: where all rows are, should there be more than the page holds.
pub(crate) fn long_table(
    caption: &str,
    head: &[&str],
    body: &[Vec<String>],
    files: &str,
) -> String {
    use enmusubi_selection::text_summary::grouped;
    let shown = body.len().min(ROWS_SHOWN);
    let most = body.len().min(ROWS_MAX);
    let wide = |caption: &str, rows: &[Vec<String>]| {
        let table = crate::table(caption, head, rows, None);
        format!("<div class=\"wide\">{table}</div>\n")
    };
    let mut out = wide(caption, &body[..shown]);
    if shown < most {
        let rest = format!("{caption}（続き）");
        out += &format!(
            "<details><summary>続きの{}行を表示</summary>\n{}</details>\n",
            grouped(most - shown),
            wide(&rest, &body[shown..most])
        );
    }
    if most < body.len() {
        out += &format!(
            "<p class=\"soft\">{}行のうち{}行を載せています。すべての行は{}にあります。</p>\n",
            grouped(body.len()),
            grouped(most),
            crate::escape(files)
        );
    }
    out
}
