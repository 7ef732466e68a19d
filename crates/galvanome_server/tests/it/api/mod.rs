//! The whole application over HTTP: a server of its own on a data folder with both examples.

mod client;
mod curves;
mod description;
mod documents;
mod refusals;
mod schema;
mod signals;
mod transfer;
mod uploads;
