//! What must hold of the core, seen from outside. One binary, a module a promise.
#![allow(clippy::unwrap_used)]

mod addresses;
mod answer;
mod cuts;
mod documents;
mod http;
mod layers;
mod leaves;
mod license;
mod license_laws;
mod mutations;
mod outcome;
mod rows;
mod scanner;
mod server;
mod store;
mod values;
