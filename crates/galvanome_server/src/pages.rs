//! The pages: pure functions from the model to HTML. Nothing here knows the store or the server.
//!
//! A page is an input struct and `render(&input) -> askama::Result<String>`; what stands around it (head,
//! navigation, breadcrumbs, foot) is a [`Shell`]. Addresses are written in [`address`] alone, words for people in
//! [`words`].

pub mod address;
pub mod campaigns;
pub mod problem;
mod shell;
pub mod words;

pub use self::shell::{CampaignHead, Crumb, DataVersion, NavLink, Section, Shell};
