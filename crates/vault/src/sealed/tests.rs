//! Every store does the same; what lies in a folder is sealed, whole, and tells what happened to it.

use super::*;
use crate::conformance::complaints;
use crate::{Failure, MemoryPapers};
use futures_util::stream::BoxStream;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    PutMultipartOptions, PutOptions, PutPayload, PutResult,
};
use std::error::Error as _;
use std::{fmt, fs, io};

fn tenant() -> Tenant {
    "131016".parse().unwrap()
}

fn id(byte: u8) -> ObjectId {
    ObjectId::from_bytes([byte; 16])
}

async fn folder() -> (tempfile::TempDir, SealedPapers, Keys) {
    let root = tempfile::tempdir().unwrap();
    let keys = Keys::random().unwrap();
    let papers = SealedPapers::in_folder(&root.path().join("papers"), keys.clone()).await;
    (root, papers.unwrap(), keys)
}

#[tokio::test]
async fn every_store_conforms() {
    let (root, in_folder, _) = folder().await;
    let in_memory = SealedPapers::in_memory(Keys::random().unwrap());
    in_memory.check_keys().await.unwrap();
    let stores: [&dyn PaperStore; 3] = [&in_folder, &in_memory, &MemoryPapers::new()];
    for store in stores {
        assert_eq!(
            complaints(store).await.unwrap(),
            Vec::<&str>::new(),
            "{store:?}"
        );
    }
    drop(root);
}

/// A store that forgets which tenant, and replaces: the suite would be worth nothing if it passed.
#[derive(Debug, Default)]
struct Careless(MemoryPapers);

#[async_trait]
impl PaperStore for Careless {
    async fn put(&self, _: &Tenant, id: &ObjectId, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.delete(&tenant(), id).await?;
        self.0.put(&tenant(), id, bytes).await
    }
    async fn get(&self, _: &Tenant, id: &ObjectId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get(&tenant(), id).await
    }
    async fn delete(&self, _: &Tenant, id: &ObjectId) -> Result<(), StoreError> {
        self.0.delete(&tenant(), id).await
    }
    async fn exists(&self, _: &Tenant, id: &ObjectId) -> Result<bool, StoreError> {
        self.0.exists(&tenant(), id).await
    }
    async fn list(&self, _: &Tenant) -> Result<Vec<ObjectId>, StoreError> {
        self.0.list(&tenant()).await
    }
}

#[tokio::test]
async fn a_careless_store_does_not_conform() {
    let found = complaints(&Careless::default()).await.unwrap();
    for expect in [
        "a paper is never replaced by another",
        "a paper is its tenant's only",
    ] {
        assert!(found.contains(&expect), "{found:?}");
    }
}

#[tokio::test]
async fn what_lies_in_the_folder_says_nothing() {
    let (root, papers, _) = folder().await;
    papers
        .put(&tenant(), &id(0xab), b"made-up certificate")
        .await
        .unwrap();
    let path = root.path().join("papers/131016/ab").join("ab".repeat(16));
    let sealed = fs::read(&path).unwrap();
    assert!(!sealed.windows(7).any(|w| w == b"made-up"));
    assert_eq!(sealed.len(), 14 + 24 + 19 + 16);
    // Nothing else is left in the folder.
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[tokio::test]
async fn damage_exchange_and_other_keys_are_told() {
    let (root, papers, keys) = folder().await;
    let other: Tenant = "131024".parse().unwrap();
    for byte in [0xa1, 0xa2] {
        papers
            .put(&tenant(), &id(byte), &[byte; 100])
            .await
            .unwrap();
    }
    let base = root.path().join("papers");
    let path = |tenant: &Tenant, byte| base.join(location(tenant, &id(byte)).as_ref());
    let failure = async |papers: &SealedPapers, tenant: &Tenant, byte| {
        papers.get(tenant, &id(byte)).await.unwrap_err().failure()
    };
    let whole = fs::read(path(&tenant(), 0xa1)).unwrap();
    // Moved to another tenant, and to another id.
    fs::create_dir_all(path(&other, 0xa1).parent().unwrap()).unwrap();
    fs::write(path(&other, 0xa1), &whole).unwrap();
    assert_eq!(failure(&papers, &other, 0xa1).await, Failure::Damaged);
    let error = papers.get(&other, &id(0xa1)).await.unwrap_err();
    let source = error.source().unwrap().downcast_ref::<OpenError>();
    assert_eq!(source, Some(&OpenError::WrongOwner));
    fs::write(path(&tenant(), 0xa2), &whole).unwrap();
    assert_eq!(failure(&papers, &tenant(), 0xa2).await, Failure::Damaged);
    // Cut off, emptied, overwritten with something that was never sealed.
    for bytes in [&whole[..whole.len() / 2], b"", b"%PDF-1.7"] {
        fs::write(path(&tenant(), 0xa1), bytes).unwrap();
        assert_eq!(failure(&papers, &tenant(), 0xa1).await, Failure::Damaged);
    }
    fs::write(path(&tenant(), 0xa1), &whole).unwrap();
    // Rotated keys open; the wrong ones are told before anything is done.
    let rotated = SealedPapers::in_folder(&base, keys.rotated().unwrap())
        .await
        .unwrap();
    assert_eq!(
        rotated.get(&tenant(), &id(0xa1)).await.unwrap().unwrap(),
        [0xa1; 100]
    );
    let wrong = SealedPapers::in_folder(&base, Keys::random().unwrap())
        .await
        .unwrap_err();
    assert_eq!(
        (wrong.operation(), wrong.failure()),
        (Operation::Open, Failure::WrongKey)
    );
    assert!(wrong.text().ja.contains("鍵ファイル") && wrong.text().en.contains("key file"));
    // The mark was sealed anew by the rotation.
    assert_eq!(
        SealedPapers::in_folder(&base, keys)
            .await
            .unwrap_err()
            .failure(),
        Failure::WrongKey
    );
}

#[tokio::test]
async fn what_a_crash_leaves_is_no_paper() {
    let (root, papers, _) = folder().await;
    papers.put(&tenant(), &id(0xa1), b"whole").await.unwrap();
    let place = root.path().join("papers/131016/a1");
    let name = id(0xa1).to_string().replace("a1a1a1a1", "a1a1a1a2");
    fs::write(place.join(format!("{name}#1")), b"EMSV half").unwrap();
    fs::write(place.join("Thumbs.db"), b"").unwrap();
    let half: ObjectId = name.parse().unwrap();
    assert!(!papers.exists(&tenant(), &half).await.unwrap());
    assert_eq!(papers.get(&tenant(), &half).await.unwrap(), None);
    assert_eq!(papers.list(&tenant()).await.unwrap(), [id(0xa1)]);
    // It is in nobody's way.
    papers.put(&tenant(), &half, b"again").await.unwrap();
    assert_eq!(
        papers.get(&tenant(), &half).await.unwrap().unwrap(),
        b"again"
    );
}

/// A place where everything that writes fails like a disk.
#[derive(Debug)]
struct Failing(io::ErrorKind);

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failing")
    }
}

impl Failing {
    fn error(&self) -> Place {
        Place::Generic {
            store: "failing",
            source: Box::new(io::Error::from(self.0)),
        }
    }
}

#[async_trait]
impl ObjectStore for Failing {
    async fn put_opts(
        &self,
        _: &Location,
        _: PutPayload,
        _: PutOptions,
    ) -> object_store::Result<PutResult> {
        Err(self.error())
    }
    async fn put_multipart_opts(
        &self,
        _: &Location,
        _: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        Err(self.error())
    }
    async fn get_opts(&self, at: &Location, _: GetOptions) -> object_store::Result<GetResult> {
        Err(Place::NotFound {
            path: at.to_string(),
            source: "nothing".into(),
        })
    }
    fn delete_stream(
        &self,
        _: BoxStream<'static, object_store::Result<Location>>,
    ) -> BoxStream<'static, object_store::Result<Location>> {
        Box::pin(futures_util::stream::iter([Err(self.error())]))
    }
    fn list(&self, _: Option<&Location>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        Box::pin(futures_util::stream::iter([Err(self.error())]))
    }
    async fn list_with_delimiter(&self, _: Option<&Location>) -> object_store::Result<ListResult> {
        Err(self.error())
    }
    async fn copy_opts(
        &self,
        _: &Location,
        _: &Location,
        _: CopyOptions,
    ) -> object_store::Result<()> {
        Err(self.error())
    }
}

#[tokio::test]
async fn full_and_read_only_places_are_told() {
    for (kind, failure, word) in [
        (io::ErrorKind::StorageFull, Failure::Full, "容量"),
        (io::ErrorKind::QuotaExceeded, Failure::Full, "容量"),
        (
            io::ErrorKind::ReadOnlyFilesystem,
            Failure::ReadOnly,
            "読み取り専用",
        ),
        (io::ErrorKind::PermissionDenied, Failure::Denied, "権限"),
        (io::ErrorKind::TimedOut, Failure::Other, "応えません"),
    ] {
        let papers = SealedPapers::over(Arc::new(Failing(kind)), Keys::random().unwrap());
        let errors = [
            papers.put(&tenant(), &id(1), b"x").await.unwrap_err(),
            papers.delete(&tenant(), &id(1)).await.unwrap_err(),
            papers.list(&tenant()).await.unwrap_err(),
            papers.check_keys().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.failure(), failure, "{error:?}");
            let said = error.text();
            assert!(said.ja.contains(word) && !said.en.contains('{'), "{said:?}");
        }
    }
}

/// A folder that cannot be written. Whoever may write everywhere (root) cannot see this.
#[cfg(unix)]
#[tokio::test]
async fn a_folder_without_permission() {
    use std::os::unix::fs::PermissionsExt as _;
    let (root, papers, _) = folder().await;
    let place = root.path().join("papers");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o500)).unwrap();
    let may_anyway = fs::write(place.join("probe"), b"").is_ok();
    let result = papers.put(&tenant(), &id(1), b"x").await;
    fs::set_permissions(&place, fs::Permissions::from_mode(0o700)).unwrap();
    if !may_anyway {
        assert_eq!(result.unwrap_err().failure(), Failure::Denied);
        assert_eq!(papers.get(&tenant(), &id(1)).await.unwrap(), None);
    }
}
