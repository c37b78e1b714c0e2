//! The made-up city 園むすび市, for trying the office out: facilities, criteria, accounts, and a round of applications in every
//! state, made through the real use cases, so that events, audit log and rows are what they would be.
//!
//! - [`fill()`]: makes it all.
//! - [`fields`]: a household of a round's facts as the fields of a form.
//! - `story`: the clock of the weeks before today; `staff`: accounts; `city`: facilities, rounds, criteria, seats; `cases`:
//!   applications, each as far as its `plan` goes; `names`: people and addresses that do not exist.
//!
//! Two cities of one seed have the same people; ids of accounts and criteria are random, as always.

mod cases;
mod city;
pub mod fields;
mod names;
mod plan;
mod staff;
mod story;

pub use fields::{Fields, facility_facts, fields_of};

use enmusubi_app::{Fault, Office};
use enmusubi_casefile::account::Role;
use enmusubi_storage::tenants::Tenant;
use enmusubi_synth::{FactOptions, Options};
use jiff::civil::date;

/// A code that no municipality has.
pub const TENANT: &str = "999999";
/// Name of the made-up city.
pub const CITY: &str = "園むすび市";
/// Facilities of the city.
const FACILITIES: usize = 40;
/// Applications of the city as it is shown.
pub const SIZE: usize = 1_500;
/// Days the story goes back.
const DAYS: i64 = 100;

/// An account to sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// Name to sign in with.
    pub login: String,
    /// Name for people.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Password, to be shown to whoever tries the city out.
    pub password: String,
    /// The facility, for a nursery.
    pub facility: Option<String>,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// Accounts, clerks first.
    pub accounts: Vec<DemoAccount>,
    /// Id of the round that families apply for.
    pub round: String,
    /// Cases, one for each household (and for each that was keyed twice).
    pub cases: usize,
    /// Applications.
    pub applications: usize,
}

/// Makes the city as municipality `tenant`, with about `size` applications ([`SIZE`]). What happened is told as of the weeks
/// before the office's today; nothing lies in the future, so that before the deadline nobody is late.
///
/// # Errors
/// The municipality is there already, or the database could not.
pub async fn fill(office: &Office, tenant: &str, seed: u64, size: usize) -> Result<Demo, Fault> {
    let there = office.store().tenants().await?;
    if there.iter().any(|t| t.id == tenant) {
        return Err(Fault::Internal(format!(
            "making the city: municipality {tenant} is there already"
        )));
    }
    office
        .store()
        .put_tenant(&Tenant {
            id: tenant.to_owned(),
            name: CITY.to_owned(),
            settings: "{}".to_owned(),
        })
        .await?;
    let town = enmusubi_synth::town(&Options {
        children: size.max(1),
        nurseries: FACILITIES,
        seed,
        ..Options::default()
    });
    let calendar = city::april();
    let today = office.today();
    let facts = enmusubi_synth::facts(
        &town,
        &FactOptions {
            seed,
            entry_date: calendar.entry,
            // Who is unborn is unborn on the day the form is written.
            base_date: today.clamp(calendar.opens, date(2027, 3, 31)),
            deadline: calendar.deadline,
            complete: false,
            shared: 0,
            lottery: false,
            ..FactOptions::default()
        },
    );
    let nurseries: Vec<(String, String)> = town
        .nurseries
        .iter()
        .map(|n| (n.id.clone(), n.name.clone()))
        .collect();
    let story = story::Story::begin(office, DAYS);
    let staff = staff::make(&story, tenant, seed, &nurseries).await?;
    let round = city::rounds(&story, &staff).await?;
    city::facilities(&story, &staff, &town, &facts, seed).await?;
    city::criteria(&story, &staff).await?;
    let told = cases::tell(&story, &staff, &round, &facts, seed).await?;
    city::seats(&story, &staff, &round, &town).await?;
    Ok(Demo {
        accounts: staff.accounts,
        round,
        cases: told.cases,
        applications: told.applications,
    })
}
