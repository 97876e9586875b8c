//! `baton init`: a complete contract to start from, by questions or by flags.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use baton_contract::shape::TextKind;
use baton_terms::{Digest, Id};
use clap::{Args, ValueEnum};

use crate::clock;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::output::Output;
use crate::suite_files::Tests;

/// Files of a new contract, by the path they get.
const TEMPLATES: [(&str, &str); 6] = [
    (
        "contract.yaml",
        include_str!("../../templates/contract.yaml"),
    ),
    (
        "package.schema.json",
        include_str!("../../templates/package.schema.json"),
    ),
    (
        "examples/complete.json",
        include_str!("../../templates/examples/complete.json"),
    ),
    (
        "examples/needs-work.json",
        include_str!("../../templates/examples/needs-work.json"),
    ),
    ("examples/supporting-document.md", DOCUMENT),
    (
        "tests/contract-tests.yaml",
        include_str!("../../templates/tests/contract-tests.yaml"),
    ),
];

/// The example evidence, whose digest the example package states.
const DOCUMENT: &str = include_str!("../../templates/examples/supporting-document.md");

/// Arguments of `baton init`; what is left out is asked for on a terminal.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Name of the contract, such as `design-to-engineering`.
    name: Option<Id>,
    /// Title for readers.
    #[arg(long)]
    title: Option<String>,
    /// What the handoff is for.
    #[arg(long)]
    purpose: Option<String>,
    /// Team that answers for the contract.
    #[arg(long)]
    owner: Option<Id>,
    /// Role that hands over.
    #[arg(long)]
    from: Option<Id>,
    /// Who acts for the sender.
    #[arg(long, value_enum, default_value_t = Acting::Human)]
    from_kind: Acting,
    /// Role that takes over.
    #[arg(long)]
    to: Option<Id>,
    /// Who acts for the receiver.
    #[arg(long, value_enum, default_value_t = Acting::Human)]
    to_kind: Acting,
    /// Time zone of the receiver's office.
    #[arg(long, default_value = "Etc/UTC")]
    zone: String,
    /// Folder to create; the name of the contract when left out.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Never ask: fail where something needed is left out.
    #[arg(long)]
    no_questions: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Acting {
    /// People.
    Human,
    /// AI agents, on behalf of people.
    Agent,
    /// Either.
    Any,
}

impl Acting {
    fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
            Self::Any => "any",
        }
    }
}

/// Everything the files need, each part checked.
struct Answers {
    name: Id,
    title: String,
    purpose: String,
    owner: Id,
    from: Id,
    to: Id,
}

impl Init {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if !TextKind::Zone.accepts(&self.zone) {
            return Err(wrong("--zone", TextKind::Zone.expected(), &self.zone).into());
        }
        let answers = self.answers()?;
        let folder = self
            .out
            .clone()
            .unwrap_or_else(|| PathBuf::from(answers.name.as_str()));
        let as_of = clock::now().to_string();
        for (path, template) in TEMPLATES {
            let text = self.fill(template, &answers, &as_of);
            files::write_new(&folder.join(path), text.as_bytes())?;
        }
        // The golden scorecard of the example can only be known now that the contract is there.
        Tests::load(&folder)?.bless(&folder)?;
        let shown = folder.display();
        output.answer(&format!(
            "Created {shown}\n\nNext:\n  baton lint {shown}\n  baton check --contract {shown} --package {shown}/examples/needs-work.json\n  baton test {shown}\n"
        ));
        Ok(Exit::Ok)
    }

    fn answers(&self) -> Result<Answers, Failure> {
        let asks = !self.no_questions && std::io::stdin().is_terminal();
        let question = |flag, text, example| Question {
            flag,
            text,
            example,
            asks,
        };
        let name = question("NAME", "Name of the contract", "design-to-engineering")
            .id(self.name.as_ref())?;
        let title = capitalized(&name.as_str().replace('-', " "));
        Ok(Answers {
            title: question("--title", "Title", &title).line(self.title.as_ref())?,
            purpose: question(
                "--purpose",
                "What is the handoff for?",
                "Hand over work so that nothing is left to guess.",
            )
            .line(self.purpose.as_ref())?,
            owner: question(
                "--owner",
                "Team that answers for the contract",
                "product-operations",
            )
            .id(self.owner.as_ref())?,
            from: question("--from", "Role that hands over", "designer").id(self.from.as_ref())?,
            to: question("--to", "Role that takes over", "engineer").id(self.to.as_ref())?,
            name,
        })
    }

    fn fill(&self, template: &str, answers: &Answers, as_of: &str) -> String {
        let agent_fields = r#", "kind": "agent", "on_behalf_of": "example-principal""#;
        let sender_kind = if self.from_kind == Acting::Agent {
            agent_fields
        } else {
            ""
        };
        let digest = Digest::of(DOCUMENT.as_bytes()).to_string();
        let year = year_of(as_of);
        // Free text is written as a JSON string, which is also a YAML string.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        [
            ("@NAME@", answers.name.as_str()),
            ("@TITLE@", quoted(&answers.title).as_str()),
            ("@PURPOSE@", quoted(&answers.purpose).as_str()),
            ("@OWNER@", answers.owner.as_str()),
            ("@FROM@", answers.from.as_str()),
            ("@FROM_KIND@", self.from_kind.word()),
            ("@TO@", answers.to.as_str()),
            ("@TO_KIND@", self.to_kind.word()),
            ("@ZONE@", &self.zone),
            ("@SENDER_KIND@", sender_kind),
            ("@DIGEST@", &digest),
            ("@AS_OF@", as_of),
            ("@YEAR@", &year.to_string()),
            ("@NEXT_YEAR@", &(year + 1).to_string()),
        ]
        .iter()
        .fold(template.to_owned(), |text, (placeholder, value)| {
            text.replace(placeholder, value)
        })
    }
}

/// One thing to know, from a flag or from the person at the terminal.
struct Question<'a> {
    flag: &'static str,
    text: &'static str,
    example: &'a str,
    asks: bool,
}

impl Question<'_> {
    fn id(&self, given: Option<&Id>) -> Result<Id, Failure> {
        match given {
            Some(id) => Ok(id.clone()),
            None => {
                let text = self.ask(TextKind::Id)?;
                text.parse()
                    .map_err(|_| wrong(self.flag, TextKind::Id.expected(), &text))
            }
        }
    }

    fn line(&self, given: Option<&String>) -> Result<String, Failure> {
        let text = match given {
            Some(text) => text.clone(),
            // Words for readers have a fair default; names and roles don't.
            None if !self.asks => self.example.to_owned(),
            None => self.ask(TextKind::Line)?,
        };
        if TextKind::Line.accepts(&text) {
            Ok(text)
        } else {
            Err(wrong(self.flag, TextKind::Line.expected(), &text))
        }
    }

    fn ask(&self, kind: TextKind) -> Result<String, Failure> {
        if !self.asks {
            return Err(wrong(self.flag, kind.expected(), "nothing"));
        }
        let validate = move |text: &str| {
            Ok(if kind.accepts(text) {
                inquire::validator::Validation::Valid
            } else {
                inquire::validator::Validation::Invalid(kind.expected().into())
            })
        };
        inquire::Text::new(self.text)
            .with_placeholder(self.example)
            .with_default(self.example)
            .with_validator(validate)
            .prompt()
            .map_err(|error| wrong(self.flag, kind.expected(), &error.to_string()))
    }
}

fn wrong(flag: &str, expected: &str, found: &str) -> Failure {
    Failure::new(
        BAD_ARGUMENT,
        format!("start a contract: `{flag}` is not usable"),
    )
    .expected(expected)
    .found(found)
    .hint("give it as a flag, or run `baton init` on a terminal to be asked")
}

/// Returns the year of an instant's text, which opens with it.
fn year_of(as_of: &str) -> u16 {
    let year = as_of.split('-').next().and_then(|year| year.parse().ok());
    year.unwrap_or_default()
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
