//! What every [`PaperStore`] must do, to be run by the tests of each.

use crate::{Failure, ObjectId, PaperStore, StoreError, Tenant};

/// Puts a store through everything it must do; what it does wrong, each with what was expected. The store must be
/// empty for the tenants `conformance-a` and `conformance-b`, and is again afterwards.
///
/// # Errors
///
/// The first operation that failed and should not have.
pub async fn complaints(store: &dyn PaperStore) -> Result<Vec<&'static str>, StoreError> {
    let mut found = Vec::new();
    let mut hold = |fine: bool, what: &'static str| {
        if !fine {
            found.push(what);
        }
    };
    let tenants = ["conformance-a", "conformance-b"].map(|t| t.parse::<Tenant>());
    let [Ok(a), Ok(b)] = tenants else {
        return Ok(vec!["tenants have names"]);
    };
    let [one, two, three] = [0x0a, 0xb0, 0xff].map(|byte| ObjectId::from_bytes([byte; 16]));
    // Two ids in one folder, where a store has folders.
    let beside = ObjectId::from_bytes(
        [[0x0a; 15].as_slice(), &[0]]
            .concat()
            .try_into()
            .unwrap_or([0; 16]),
    );

    hold(
        store.list(&a).await?.is_empty(),
        "a new tenant has no papers",
    );
    hold(
        store.get(&a, &one).await?.is_none(),
        "what was never put is not there",
    );
    hold(
        !store.exists(&a, &one).await?,
        "what was never put does not exist",
    );
    store.delete(&a, &one).await?;

    let large: Vec<u8> = (0..3_000_000u32).map(|i| (i * 7 + i / 251) as u8).collect();
    store.put(&a, &two, b"two").await?;
    store.put(&a, &one, &large).await?;
    store.put(&a, &three, b"").await?;
    store.put(&a, &beside, b"beside").await?;
    store.put(&b, &two, b"another tenant's two").await?;
    hold(
        store.get(&a, &one).await?.as_ref() == Some(&large),
        "a large paper comes back whole",
    );
    hold(
        store.get(&a, &two).await?.as_deref() == Some(b"two"),
        "a paper comes back",
    );
    hold(
        store.get(&a, &three).await?.as_deref() == Some(b""),
        "an empty paper is a paper",
    );
    hold(
        store.get(&a, &beside).await?.as_deref() == Some(b"beside"),
        "ids that begin alike are two",
    );
    let others = store.get(&b, &two).await?;
    hold(
        others.as_deref() == Some(b"another tenant's two"),
        "tenants may use the same id",
    );
    hold(store.exists(&a, &one).await?, "what was put exists");
    hold(
        !store.exists(&b, &one).await?,
        "a paper is its tenant's only",
    );
    hold(
        store.list(&a).await? == [beside, one, two, three],
        "all papers are listed, in order",
    );
    hold(
        store.list(&b).await? == [two],
        "nobody else's papers are listed",
    );

    store.put(&a, &two, b"two").await?;
    let other = store.put(&a, &two, b"other").await;
    let taken = other.err().is_some_and(|e| e.failure() == Failure::Taken);
    hold(taken, "a paper is never replaced by another");
    hold(
        store.get(&a, &two).await?.as_deref() == Some(b"two"),
        "what was put first stays",
    );

    store.delete(&a, &two).await?;
    hold(
        store.get(&a, &two).await?.is_none(),
        "what was deleted is gone",
    );
    hold(
        !store.exists(&a, &two).await?,
        "what was deleted exists no more",
    );
    hold(
        store.list(&a).await? == [beside, one, three],
        "what was deleted is not listed",
    );
    hold(
        store.exists(&b, &two).await?,
        "deleting touches no other tenant",
    );
    store.put(&a, &two, b"anew").await?;
    hold(
        store.get(&a, &two).await?.as_deref() == Some(b"anew"),
        "an id is free once it was deleted",
    );

    for (tenant, id) in [(&a, one), (&a, two), (&a, three), (&a, beside), (&b, two)] {
        store.delete(tenant, &id).await?;
    }
    hold(
        store.list(&a).await?.is_empty() && store.list(&b).await?.is_empty(),
        "all can be deleted",
    );
    Ok(found)
}
