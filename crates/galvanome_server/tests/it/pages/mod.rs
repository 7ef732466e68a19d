//! The pages, on the example campaigns and on hand-made answers.

mod example;
mod frame;
mod html;
mod metaviews;
mod overview;
mod pixel;
mod sublayer;
mod techniques;
