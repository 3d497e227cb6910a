//! Photos for the bench: a desk that has some, one to be uploaded, and nginx in front of the same files.

use std::{fs, net::SocketAddr, path::Path};

use anyhow::{Context, Result, ensure};

use super::desk::BenchDesk;
use crate::{
    job::Job,
    paths,
    service::{Plan, Services, free_address, words},
};

/// What is measured of photos.
pub(super) struct Photos {
    /// Thumbnails as the desk shows them.
    pub(super) thumbnails: Vec<String>,
    /// The same files as nginx serves them, in the same order.
    pub(super) files: Vec<String>,
    /// Where nginx answers.
    pub(super) nginx: SocketAddr,
    /// A photo of twelve megapixels.
    pub(super) upload: String,
}

/// Adds photos to a desk, and starts nginx on the files that came of them.
///
/// # Errors  When the desk takes none, or nginx does not start.
pub(super) fn prepare(
    desk: SocketAddr,
    data_dir: &Path,
    ask: impl Fn(&str) -> Result<String>,
    services: &mut Services,
) -> Result<Photos> {
    let folder = data_dir.join("bench-photos");
    fs::create_dir_all(&folder)?;
    Job::new(paths::target().join("release/examples/sample_photos"))
        .args([format!("http://{desk}"), folder.display().to_string()])
        .read()?;
    let rows = ask(
        "SELECT i.id || ' ' || p.place FROM images i JOIN photos p USING (sha256) ORDER BY i.id",
    )?;
    let (mut thumbnails, mut files) = (Vec::new(), Vec::new());
    for row in rows.lines() {
        let (id, place) = row.split_once(' ').context("the database names no place")?;
        thumbnails.push(format!("/api/v1/images/{id}/thumbnail"));
        files.push(format!("/{place}/thumbnail.webp"));
    }
    ensure!(!files.is_empty(), "the desk has no photos");
    let nginx = start_nginx(&folder, &data_dir.join("photos"), &files[0], services)?;
    let upload = folder.join("upload.jpg").display().to_string();
    Ok(Photos { thumbnails, files, nginx, upload })
}

/// As Debian sets it up, without a log, which the desk does not write either.
fn start_nginx(
    folder: &Path,
    root: &Path,
    file: &str,
    services: &mut Services,
) -> Result<SocketAddr> {
    let address = free_address()?;
    let (folder, root) = (folder.display(), root.display());
    let user = if nix::unistd::Uid::effective().is_root() { "user root;" } else { "" };
    let config = format!(
        "{user} worker_processes auto; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; \
         events {{ worker_connections 768; }} \
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; \
         types {{ image/webp webp; }} client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; \
         fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; \
         server {{ listen {address}; root {root}; }} }}"
    );
    let file_of_config = folder.to_string() + "/nginx.conf";
    fs::write(&file_of_config, config)?;
    services.start(Plan {
        name: "nginx",
        program: &paths::find_program("nginx").context("nginx is not there")?,
        args: words(&["-c", &file_of_config, "-e", &format!("{folder}/nginx.log")]),
        env: Vec::new(),
        shown: false,
    })?;
    let answers = || crate::http::get(address, file, &[]).is_ok_and(|answer| answer.status == 200);
    services.wait_for("nginx", answers)?;
    Ok(address)
}

impl BenchDesk {
    /// What is measured of photos.
    pub(super) fn photos(&self) -> &Photos {
        &self.photos
    }
}
