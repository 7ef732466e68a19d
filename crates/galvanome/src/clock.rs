//! The one place that asks what time it is.

/// Microseconds since 1970 UTC.
pub(crate) fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
