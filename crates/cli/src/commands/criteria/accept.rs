//! `enmusubi criteria accept`: what somebody accepted of a learned draft, as criteria.

use crate::args::AcceptArgs;
use crate::commands::lang;
use crate::criteria_file::{CriteriaFile, language};
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::output::Outputs;
use crate::pipeline::{self, File};
use crate::{print, say};
use enmusubi_domain::facts::words::wareki;
use enmusubi_interchange::signed_rules::{self, Line};
use enmusubi_learn::accept::{Problem, Signed, Unsound, accept, problems};

/// Rules that were accepted as the draft has them, everything else as the file given has it. Nothing is written where anything is
/// wrong.
pub fn run(words: &Words, args: &AcceptArgs) -> Result<Exit, Failure> {
    let given = [&*args.known, &*args.draft, &*args.signed];
    let mut outputs = Outputs::new(args.force);
    let failure = |e: crate::output::OutputError| e.failure(words);
    let planned = [outputs.plan(&args.out, &given).map_err(failure)?];
    let read = |path| {
        let file = CriteriaFile::read(words, path)?;
        file.sound(words)?;
        Ok(file)
    };
    let (known, draft) = (read(&args.known), read(&args.draft));
    let list = File::read(words, &args.signed);
    let (known, draft, list) = match (known, draft, list) {
        (Ok(known), Ok(draft), Ok(list)) => (known, draft, list),
        (known, draft, list) => {
            let failures = [known.err(), draft.err(), list.err()];
            let failures = Failure::all(failures.into_iter().flatten().collect());
            return Err(failures.unwrap_or_else(|| crate::commands::internal(words)("no failure")));
        }
    };

    let (lines, told) = signed_rules::read(&list.source());
    let mut wrong = told.render(pipeline::language(words));
    // Of rules without a verdict it is known all the same whether they are those of the draft.
    let signed: Vec<Signed> = lines.iter().map(|line| of_line(words, line)).collect();
    let undecided = lines.iter().any(|l| l.accepted.is_none());
    let mut found = match signed.is_empty() && told.has_errors() {
        true => Vec::new(),
        false => problems(&known.document, &draft.document, &signed),
    };
    if undecided {
        found.retain(|p| !matches!(p, Problem::Disagree { .. }));
    }
    if told.has_errors() || !found.is_empty() {
        let file = signed_rules::list_name(&list.name);
        for problem in &found {
            let [what, mend] = problem.words((&file, &draft.file.name), lang(words));
            wrong += &words.say("criteria-say.problem", &[("what", &what), ("mend", &mend)]);
            wrong += "\n";
        }
        if !told.has_errors() {
            wrong += &words.say("criteria-say.unwritten", &[]);
        }
        return Err(Failure::told(Exit::BadInput, wrong));
    }

    let name = args.out.display().to_string();
    let accepted = accept(
        &known.document,
        &draft.document,
        &signed,
        &name,
        lang(words),
    );
    let accepted = accepted.map_err(|Unsound { text, diagnostics }| {
        let told = diagnostics.render(&name, &text, language(words));
        let said = words.say("criteria-say.unsound", &[]);
        Failure::new(Exit::BadInput, format!("{said}\n{}", indented(&told)))
            .hint(words.say("criteria-say.unsound_hint", &[]))
    })?;
    let bytes = std::iter::once(accepted.text.as_bytes());
    outputs.write_all(&planned, bytes).map_err(failure)?;
    say(&wrong);
    print(&words.say(
        "criteria-say.accepted",
        &[
            ("path", &name),
            ("accepted", &accepted.accepted),
            ("rules", &accepted.rules),
        ],
    ));
    print("\n");
    if accepted.waiting > 0 {
        print(&words.say(
            "criteria-say.waiting",
            &[("rows", &accepted.waiting), ("path", &name)],
        ));
        print("\n");
    }
    Ok(Exit::Done)
}

/// A line of the list as a rule; without a verdict it is not accepted.
fn of_line(words: &Words, line: &Line) -> Signed {
    let on = line.on.map(|day| match words.lang {
        Lang::Ja => wareki(day),
        Lang::En => day.to_string(),
    });
    Signed {
        row: line.row,
        number: line.number,
        words: line.rule.to_string(),
        places: line.places.iter().map(ToString::to_string).collect(),
        accepted: line.accepted == Some(true),
        by: line.by.to_string(),
        on: on.unwrap_or_default(),
    }
}

/// Lines that belong to the one above.
fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| format!("  {line}\n"));
    lines.collect()
}
