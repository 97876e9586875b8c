//! The `baton` command: reads files and the clock, calls the domain, renders, and ends with a documented code.
//!
//! Each command is one file under `commands/`; none calls another.
//!
//! Invariants:
//! - the only place that reads the clock, the environment, randomness or files;
//! - no decision is made here: a command turns arguments into values and answers into text;
//! - every failure is shown with its code, what was expected, what was found and a hint.

mod arguments;
mod artifacts;
mod clock;
mod commands;
mod contract_files;
mod denial;
mod doctor_view;
mod environment;
mod event_log_files;
mod exit;
mod failure;
mod files;
mod flags_file;
mod gather;
mod git_history;
mod handoff_view;
mod keyring_file;
mod listing;
mod lock;
mod mining;
mod missions;
mod ocel_database;
mod output;
mod past_work;
mod recording;
mod refusal;
mod rollout_view;
mod scorecard_view;
mod sealing;
mod settings;
mod store_access;
mod suite_files;
mod test_files;
mod token_view;
mod trace_folder;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::output::Output;

fn main() -> std::process::ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let _ = error.print();
            let is_answer = !error.use_stderr();
            return if is_answer { Exit::Ok } else { Exit::Usage }.into();
        }
    };
    let mut output = Output::new(arguments.color);
    match commands::run(&arguments, &mut output) {
        Ok(exit) => match output.lost() {
            None => exit.into(),
            // Half an answer must not end like a whole one.
            Some(failure) => {
                Output::failure(&failure.into());
                Exit::Failed.into()
            }
        },
        Err(error) => {
            if let Some(refusal) = error.downcast_ref() {
                output.refusal(refusal);
                return Exit::Refused.into();
            }
            if let Some(denial) = error.downcast_ref() {
                Output::denial(denial);
                return Exit::Refused.into();
            }
            Output::failure(&error);
            Exit::Failed.into()
        }
    }
}
