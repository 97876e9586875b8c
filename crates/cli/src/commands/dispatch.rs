//! From the command that was asked for to the code that runs it.

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::output::Output;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Lint(command) => command.run(output),
        Command::Diff(command) => command.run(output),
        Command::Compose(command) => command.run(output),
        Command::Init(command) => command.run(output),
        Command::Check(command) => command.run(output),
        Command::Explain(command) => command.run(output),
        Command::Test(command) => command.run(output),
        Command::Mine(command) => command.run(output),
        Command::Digest(command) => command.run(output),
        Command::Keys(command) => command.run(output),
        Command::Trace(command) => command.run(output),
        Command::Bundle(command) => command.run(output),
        Command::Import(command) => command.run(output),
        Command::Discover(command) => command.run(output),
        Command::Compare(command) => command.run(output),
        Command::Localise(command) => command.run(output),
        Command::Handoff(command) => command.run(output),
        Command::Rollout(command) => command.run(output),
        Command::Work(command) => command.run(output),
        Command::Receipt(command) => command.run(output),
        Command::FollowUps(command) => command.run(output),
        Command::Outcomes(command) => command.run(output),
        Command::Store(command) => command.run(output),
        Command::Doctor(command) => command.run(output),
        Command::Token(command) => command.run(output),
        Command::Run(command) => command.run(output),
        Command::Propose(command) => command.run(output),
        Command::Backtest(command) => command.run(output),
        Command::Tour(command) => command.run(output),
        Command::Tune(command) => command.run(output),
        Command::Simulate(command) => command.run(output),
        Command::Sample(command) => command.run(output),
        Command::Help(command) => command.run(output),
        Command::Schema(command) => command.run(output),
        Command::Completions(command) => command.run(output),
        Command::Man(command) => command.run(output),
    }
}
