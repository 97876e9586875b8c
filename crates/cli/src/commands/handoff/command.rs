//! `baton handoff`: who asks for what.

use clap::{Args, Subcommand};

use super::{answer, decide, list, oversee, send, show};
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton handoff`.
#[derive(Debug, Args)]
pub(crate) struct HandoffCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Start handing a work item over.
    Open(send::Open),
    /// Submit a package, again where it was sent back.
    Submit(send::Submit),
    /// Approve the package you saw at its gates.
    Approve(decide::Approve),
    /// Refuse the package you saw at a gate.
    Reject(decide::Reject),
    /// Say that the offer was seen.
    Acknowledge(answer::Acknowledge),
    /// Take the work over.
    Accept(answer::Accept),
    /// Send the package back with what is missing.
    NeedsInput(answer::NeedsInput),
    /// Refuse the work.
    Decline(answer::Decline),
    /// Say that the work is done.
    Complete(answer::Complete),
    /// Take the handoff back for good.
    Withdraw(send::Withdraw),
    /// Offer the package to another team.
    Reassign(oversee::Reassign),
    /// Excuse one clause for this handoff.
    Waive(decide::Waive),
    /// Return the work item to its last accepted state.
    Rollback(oversee::Rollback),
    /// Stop it and give it an owner.
    Escalate(oversee::Escalate),
    /// Go on where escalation stopped.
    Resume(oversee::Resume),
    /// Let a quarantined handoff be checked anew.
    Release(oversee::Release),
    /// Show where it is, whose turn it is and what is missing.
    Show(show::Show),
    /// List handoffs with whose turn it is.
    List(list::List),
}

impl HandoffCommand {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Open(command) => command.run(output),
            Action::Submit(command) => command.run(output),
            Action::Approve(command) => command.run(output),
            Action::Reject(command) => command.run(output),
            Action::Acknowledge(command) => command.run(output),
            Action::Accept(command) => command.run(output),
            Action::NeedsInput(command) => command.run(output),
            Action::Decline(command) => command.run(output),
            Action::Complete(command) => command.run(output),
            Action::Withdraw(command) => command.run(output),
            Action::Reassign(command) => command.run(output),
            Action::Waive(command) => command.run(output),
            Action::Rollback(command) => command.run(output),
            Action::Escalate(command) => command.run(output),
            Action::Resume(command) => command.run(output),
            Action::Release(command) => command.run(output),
            Action::Show(command) => command.run(output),
            Action::List(command) => command.run(output),
        }
    }
}
