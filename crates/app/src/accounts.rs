//! Accounts: signing in, passwords, grants by two people.

use crate::{Action, Actor, Fault, Office, office::random_id};
use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use enmusubi_casefile::{
    Refusal,
    account::{Account, Columns, Event, Grant, Role},
};
use enmusubi_storage::{events::Loaded, people::Secret};
use jiff::{SignedDuration, civil::Date};
use std::collections::BTreeSet;

/// Failed attempts of one account after which it waits.
const ATTEMPTS_ACCOUNT: i64 = 5;
/// Failed attempts from one address after which it waits.
const ATTEMPTS_ADDRESS: i64 = 30;
/// How long.
const WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Fewest characters of a password (NIST SP 800-63B asks for 15 where it is the only factor).
pub const PASSWORD_LEAST: usize = 15;
/// Most characters, so that hashing has a bound.
pub const PASSWORD_MOST: usize = 200;

/// Why somebody could not sign in.
#[derive(Debug)]
pub enum SignIn {
    /// Login or password is wrong; which of the two is not told.
    Wrong,
    /// Too many attempts; the account or the address waits.
    Waits,
    /// The account is locked, or has no right in force today.
    NoRight,
    /// Something else.
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for SignIn {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// A new account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Name to sign in with.
    pub login: String,
    /// Name for people.
    pub name: String,
    /// Post.
    pub post: String,
    /// First password.
    pub password: String,
}

/// A grant to be proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// Groups of columns.
    pub columns: BTreeSet<Columns>,
    /// The facility, for a nursery.
    pub facility: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

impl Office {
    /// Signs in with login and password. A wrong one takes as long as a right one.
    ///
    /// # Errors
    /// [`SignIn`].
    pub async fn sign_in(
        &self,
        tenant: &str,
        login: &str,
        password: &str,
        address: &str,
    ) -> Result<Actor, SignIn> {
        let now = self.now();
        let by_account = format!("account {tenant} {login}");
        let by_address = format!("address {address}");
        let text = now.to_string();
        if self.store.failures(&by_account, &text).await? >= ATTEMPTS_ACCOUNT
            || self.store.failures(&by_address, &text).await? >= ATTEMPTS_ADDRESS
        {
            return Err(SignIn::Waits);
        }
        let account = self.store.account_of(tenant, login).await?;
        let hash = match &account {
            Some(account) => {
                let secrets = self.store.secrets(tenant, account, "password").await?;
                secrets.into_iter().next().map(|s| s.body)
            }
            None => None,
        };
        let right = verify(password, hash).await?;
        let Some(account) = account.filter(|_| right) else {
            let until = now.saturating_add(WAIT).unwrap_or(now).to_string();
            self.store.fail(&by_account, &text, &until).await?;
            self.store.fail(&by_address, &text, &until).await?;
            return Err(SignIn::Wrong);
        };
        self.store.forgive(&by_account).await?;
        let actor = self.actor(tenant, &account).await?;
        let actor = actor.ok_or(SignIn::NoRight)?;
        self.record(&actor, "sign_in", &account, "password").await?;
        Ok(actor)
    }

    /// An account with its rights of today; `None`: locked, or without any.
    ///
    /// # Errors
    /// The database could not.
    pub async fn actor(&self, tenant: &str, account: &str) -> Result<Option<Actor>, Fault> {
        let loaded = self.store.load::<Account>(tenant, account).await?;
        let actor = loaded
            .filter(|l| !l.state.locked)
            .map(|l| Actor::of(tenant, account, &l.state, self.today()));
        Ok(actor.filter(|a| !a.roles.is_empty()))
    }

    /// Makes an account without rights.
    ///
    /// # Errors
    /// No right, a login that is taken or empty, a password that is too short.
    pub async fn make_account(&self, actor: &Actor, new: NewAccount) -> Result<String, Fault> {
        actor.needs(Action::ManageAccounts)?;
        if new.login.trim().is_empty() || new.name.trim().is_empty() {
            return Err(Refusal::of("refusal.account_blank").into());
        }
        let body = hash(&new.password).await?;
        let id = format!("A{}", random_id(6)?);
        let mut tx = self.store.begin(&actor.tenant).await?;
        if !tx.take_login(new.login.trim(), &id).await? {
            return Err(Refusal::of("refusal.login_taken")
                .with("login", &new.login)
                .into());
        }
        let event = Event::Made {
            login: new.login.trim().to_owned(),
            name: new.name.trim().to_owned(),
            post: new.post.trim().to_owned(),
        };
        tx.put_secret(&id, &self.password(body)).await?;
        let loaded = Loaded::<Account>::new(id.clone());
        self.append(&mut tx, actor, loaded, &[event], &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    fn password(&self, body: String) -> Secret {
        Secret {
            id: "password".to_owned(),
            kind: "password".to_owned(),
            body,
            created: self.now().to_string(),
        }
    }

    /// Changes the own password; every other session ends.
    ///
    /// # Errors
    /// The old one is wrong, the new one too short, the database could not.
    pub async fn change_password(&self, actor: &Actor, old: &str, new: &str) -> Result<(), Fault> {
        let secrets = self
            .store
            .secrets(&actor.tenant, &actor.account, "password")
            .await?;
        let there = secrets.into_iter().next().map(|s| s.body);
        if !verify(old, there).await? {
            return Err(Refusal::of("refusal.password_wrong").into());
        }
        let body = hash(new).await?;
        let mut tx = self.store.begin(&actor.tenant).await?;
        tx.put_secret(&actor.account, &self.password(body)).await?;
        tx.end_sessions(&actor.account).await?;
        let entry = self.entry(actor, "account.password_changed", &actor.account, "");
        tx.audit(&entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Proposes a grant to another account.
    ///
    /// # Errors
    /// No right, refused, changed meanwhile.
    pub async fn propose_grant(
        &self,
        actor: &Actor,
        account: &str,
        version: i64,
        new: NewGrant,
    ) -> Result<Loaded<Account>, Fault> {
        actor.needs(Action::ManageAccounts)?;
        let grant = Grant {
            id: 0,
            role: new.role,
            columns: new.columns,
            facility: new.facility,
            from: new.from,
            until: new.until,
            proposed_by: actor.account.clone(),
            approved_by: None,
            ended: None,
        };
        self.change::<Account>(actor, account, version, |a| a.propose(grant, account))
            .await
    }

    /// Approves a grant that another administrator proposed.
    ///
    /// # Errors
    /// No right, refused, changed meanwhile.
    pub async fn approve_grant(
        &self,
        actor: &Actor,
        account: &str,
        version: i64,
        id: u32,
    ) -> Result<Loaded<Account>, Fault> {
        actor.needs(Action::ApproveGrant)?;
        self.change::<Account>(actor, account, version, |a| {
            a.approve(id, &actor.account, account)
        })
        .await
    }

    /// Ends a grant before its day; the account's sessions end.
    ///
    /// # Errors
    /// No right, refused, changed meanwhile.
    pub async fn end_grant(
        &self,
        actor: &Actor,
        account: &str,
        version: i64,
        id: u32,
        reason: &str,
    ) -> Result<(), Fault> {
        actor.needs(Action::ManageAccounts)?;
        self.change::<Account>(actor, account, version, |a| a.end(id, reason))
            .await?;
        self.end_all_sessions(actor, account).await
    }

    /// Locks an account, or unlocks it; its sessions end.
    ///
    /// # Errors
    /// No right, no reason, changed meanwhile.
    pub async fn lock_account(
        &self,
        actor: &Actor,
        account: &str,
        version: i64,
        locked: bool,
        reason: &str,
    ) -> Result<(), Fault> {
        actor.needs(Action::ManageAccounts)?;
        let reason = reason.trim().to_owned();
        self.change::<Account>(actor, account, version, |_| {
            if reason.is_empty() {
                return Err(Refusal::of("refusal.no_reason"));
            }
            Ok(vec![Event::Locked { locked, reason }])
        })
        .await?;
        self.end_all_sessions(actor, account).await
    }

    /// Moves an account to another post: its rights end on the day before.
    ///
    /// # Errors
    /// No right, changed meanwhile.
    pub async fn transfer_account(
        &self,
        actor: &Actor,
        account: &str,
        version: i64,
        post: &str,
        on: Date,
    ) -> Result<(), Fault> {
        actor.needs(Action::ManageAccounts)?;
        let post = post.trim().to_owned();
        self.change::<Account>(actor, account, version, |_| {
            Ok(vec![Event::Transferred { post, on }])
        })
        .await?;
        Ok(())
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// The database could not.
    pub async fn end_all_sessions(&self, actor: &Actor, account: &str) -> Result<(), Fault> {
        let mut tx = self.store.begin(&actor.tenant).await?;
        let n = tx.end_sessions(account).await?;
        let entry = self.entry(actor, "account.sessions_ended", account, &n.to_string());
        tx.audit(&entry).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether a password has a length that is taken.
///
/// # Errors
/// Too short or too long.
pub(crate) fn fitting(password: &str) -> Result<(), Fault> {
    let length = password.chars().count();
    if (PASSWORD_LEAST..=PASSWORD_MOST).contains(&length) {
        return Ok(());
    }
    Err(Refusal::of("refusal.password_length")
        .with("least", PASSWORD_LEAST)
        .with("most", PASSWORD_MOST)
        .into())
}

/// The hash of a password, worked out where it keeps nobody waiting.
///
/// # Errors
/// Too short or too long.
async fn hash(password: &str) -> Result<String, Fault> {
    fitting(password)?;
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|h| h.to_string())
    });
    hashed
        .await
        .map_err(|e| Fault::Internal(e.to_string()))?
        .map_err(|e| Fault::Internal(e.to_string()))
}

/// A hash that no password fits, made once, so that an unknown login takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$\
                      3kBfZ0ZlcmB3nq1fV6uJ0eX9WmF0VQ2c0hQWqf0gqyM";

async fn verify(password: &str, hash: Option<String>) -> Result<bool, Fault> {
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let password: String = password.chars().take(PASSWORD_MOST + 1).collect();
    let fits = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|h| {
            Argon2::default()
                .verify_password(password.as_bytes(), &h)
                .is_ok()
        })
    });
    let fits = fits.await.map_err(|e| Fault::Internal(e.to_string()))?;
    Ok(fits && known)
}
