//! Papers and what they say: attached, read, looked at, confirmed; what a family is asked to mend.
//!
//! - `keep`: inspecting and sealing; `attach`, `transcribe`: a paper and its facts; `look`: its bytes.
//! - `reading`: an employment certificate as readings, and whose it is.
//! - `decide`: facts confirmed or set aside; `correct`: requests to the family; `extract`: files of the core system.
//!
//! **Invariant:** a paper's bytes are in the store before its event is committed, and what was not committed is deleted again: a
//! crash leaves at most an object that nothing names.

mod attach;
mod correct;
mod decide;
mod extract;
mod keep;
mod look;
mod reading;
mod transcribe;

pub use attach::{Attached, NewPaper};
pub use correct::{Draft, Sender, draft_correction};
pub use extract::{Difference, Extracted, NotApplied, WhyNot};
pub use look::{Bytes, Which};
pub use reading::Whose;

use crate::{Actor, Fault, Office};
use enmusubi_interchange::certificate::MONTHS_VALID;

/// Settings of a municipality that concern papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Months after its date that a certificate may be used.
    pub certificate_months: u8,
    /// Who sends letters.
    pub sender: Sender,
}

impl Office {
    /// Settings that concern papers (`certificate_months`, `office`, `address`, `phone`), or what is usual.
    ///
    /// # Errors
    /// The database could not.
    pub async fn paper_settings(&self, actor: &Actor) -> Result<Settings, Fault> {
        let tenants = self.store.tenants().await?;
        let own = tenants.into_iter().find(|t| t.id == actor.tenant);
        let said = own.as_ref().map_or("", |t| t.settings.as_str());
        let said: serde_json::Value = serde_json::from_str(said).unwrap_or_default();
        let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
        let months = said["certificate_months"].as_u64();
        Ok(Settings {
            certificate_months: months
                .and_then(|m| u8::try_from(m).ok())
                .filter(|m| *m > 0)
                .unwrap_or(MONTHS_VALID),
            sender: Sender {
                office: text("office"),
                address: text("address"),
                phone: text("phone"),
            },
        })
    }
}

#[cfg(test)]
mod tests;
