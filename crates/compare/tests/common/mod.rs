//! Rounds of the example city, made up.

use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};

/// The example's criteria.
pub fn criteria() -> Criteria {
    let text = include_bytes!("../../../../criteria/example/r9.toml");
    enmusubi_criteria::read("r9.toml", text)
        .0
        .expect("an example that reads")
}

/// A round as its form asks for it.
pub fn round(seed: u64, children: usize, nurseries: usize) -> RoundFacts {
    let made = town(&Options {
        seed,
        children,
        nurseries,
        ..Options::default()
    });
    facts(
        &made,
        &FactOptions {
            seed,
            form: Form::fields(),
            ..FactOptions::default()
        },
    )
}
