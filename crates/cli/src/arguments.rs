//! The command line.

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands;

/// Make the handoffs of product work keep their promises.
#[derive(Debug, Parser)]
#[command(
    name = "baton",
    version,
    disable_help_subcommand = true,
    propagate_version = true
)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// When to color text.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, env = "BATON_COLOR")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The codes every command ends with.
const EXIT_CODES: &str = "Exit codes: 0 ready or done, 10 review, 20 critical or refused, 2 usage, 1 the operation failed.\n\
`baton help exit-codes` tells more; `baton help E0201` explains the code of a problem.";

/// When to color text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a contract, by questions or by flags.
    Init(commands::init::Init),
    /// Report every problem of contracts at once.
    Lint(commands::lint::Lint),
    /// Show what changed between two versions of a contract, and which version step it takes.
    Diff(commands::diff::Diff),
    /// Check whether contracts fit together as a chain.
    Compose(commands::compose::Compose),
    /// Check a package against its contract.
    Check(Box<commands::check::Check>),
    /// Say why a posture is what it is, and the shortest path to ready.
    Explain(Box<commands::explain::Explain>),
    /// Run the suites of contracts.
    Test(commands::test::Test),
    /// Find out why work fails, from an event log.
    Mine(Box<commands::mine::Mine>),
    /// Print the digest of a file, package, payload, contract or keyring.
    Digest(commands::digest::DigestOf),
    /// Make and manage signing keys and keyrings.
    Keys(commands::keys::Keys),
    /// Show, verify, replay and seal the record of decisions.
    Trace(commands::trace::Trace),
    /// Put a trace into one file for outsiders, and verify such a file.
    Bundle(commands::bundle::Bundle),
    /// Read an export of events, and say what became of each row.
    Import(commands::import::Import),
    /// Draw the map of handovers between parties, and draft contracts for its worst edges.
    Discover(commands::discover::Discover),
    /// Propose clauses that would have flagged the failing work of a mining report.
    Propose(commands::propose::Propose),
    /// Hold two versions of a contract against past packages: what flips, what it catches, what it holds up.
    Backtest(Box<commands::backtest::Backtest>),
    /// Say which thresholds and weights past outcomes speak for, how each clause does, and which may go.
    Tune(Box<commands::tune::Tune>),
    /// Simulate the handoff network of an event log: what would wait how long if something were otherwise.
    Simulate(Box<commands::simulate::Simulate>),
    /// Show what changed from one mining report to another.
    Compare(commands::compare::Compare),
    /// Find the combinations of attributes that explain a jump in a KPI table.
    Localise(Box<commands::localise::Localise>),
    /// Make, list and revoke tokens: they say who acts on a store.
    Token(Box<commands::token::Tokens>),
    /// Hand work over: open, submit, approve, answer, and see whose turn it is.
    Handoff(Box<commands::handoff::HandoffCommand>),
    /// Roll a contract version out: on a few handoffs first, promoted or taken back by what they show.
    Rollout(Box<commands::rollout::RolloutCommand>),
    /// Run a node: it checks, offers, watches the clocks and delivers.
    Work(commands::work::Work),
    /// Sign the receipt of a verdict, and verify one that was given to you.
    Receipt(commands::receipt::ReceiptCommand),
    /// List the tasks that handoffs left over.
    FollowUps(commands::follow_ups::FollowUps),
    /// Tell where the outcomes of contracts stand: baseline, target and now, week by week.
    Outcomes(Box<commands::outcomes::OutcomesOf>),
    /// Seal a store, copy it, and bring a copy back.
    Store(commands::store::StoreCommand),
    /// Show what is in force and from where, and whether the store is sound.
    Doctor(commands::doctor::Doctor),
    /// Run a mission from preflight to its outcome report, or go on with one.
    Run(Box<commands::run::RunMission>),
    /// See the whole loop in one go: why work fails, what to ask for, and a version that proves itself or is rolled back.
    Tour(commands::tour::Tour),
    /// Make up a small organization with planted causes of failure, to try everything on.
    Sample(commands::sample::MakeSample),
    /// Explain a code or a command.
    Help(commands::help::Help),
    /// Print a published JSON Schema.
    Schema(commands::schema::Schema),
    /// Print shell completions.
    Completions(commands::completions::Completions),
    /// Print the manual page, or the command reference as Markdown.
    Man(commands::man::Man),
}
