//! Instrument bytes in, tables and notes out.
