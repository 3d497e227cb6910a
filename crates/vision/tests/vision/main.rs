//! The labellers against servers that speak the documented formats and fail in every way a network can, and against
//! models that the tests make themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod google;
mod guarded;
mod learned;
mod onnx;
mod photos;
mod rekognition;
mod server;
mod signature;
