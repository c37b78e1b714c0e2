//! Sessions over our own table. What the browser holds is a random id; the table knows its digest only, so that whoever
//! reads the table (or a copy) cannot take a session over.

use enmusubi_storage::{Store, people::SessionRow};
use jiff::Timestamp;
use std::{collections::HashMap, fmt};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Name of the cookie.
pub const COOKIE: &str = "enmusubi";
/// A session ends after so many minutes without a request, or up to [`TOUCH_MINUTES`] earlier.
pub const IDLE_MINUTES: i64 = 60;
/// That somebody is still there is written down once in so many minutes, and not at every look: each time waits for the disk.
pub const TOUCH_MINUTES: i64 = 5;

/// Keys within a session.
pub mod key {
    /// Municipality.
    pub const TENANT: &str = "tenant";
    /// Account.
    pub const ACCOUNT: &str = "account";
    /// What the last act came to: tone and text.
    pub const FLASH: &str = "flash";
    /// When the session was last written, in seconds since 1970.
    pub const SEEN: &str = "seen";
}

/// The store.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    /// On a database.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    async fn put(&self, record: &Record) -> Result<()> {
        let of = |name: &str| {
            let value = record.data.get(name).and_then(|v| v.as_str());
            value.unwrap_or_default().to_owned()
        };
        let body = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let expires = Timestamp::from_second(record.expiry_date.unix_timestamp());
        let row = SessionRow {
            id: digest(&record.id.to_string()),
            tenant: of(key::TENANT),
            account: of(key::ACCOUNT),
            body,
            created: Timestamp::now().to_string(),
            expires: expires.unwrap_or(Timestamp::MAX).to_string(),
        };
        self.store
            .put_session(&row)
            .await
            .map_err(|e| Error::Backend(e.to_string()))
    }
}

/// What the table knows of a session's id.
pub(crate) fn digest(id: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(id.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits do not meet twice.
        self.put(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.put(record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = Timestamp::now().to_string();
        let row = self.store.session(&digest(&id.to_string()), &now).await;
        let row = row.map_err(|e| Error::Backend(e.to_string()))?;
        let Some(row) = row else {
            return Ok(None);
        };
        let data: HashMap<String, serde_json::Value> =
            serde_json::from_str(&row.body).map_err(|e| Error::Decode(e.to_string()))?;
        let expires: Timestamp = row.expires.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires.as_second())
            .map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.store
            .end_session(&digest(&id.to_string()))
            .await
            .map_err(|e| Error::Backend(e.to_string()))
    }
}

/// The layer that gives each request its session.
pub fn layer(sessions: Sessions, secure: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(sessions)
        .with_name(COOKIE)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(IDLE_MINUTES)))
}
