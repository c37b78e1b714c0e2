//! Entries of the audit chain that belong to no change (who looked at what), many in one transaction.
//!
//! Every look is recorded before its answer is sent, and a commit waits for the disk. Entries that come while a transaction
//! waits or is written share the next one: twenty people who look at once wait for one commit, not for twenty.
//!
//! **Invariant:** whoever is told that an entry is recorded has it on the disk.

use crate::{
    Error,
    audit::Entry,
    database::{Base, Tx},
};
use std::collections::VecDeque;
use tokio::sync::{mpsc, oneshot};

/// Most entries of one transaction: changes wait meanwhile.
const MOST: usize = 256;

/// Where entries are handed in.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    base: Base,
    queue: mpsc::UnboundedSender<Waiting>,
}

/// An entry, and who waits for it.
#[derive(Debug)]
struct Waiting {
    tenant: String,
    entry: Entry,
    done: oneshot::Sender<Result<i64, Error>>,
}

impl Recorder {
    /// Begins the task that writes; it ends with the last clone of this.
    pub(crate) fn begin(base: Base) -> Self {
        // Unbounded: whoever hands in waits for the answer, so there are never more than requests.
        let (queue, waiting) = mpsc::unbounded_channel();
        tokio::spawn(write(base.clone(), waiting));
        Self { base, queue }
    }

    /// Records an entry; its number. On the disk when this returns.
    ///
    /// # Errors
    /// The database could not, or its head is no end of a chain.
    pub(crate) async fn record(&self, tenant: &str, entry: Entry) -> Result<i64, Error> {
        let (done, told) = oneshot::channel();
        let waiting = Waiting {
            tenant: tenant.to_owned(),
            entry,
            done,
        };
        if let Err(mpsc::error::SendError(waiting)) = self.queue.send(waiting) {
            // The runtime that the task was begun in has ended.
            let tx = self.base.begin(tenant).await;
            return one(tx, &waiting.entry).await;
        }
        told.await.unwrap_or(Err(Error::Recorder))
    }
}

/// Writes what waits, until nobody can hand in anything.
async fn write(base: Base, mut queue: mpsc::UnboundedReceiver<Waiting>) {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            match queue.recv().await {
                Some(first) => waiting.push_back(first),
                None => return,
            }
        }
        let tenant = waiting[0].tenant.clone();
        // This is what takes long where others write: whatever comes meanwhile goes along.
        let begun = base.begin(&tenant).await;
        while let Ok(next) = queue.try_recv() {
            waiting.push_back(next);
        }
        let mut batch = Vec::new();
        for next in std::mem::take(&mut waiting) {
            if next.tenant == tenant && batch.len() < MOST {
                batch.push(next);
            } else {
                waiting.push_back(next);
            }
        }
        match many(begun, &batch).await {
            Ok(first) => {
                for (seq, one) in (first..).zip(batch) {
                    // Nobody waits any more where the browser has gone; it is recorded all the same.
                    let _ = one.done.send(Ok(seq));
                }
            }
            // Each on its own, so that each hears what is wrong with it.
            Err(_) => {
                for next in batch {
                    let done = one(base.begin(&tenant).await, &next.entry).await;
                    let _ = next.done.send(done);
                }
            }
        }
    }
}

/// The number of the first.
async fn many(begun: Result<Tx, Error>, batch: &[Waiting]) -> Result<i64, Error> {
    let mut tx = begun?;
    let entries: Vec<&Entry> = batch.iter().map(|w| &w.entry).collect();
    let first = tx.audit_all(&entries).await?;
    tx.commit().await?;
    Ok(first)
}

async fn one(begun: Result<Tx, Error>, entry: &Entry) -> Result<i64, Error> {
    let mut tx = begun?;
    let seq = tx.audit(entry).await?;
    tx.commit().await?;
    Ok(seq)
}
