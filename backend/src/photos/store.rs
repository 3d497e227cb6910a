//! Where the shown versions of photos lie: a folder, or a bucket that speaks S3.
//!
//! ```text
//! <the desk's id>/<sha-256 of what was uploaded>/<an id of its own>/display.webp
//!                                                                 /thumbnail.webp
//! ```
//! Several desks may share a store, and each looks at its own alone. The last id makes each place one that is written once: what a sweep removes, no upload can mean.

use std::{
    fs::DirBuilder, os::unix::fs::DirBuilderExt as _, path::Path as FilePath, sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    ClientOptions, ObjectMeta, ObjectStore, ObjectStoreExt as _, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use uuid::Uuid;

/// One of the two versions that are kept of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Version {
    /// At most 1,600 pixels a side.
    Display,
    /// At most 320 pixels a side.
    Thumbnail,
}

impl Version {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Display, Self::Thumbnail];

    fn file(self) -> &'static str {
        match self {
            Self::Display => "display.webp",
            Self::Thumbnail => "thumbnail.webp",
        }
    }
}

/// The store of one desk.
#[derive(Debug, Clone)]
pub(super) struct PhotoStore {
    objects: Arc<dyn ObjectStore>,
}

impl PhotoStore {
    /// Opens `s3://bucket/folder`, or a folder, which is made if it is missing.
    ///
    /// # Errors
    /// One sentence with the way out if it cannot be opened.
    pub(super) fn open(url: &str) -> anyhow::Result<Self> {
        let objects: Arc<dyn ObjectStore> = match url.strip_prefix("s3://") {
            Some(rest) => {
                let folder = rest.split_once('/').map_or("", |(_, folder)| folder);
                let bucket = AmazonS3Builder::from_env().with_url(url).with_retry(retries());
                let bucket = bucket.with_client_options(patience()).build();
                let bucket = bucket.with_context(|| format!("cannot use {url} for photos"))?;
                Arc::new(PrefixStore::new(bucket, Path::parse(folder)?))
            }
            None => {
                Arc::new(open_folder(FilePath::new(url.strip_prefix("file://").unwrap_or(url)))?)
            }
        };
        Ok(Self { objects })
    }

    /// A place that nothing was ever written to.
    pub(super) fn new_place(desk: Uuid, sha256: &[u8]) -> String {
        let hash: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{desk}/{hash}/{}", Uuid::new_v4())
    }

    /// Keeps one version of a photo; when it answers, the version is on disk.
    pub(super) async fn put(
        &self,
        place: &str,
        version: Version,
        webp: Vec<u8>,
    ) -> object_store::Result<()> {
        self.objects.put(&path(place, version), webp.into()).await.map(drop)
    }

    /// One version of a photo, whole.
    pub(super) async fn read(&self, place: &str, version: Version) -> object_store::Result<Bytes> {
        self.objects.get(&path(place, version)).await?.bytes().await
    }

    /// One version of a photo as it comes, with its length in bytes.
    pub(super) async fn stream(
        &self,
        place: &str,
        version: Version,
    ) -> object_store::Result<(u64, impl Stream<Item = object_store::Result<Bytes>> + use<>)> {
        let found = self.objects.get(&path(place, version)).await?;
        Ok((found.meta.size, found.into_stream()))
    }

    /// Removes both versions; what is not there any more is removed already.
    pub(super) async fn remove(&self, place: &str) -> object_store::Result<()> {
        let mut outcome = Ok(());
        for version in Version::ALL {
            // Where one cannot be removed, the other is all the same.
            if let Err(error) = removed(self.objects.delete(&path(place, version)).await) {
                outcome = Err(error);
            }
        }
        outcome
    }

    /// Every object of a desk with its place.
    pub(super) fn list(
        &self,
        desk: Uuid,
    ) -> BoxStream<'static, object_store::Result<(String, ObjectMeta)>> {
        let objects = self.objects.list(Some(&Path::from(desk.to_string())));
        let placed = objects.try_filter_map(|meta| async {
            let place = meta.location.as_ref().rsplit_once('/').map(|(place, _)| place.to_owned());
            Ok(place.map(|place| (place, meta)))
        });
        placed.boxed()
    }

    /// Removes one object by its own path; what is not there any more is removed already.
    pub(super) async fn remove_object(&self, meta: &ObjectMeta) -> object_store::Result<()> {
        removed(self.objects.delete(&meta.location).await)
    }
}

fn removed(outcome: object_store::Result<()>) -> object_store::Result<()> {
    match outcome {
        Err(object_store::Error::NotFound { .. }) => Ok(()),
        other => other,
    }
}

/// Somebody waits for each answer: what is away for longer than a moment is said to be away.
fn retries() -> RetryConfig {
    RetryConfig { max_retries: 2, retry_timeout: Duration::from_secs(5), ..RetryConfig::default() }
}

fn patience() -> ClientOptions {
    ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(3))
        .with_timeout(Duration::from_secs(15))
        .with_allow_http(std::env::var("AWS_ALLOW_HTTP").is_ok_and(|allowed| allowed == "true"))
}

fn path(place: &str, version: Version) -> Path {
    Path::from(format!("{place}/{}", version.file()))
}

fn open_folder(folder: &FilePath) -> anyhow::Result<LocalFileSystem> {
    // What hangs on a wall in a photo is nobody's business on this machine.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let opened = made
        .map_err(anyhow::Error::from)
        .and_then(|()| Ok(LocalFileSystem::new_with_prefix(folder)?));
    let opened = opened.with_context(|| {
        format!(
            "cannot keep photos in {}: choose another folder with --photos-url",
            folder.display()
        )
    })?;
    Ok(opened.with_fsync(true).with_automatic_cleanup(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_kept_is_read_listed_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::open(folder.path().to_str().unwrap()).unwrap();
        let desk = Uuid::new_v4();
        let place = PhotoStore::new_place(desk, &[7; 32]);
        store.put(&place, Version::Thumbnail, b"small".to_vec()).await.unwrap();
        assert_eq!(store.read(&place, Version::Thumbnail).await.unwrap(), "small");
        let listed: Vec<_> = store.list(desk).try_collect().await.unwrap();
        assert_eq!(listed.iter().map(|(at, _)| at).collect::<Vec<_>>(), [&place]);
        assert!(store.list(Uuid::new_v4()).next().await.is_none(), "another desk's");
        store.remove(&place).await.unwrap();
        store.remove(&place).await.unwrap();
        assert!(store.list(desk).next().await.is_none());
    }
}
