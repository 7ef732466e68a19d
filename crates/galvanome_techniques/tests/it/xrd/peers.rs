//! Real patterns against what others found in them.
