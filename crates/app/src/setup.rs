//! The first start: a municipality and its first two administrators, who let everybody else in.

use crate::{
    Actor, Fault, Office,
    accounts::{NewAccount, NewGrant},
};
use enmusubi_casefile::{Refusal, account::Role};
use enmusubi_storage::tenants::Tenant;
use jiff::ToSpan as _;

/// Months that the first administrators' rights last; they are renewed as everybody's.
const MONTHS: i64 = 12;

impl Office {
    /// Whether nothing has been set up yet.
    ///
    /// # Errors
    /// The database could not.
    pub async fn is_new(&self) -> Result<bool, Fault> {
        Ok(self.store.tenants().await?.is_empty())
    }

    /// Sets an empty installation up. Each administrator's right is approved with the other's name, since nobody else is there.
    ///
    /// # Errors
    /// It is set up already, a code that is none, no name, the same login twice, a password that is too short.
    pub async fn set_up(
        &self,
        code: &str,
        name: &str,
        administrators: [NewAccount; 2],
    ) -> Result<(), Fault> {
        if !self.is_new().await? {
            return Err(Refusal::of("refusal.set_up_already").into());
        }
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::of("refusal.municipality_code")
                .with("value", code)
                .into());
        }
        if name.trim().is_empty() {
            return Err(Refusal::of("refusal.municipality_name").into());
        }
        let [one, two] = &administrators;
        if one.login.trim() == two.login.trim() {
            return Err(Refusal::of("refusal.login_taken")
                .with("login", &two.login)
                .into());
        }
        for account in &administrators {
            crate::accounts::fitting(&account.password)?;
            if account.login.trim().is_empty() || account.name.trim().is_empty() {
                return Err(Refusal::of("refusal.account_blank").into());
            }
        }
        self.store
            .put_tenant(&Tenant {
                id: code.to_owned(),
                name: name.trim().to_owned(),
                settings: "{}".to_owned(),
            })
            .await?;
        let system = Actor::system(code);
        let mut ids = Vec::new();
        for account in administrators {
            ids.push(self.make_account(&system, account).await?);
        }
        let today = self.today();
        for (n, id) in ids.iter().enumerate() {
            let other = Actor {
                account: ids[1 - n].clone(),
                ..Actor::system(code)
            };
            let grant = NewGrant {
                role: Role::Administrator,
                columns: [].into(),
                facility: None,
                from: today,
                until: today.saturating_add(MONTHS.months()),
            };
            let proposed = self.propose_grant(&system, id, 1, grant).await?;
            self.approve_grant(&other, id, proposed.version, 1).await?;
        }
        self.record(&system, "set_up", code, name).await
    }
}
