//! The tables of one round, parsed and complete. `enmusubi-interchange` reads them from files,
//! `enmusubi-synth` makes them up, `enmusubi-selection` compiles them into a market.
