//! Many planted causes in one round: the way to agreement, cause by cause.
//! `cargo run --release -p enmusubi-truth --example path -- --rounds 100`.

mod common;

use common::{Args, each, median, print_table, settled_town, share, solved, ties};
use enmusubi_compare::crew::Alone;
use enmusubi_truth::{Verdict, judge, plant_many};

fn main() {
    let args = Args::read(100, 1500);
    let criteria = args.read_criteria();
    let measured = each(args.threads, args.rounds as usize, |r| {
        let seed = args.seed + r as u64;
        let facts = settled_town(&criteria, seed, args.children);
        let planted = plant_many(args.causes, &facts, &criteria, &ties(), seed)?;
        let (solution, seconds) = solved(&planted, &Alone);
        let solution = solution?;
        let verdict = judge(&planted, &solution);
        let after = verdict.agree_after(args.causes);
        eprintln!(
            "seed {seed}: {} planted, {} → {after} of {} after {} of {} causes, {seconds:.2} s",
            planted.causes.len(),
            verdict.agree_before,
            verdict.compared,
            args.causes.min(verdict.agree_after.len()),
            verdict.agree_after.len(),
        );
        if args.verbose {
            let mut told = String::new();
            for (c, of) in planted.causes.iter().zip(&verdict.causes) {
                told += &format!("  planted {:?} {:?} {of:?}\n", c.cause, c.changes.len());
            }
            for m in &solution.mended {
                told += &format!(
                    "  found {:?}, {} differ, {} units\n",
                    m.cause, m.differing, m.units
                );
            }
            print!("seed {seed}\n{told}");
        }
        Some((planted.causes.len(), verdict, seconds))
    });
    let list: Vec<&(usize, Verdict, f64)> = measured.iter().flatten().collect();
    // Exactly: agreeing × 1000 ≥ compared × 995.
    let reached = list.iter().filter(|(_, v, _)| {
        u64::from(v.agree_after(args.causes)) * 1000 >= u64::from(v.compared) * 995
    });
    let right = |test: &dyn Fn(&enmusubi_truth::OfCause) -> bool| {
        let causes = list.iter().flat_map(|(_, v, _)| &v.causes);
        causes.filter(|c| test(c)).count()
    };
    let planted: usize = list.iter().map(|l| l.0).sum();
    let percent = |part: u32, whole: u32| f64::from(part) * 100.0 / f64::from(whole.max(1));
    let before: Vec<f64> = list
        .iter()
        .map(|(_, v, _)| percent(v.agree_before, v.compared))
        .collect();
    let after: Vec<f64> = list
        .iter()
        .map(|(_, v, _)| percent(v.agree_after(args.causes), v.compared))
        .collect();
    let lowest = after.iter().copied().fold(100.0, f64::min);
    let alarms: u32 = list.iter().map(|(_, v, _)| v.false_alarms).sum();
    let seconds: Vec<f64> = list.iter().map(|l| l.2).collect();
    let shown = |x: Option<f64>| x.map_or("–".to_owned(), |x| format!("{x:.2}"));
    println!(
        "{} children, {} rounds with {} causes, {}",
        args.children,
        args.rounds,
        args.causes,
        args.criteria.display()
    );
    print_table(
        &[
            "rounds",
            "causes planted",
            "% agree before (median)",
            "% agree after top causes (median)",
            "lowest",
            "≥ 99.5 %",
            "planted causes found (cause or class)",
            "right kind",
            "false alarms per round",
            "median s",
        ],
        &[vec![
            format!("{}/{}", list.len(), args.rounds),
            planted.to_string(),
            shown(median(&before)),
            shown(median(&after)),
            format!("{lowest:.2}"),
            share(reached.count(), list.len()),
            share(right(&|c| c.right_cause()), planted),
            share(right(&|c| c.right_kind), planted),
            format!("{alarms}/{}", list.len()),
            shown(median(&seconds)),
        ]],
    );
}
