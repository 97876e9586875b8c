//! The limits of outgoing messages.

use std::time::Duration;

/// How long a receiver may take when its configuration does not say.
pub const TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);
/// How long a receiver may take at all: a node's claim on a message has to outlast it.
pub const TIMEOUT_MAX: Duration = Duration::from_mins(5);
/// Bytes a command may write to standard error; beyond that it is stopped.
pub const COMPLAINT_BYTES_MAX: usize = 64 * 1024;
