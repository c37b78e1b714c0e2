//! `enmusubi serve`: the server, on one machine with nothing else to install.

use crate::args::ServeArgs;
use crate::commands::operation::{failure, runtime};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{print, say};
use enmusubi_app::{Office, office::random_id};
use enmusubi_demo as demo;
use enmusubi_operation::{Error, Installation};
use enmusubi_web::{Settings, Site};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::{net::TcpListener, signal};

/// Seed of the made-up city.
const SEED: u64 = 1;
/// The made-up city's season: it is this day there when it is made, so that there is something to do.
const DEMO_DAY: &str = "2026-12-08T01:00:00Z";

/// Runs the server until it is told to stop.
pub fn run(words: &Words, args: &ServeArgs) -> Result<Exit, Failure> {
    // Standard error, without colours; a second subscriber is a defect that would only be silent.
    let _ = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .try_init();
    let runtime = runtime(words)?;
    runtime.block_on(serve(words, args))
}

async fn serve(words: &Words, args: &ServeArgs) -> Result<Exit, Failure> {
    let place = &args.place;
    // Before anything is made: an address that is taken should cost nobody a wait.
    let listener = TcpListener::bind(args.listen).await.map_err(|e| {
        let message = words.say(
            "serve.address",
            &[("address", &args.listen), ("detail", &e)],
        );
        Failure::new(Exit::NotWritten, message).hint(words.say("serve.address_hint", &[]))
    })?;
    std::fs::create_dir_all(&place.data).map_err(|source| {
        let path = place.data.clone();
        failure(words, &Error::Folder { path, source })
    })?;
    let there =
        Installation::open_or_begin(&place.data, place.database.as_deref(), place.key.as_deref());
    let there = there.await.map_err(|e| failure(words, &e))?;
    let internal = |detail: String| {
        Failure::new(
            Exit::Internal,
            words.say("serve.failed", &[("detail", &detail)]),
        )
    };
    let mut settings = Settings {
        secure: args.secure_cookies,
        ..Settings::default()
    };
    let clock: enmusubi_app::Clock = if args.demo {
        let shift = shift(&there).await.map_err(internal)?;
        Arc::new(move || {
            Timestamp::now()
                .saturating_add(shift)
                .unwrap_or(Timestamp::MAX)
        })
    } else {
        Arc::new(Timestamp::now)
    };
    let office =
        Office::new(there.store.clone(), clock).with_papers(Arc::new(there.papers.clone()));
    if args.demo {
        settings.demo = fill(words, &office, args.demo_size)
            .await
            .map_err(internal)?;
    } else if office.is_new().await.map_err(|e| internal(chain(&e)))? {
        settings.setup = Some(random_id(12).map_err(|e| internal(chain(&e)))?);
    }
    let address = listener.local_addr().map_err(|e| internal(e.to_string()))?;
    let data = place.data.display();
    print(&(words.say("serve.ready", &[("address", &address), ("data", &data)]) + "\n"));
    if let Some(word) = &settings.setup {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("address", &address), ("word", word)];
        print(&(words.say("serve.empty", &values) + "\n"));
    }
    let site = Site::new(office, settings).router();
    let served = axum::serve(listener, site).with_graceful_shutdown(told_to_stop());
    served.await.map_err(|e| internal(e.to_string()))?;
    there.store.close().await;
    Ok(Exit::Done)
}

/// Waits for Ctrl+C, or for what service managers send.
async fn told_to_stop() {
    #[cfg(unix)]
    if let Ok(mut term) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = term.recv() => {}
        }
        return;
    }
    // A machine without the signal cannot be stopped by it.
    let _ = signal::ctrl_c().await;
}

/// How far the made-up city's clock is from ours: as when it was made, so that its season goes on where it was.
async fn shift(there: &Installation) -> Result<SignedDuration, String> {
    let day: Timestamp = DEMO_DAY.parse().map_err(|e: jiff::Error| e.to_string())?;
    let tenants = there.store.tenants().await.map_err(|e| e.to_string())?;
    let made = tenants.first().and_then(|t| {
        let settings: serde_json::Value = serde_json::from_str(&t.settings).ok()?;
        settings["demo_shift_seconds"].as_i64()
    });
    Ok(match made {
        Some(seconds) => SignedDuration::from_secs(seconds),
        None => day.duration_since(Timestamp::now()),
    })
}

/// Accounts that the sign-in page of the made-up city lists: login, name, password.
type Accounts = Vec<(String, String, String)>;

/// Nurseries whose accounts are listed; there are dozens.
const NURSERIES_LISTED: usize = 3;

/// Makes the city where there is none yet; its accounts. They are kept with the municipality, since passwords are known by their hashes
/// only, and these are no secrets.
async fn fill(words: &Words, office: &Office, size: usize) -> Result<Accounts, String> {
    let store = office.store();
    let tenants = store.tenants().await.map_err(|e| chain(&e))?;
    if let Some(tenant) = tenants.first() {
        let settings: serde_json::Value =
            serde_json::from_str(&tenant.settings).unwrap_or_default();
        let accounts = serde_json::from_value(settings["demo_accounts"].clone());
        return accounts.map_err(|_| words.say("serve.not_demo", &[]));
    }
    say(&(words.say("serve.filling", &[("size", &size)]) + "\n"));
    let made = demo::fill(office, demo::TENANT, SEED, size).await;
    let made = made.map_err(|e| chain(&e))?;
    let clerks = made.accounts.iter().filter(|a| a.facility.is_none());
    let nurseries = made.accounts.iter().filter(|a| a.facility.is_some());
    let accounts: Accounts = clerks
        .chain(nurseries.take(NURSERIES_LISTED))
        .map(|a| (a.login.clone(), a.name.clone(), a.password.clone()))
        .collect();
    let mut tenants = store.tenants().await.map_err(|e| chain(&e))?;
    if let Some(tenant) = tenants.first_mut() {
        let mut settings: serde_json::Value =
            serde_json::from_str(&tenant.settings).unwrap_or_default();
        let shift = office.now().duration_since(Timestamp::now());
        settings["demo_shift_seconds"] = shift.as_secs().into();
        settings["demo_accounts"] = serde_json::to_value(&accounts).unwrap_or_default();
        tenant.settings = settings.to_string();
        store.put_tenant(tenant).await.map_err(|e| chain(&e))?;
    }
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("applications", &made.applications), ("cases", &made.cases)];
    say(&(words.say("serve.filled", &values) + "\n"));
    let listed: String = accounts
        .iter()
        .map(|(login, name, password)| format!("  {login}\t{password}\t{name}\n"))
        .collect();
    print(&(words.say("serve.accounts", &[]) + "\n" + &listed));
    Ok(accounts)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(e) = source {
        text.push_str(": ");
        text.push_str(&e.to_string());
        source = e.source();
    }
    text
}
