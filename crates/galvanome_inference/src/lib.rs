//! Quantities in, answers out.
