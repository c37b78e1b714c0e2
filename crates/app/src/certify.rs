//! Approving a certification: a number is given in the transaction that approves it.

use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::household::{Household, Right};
use enmusubi_storage::events::Loaded;

impl Office {
    /// Approves a proposal.
    ///
    /// # Errors
    /// No right, not there, the same person, changed meanwhile.
    pub async fn approve_certification(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        id: u32,
    ) -> Result<Loaded<Household>, Fault> {
        actor.needs(Action::ApproveCertification)?;
        // A number that is not used in the end leaves a hole, which is told by the audit log; one used twice would be worse.
        let mut tx = self.store.begin(&actor.tenant).await?;
        let n = tx.next("certification").await?;
        tx.commit().await?;
        let given = format!("{n:08}");
        self.change_case(actor, number, version, |case| {
            let by = &actor.account;
            case.approve_certification(id, &given, Right { by })
        })
        .await
    }
}
