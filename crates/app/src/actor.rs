//! Who acts.

use crate::{Fault, policy::Action};
use enmusubi_casefile::account::{Account, Columns, Role};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// An account that has signed in, with the rights it has today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Municipality.
    pub tenant: String,
    /// Id of the account.
    pub account: String,
    /// Name for people.
    pub name: String,
    /// Roles in force.
    pub roles: BTreeSet<Role>,
    /// Groups of columns it may see.
    pub columns: BTreeSet<Columns>,
    /// The facility, for a nursery.
    pub facility: Option<String>,
}

impl Actor {
    /// An account with the grants that are in force on a day.
    #[must_use]
    pub fn of(tenant: &str, id: &str, account: &Account, day: Date) -> Self {
        let mut actor = Self {
            tenant: tenant.to_owned(),
            account: id.to_owned(),
            name: account.name.clone(),
            roles: BTreeSet::new(),
            columns: BTreeSet::new(),
            facility: None,
        };
        for grant in account.in_force(day) {
            actor.roles.insert(grant.role);
            actor.columns.extend(grant.columns.iter().copied());
            if grant.role == Role::Nursery {
                actor.facility.clone_from(&grant.facility);
            }
        }
        actor
    }

    /// The program itself: jobs and first set-up. Sees everything, signs nothing that takes two people.
    #[must_use]
    pub fn system(tenant: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            account: "system".to_owned(),
            name: "system".to_owned(),
            roles: Role::ALL.into(),
            columns: Columns::ALL.into(),
            facility: None,
        }
    }

    /// Whether it may.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        action.roles().iter().any(|r| self.roles.contains(r))
    }

    /// Refuses what it may not.
    ///
    /// # Errors
    /// [`Fault::Forbidden`].
    pub fn needs(&self, action: Action) -> Result<(), Fault> {
        if self.may(action) {
            Ok(())
        } else {
            Err(Fault::Forbidden)
        }
    }

    /// Whether it may see a group of columns.
    #[must_use]
    pub fn sees(&self, columns: Columns) -> bool {
        self.columns.contains(&columns)
    }
}
