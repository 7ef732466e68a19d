//! Integration tests of `galvanome_store`, one binary.

mod databases;
mod draw;
mod example;
mod folder;
mod killed;
mod postgres;
mod speed;
mod suite;
