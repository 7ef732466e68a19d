//! Facts in SQLite or PostgreSQL, bytes in an object store.
