//! One command per file: composition only. What several commands say in the same way is here.

pub mod bench;
pub mod compare;
pub mod criteria;
pub mod demo;
pub mod explain;
pub mod learn;
pub mod match_;
pub mod operation;
pub mod round;
pub mod score;
pub mod select;
pub mod serve;
pub mod shadow;
pub mod synth;
pub mod verify;
pub mod whatif;

use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::pipeline::tables::Prepared;
use crate::stopwatch::{StopWatch, peak_memory_bytes};
use enmusubi_domain::round::NurseryIx;
use enmusubi_market::Placement;
use enmusubi_selection::text_summary;
use std::fmt::{Display, Write as _};

/// The summary's name of our language.
pub fn lang(words: &Words) -> text_summary::Lang {
    match words.lang {
        Lang::Ja => text_summary::Lang::Japanese,
        Lang::En => text_summary::Lang::English,
    }
}

/// Nursery per row of the children's table, as the tables number them: the market knows neither
/// rows nor the order of the nurseries' table.
pub fn placed_by_row(prepared: &Prepared, placement: &Placement) -> Vec<Option<NurseryIx>> {
    let market = &prepared.case.compiled.market;
    let mut by_id: Vec<NurseryIx> = (0..prepared.round.nurseries.len() as u32).collect();
    by_id.sort_unstable_by(|&a, &b| {
        let id = |n: NurseryIx| &prepared.round.nurseries[n as usize].id;
        id(a).cmp(id(b))
    });
    debug_assert_eq!(by_id.len(), market.nurseries.len());
    let mut placed = vec![None; prepared.round.children.len()];
    for (class, &row) in placement.class.iter().zip(&prepared.case.compiled.rows) {
        let nursery = class.map(|k| by_id[market.classes[k as usize].nursery as usize]);
        placed[row as usize] = nursery;
    }
    placed
}

/// Seconds per phase and peak memory, for standard error.
pub fn timings(words: &Words, watch: &StopWatch) -> String {
    let mut text = words.say("timings.title", &[]);
    for (phase, seconds) in watch.seconds() {
        let _ = write!(text, " {phase} {seconds:.6}");
    }
    if let Some(bytes) = peak_memory_bytes() {
        let _ = write!(text, " peak_memory_bytes {bytes}");
    }
    text.push('\n');
    text
}

/// A failure that only a defect of this program can cause.
pub fn internal<E: Display>(words: &Words) -> impl Fn(E) -> Failure {
    let hint = words.say("internal.panic_hint", &[]);
    let message = words.say("internal.panic", &[]);
    move |e| Failure::new(Exit::Internal, format!("{message}\n  {e}")).hint(hint.clone())
}

/// Refuses a file to write whose name promises another kind of file than is written.
///
/// # Errors
/// The name has none of the endings (`.csv`), in whatever case.
pub fn ends_with(words: &Words, path: &std::path::Path, endings: &[&str]) -> Result<(), Failure> {
    let name = path.to_string_lossy().to_lowercase();
    if endings.iter().any(|e| name.ends_with(e)) {
        return Ok(());
    }
    let list = endings.join(", ");
    let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("endings", &list)];
    Err(
        Failure::new(Exit::BadInput, words.say("input.ending", &values))
            .hint(words.say("input.ending_hint", &[("endings", &list)])),
    )
}
