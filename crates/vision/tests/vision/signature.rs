//! The signature of a request to AWS, made anew from what came in.
//!
//! # Source
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use sha2::{Digest as _, Sha256};

use crate::server::Asked;

/// What the request's signature must be, for this key, day, region and service.
pub(crate) fn sign(asked: &Asked, secret: &str, region: &str, service: &str) -> String {
    let authorization = asked.header("authorization");
    let (_, signed) = authorization.split_once("SignedHeaders=").unwrap();
    let (signed, _) = signed.split_once(',').unwrap();
    let headers: String =
        signed.split(';').map(|name| format!("{name}:{}\n", asked.header(name).trim())).collect();
    let mut line = asked.line.split(' ');
    let (method, path) = (line.next().unwrap(), line.next().unwrap());
    let body = hex(&Sha256::digest(&asked.body));
    let canonical = format!("{method}\n{path}\n\n{headers}\n{signed}\n{body}");
    let time = asked.header("x-amz-date");
    let day = &time[..8];
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let digest = hex(&Sha256::digest(canonical));
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
    let first = format!("AWS4{secret}").into_bytes();
    let key = [day, region, service, "aws4_request"]
        .iter()
        .fold(first, |key, part| hmac(&key, part.as_bytes()));
    hex(&hmac(&key, to_sign.as_bytes()))
}

/// HMAC with SHA-256 for keys of up to 64 bytes, RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut padded = [0; 64];
    padded[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(padded.map(|byte| byte ^ 0x36)).chain_update(text);
    let outer = Sha256::new().chain_update(padded.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
