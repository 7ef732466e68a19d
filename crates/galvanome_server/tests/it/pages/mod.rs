//! The pixel page and the sublayer page, on the example campaigns and on hand-made answers.

mod example;
mod html;
mod pixel;
mod sublayer;
