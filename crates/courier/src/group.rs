//! A command and everything it started, ended together.

use std::io;
use std::process::{Child, Command};

#[cfg(unix)]
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// Gives the command a group of its own, so that what it starts can be ended with it.
#[cfg(unix)]
pub(crate) fn own(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0)
}

/// Returns whether the command has ended. It is left to be waited for, so that until then its number is nobody else's.
#[cfg(unix)]
pub(crate) fn has_ended(child: &mut Child) -> io::Result<bool> {
    let Some(id) = number(child) else {
        return Ok(true);
    };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    Ok(waitid(WaitId::Pid(id), options)?.is_some())
}

/// Ends whoever is left in the group.
#[cfg(unix)]
pub(crate) fn end(child: &mut Child) {
    if let Some(group) = number(child) {
        // Nobody may be left in it.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(unix)]
fn number(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

#[cfg(not(unix))]
pub(crate) fn own(command: &mut Command) -> &mut Command {
    command
}

#[cfg(not(unix))]
pub(crate) fn has_ended(child: &mut Child) -> io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}

#[cfg(not(unix))]
pub(crate) fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
}
