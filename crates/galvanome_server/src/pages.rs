//! The pages: pure functions from the model to HTML. Nothing here knows the store or the server.
//!
//! A page is an input struct and `render(&input) -> askama::Result<String>`; what stands around it (head,
//! navigation, breadcrumbs, foot) is a [`Shell`]. Addresses are written in [`address`] alone, words for people in
//! [`words`].

pub mod address;
pub mod asked;
pub mod axis;
pub mod campaigns;
pub mod chart;
pub mod curve_words;
pub mod dataset;
pub mod datasets;
pub mod depth;
pub mod differences;
pub mod groups;
pub mod ladder;
pub mod manual;
pub mod map;
pub mod marks;
pub mod metaviews;
pub mod overview;
pub mod pixel;
pub mod problem;
mod shell;
pub mod signal_words;
pub mod small_plot;
pub mod standing;
pub mod strip;
pub mod sublayer;
pub mod svg;
pub mod technique;
pub mod technique_facts;
pub mod techniques;
pub mod tip;
pub mod values;
pub mod verdict_view;
pub mod words;

pub use galvanome_exchange::numbers;

pub use self::shell::{CampaignHead, Crumb, DataVersion, NavLink, Section, Shell};
