//! What happens to an upload between its last byte and its row.

use std::sync::Arc;

use api_types::{FieldCode, FieldProblem};
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};

use super::{
    Photos,
    receive::Received,
    store::{PhotoStore, Version},
};
use crate::{
    app::App,
    db::queries::{self, photo::NewPhoto},
    error::AppError,
};

impl Photos {
    /// Makes an upload safe and keeps it; answers its content's row to be stored, or nothing where that is there already.
    ///
    /// # Errors
    /// Why it is not kept: `422` for a file that cannot be read, has too many pixels or was removed by staff before.
    pub(crate) async fn keep(
        &self,
        app: &App,
        upload: Received,
    ) -> Result<Option<NewPhoto>, AppError> {
        let Received { file, sha256 } = upload;
        // No connection is held while a photo is decoded.
        let known = queries::photo::find_photo(&mut *app.db().await?, &sha256).await?;
        if let Some(photo) = known {
            return match photo.redacted_at {
                None => Ok(None),
                Some(_) => {
                    let message = "was removed by staff and cannot be added again";
                    Err(FieldProblem::new("image", FieldCode::NotAllowed, message).into())
                }
            };
        }
        let decoded = self.decode(file).await?;
        let desk = queries::photo::desk_id(&mut *app.db().await?).await?;
        let place = PhotoStore::new_place(desk, &sha256);
        let versions =
            [(Version::Display, decoded.display), (Version::Thumbnail, decoded.thumbnail)];
        for (version, webp) in versions {
            self.store.put(&place, version, webp).await.map_err(away)?;
        }
        Ok(Some(NewPhoto {
            sha256,
            place,
            width: decoded.width,
            height: decoded.height,
            hash: decoded.hash.map(|hash| (hash.cast_signed(), photo::bands(hash))),
            descriptor: decoded.descriptor,
            labelled: self.labeller.is_some(),
        }))
    }

    /// A thumbnail, from memory where it is there.
    ///
    /// # Errors
    /// `404` if it was removed a moment ago, `503` if the store is away.
    pub(crate) async fn thumbnail(&self, place: Arc<str>) -> Result<Bytes, AppError> {
        if let Some(thumbnail) = self.cache.find_thumbnail(&place) {
            return Ok(thumbnail);
        }
        let thumbnail = self.store.read(&place, Version::Thumbnail).await.map_err(gone_or_away)?;
        self.cache.remember_thumbnail(place, thumbnail.clone());
        Ok(thumbnail)
    }

    /// A photo as it is shown, piece by piece, with its length in bytes.
    ///
    /// # Errors
    /// As [`Photos::thumbnail`].
    pub(crate) async fn display(
        &self,
        place: &str,
    ) -> Result<(u64, impl Stream<Item = Result<Bytes, AppError>> + use<>), AppError> {
        let opened = self.store.stream(place, Version::Display).await;
        let (length, pieces) = opened.map_err(gone_or_away)?;
        Ok((length, pieces.map_err(away)))
    }

    /// Removes what was kept of a photo. Call it when no row shows it any more; what fails here, the sweep does.
    pub(crate) async fn remove(&self, place: &str) {
        self.cache.forget(place);
        if let Err(error) = self.store.remove(place).await {
            tracing::warn!("a photo stays in the store until the next sweep: {error}");
        }
    }
}

/// What is not there was redacted a moment ago, maybe by another process; or the store is not the one that belongs to this
/// database.
fn gone_or_away(error: object_store::Error) -> AppError {
    if let object_store::Error::NotFound { path, .. } = &error {
        tracing::warn!(path, "a photo is not in the store");
        return AppError::not_found("photo");
    }
    away(error)
}

pub(super) fn away(error: object_store::Error) -> AppError {
    AppError::Unavailable(format!("the store of photos: {error}"))
}
