//! What `baton compose` prints.

use baton_contract::compose::{About, Answer, Check, Link, answer};

use crate::draw::{Indent, Ink, Page, padded};
use crate::words::count;
use crate::{Appearance, place};

/// Returns the answers as text, `width` columns wide.
pub fn text(chain: &[Link], appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    for link in chain {
        one(&mut page, link);
    }
    let number = |answer| chain.iter().filter(|l| l.answer() == answer).count();
    let links = count(chain.len(), "link");
    let conclusion = match answer(chain) {
        Answer::Yes | Answer::OwnDuty => "YES — every link of the chain fits".to_owned(),
        Answer::Unknown if chain.is_empty() => "UNKNOWN — there is no link to look at".to_owned(),
        Answer::Unknown => format!(
            "UNKNOWN — {} of {links} not proven",
            number(Answer::Unknown)
        ),
        Answer::No => format!("NO — {} of {links} not fitting", number(Answer::No)),
    };
    page.wrapped(&Indent::none(), &conclusion, ink(answer(chain)));
    page.finish()
}

fn ink(answer: Answer) -> Ink {
    match answer {
        Answer::Yes => Ink::Good,
        Answer::OwnDuty => Ink::Normal,
        Answer::Unknown => Ink::Caution,
        Answer::No => Ink::Bad,
    }
}

fn one(page: &mut Page, link: &Link) {
    let names = format!(
        "{} {} → {} {}",
        link.from.name, link.from.version, link.to.name, link.to.version
    );
    let mark = padded(link.answer().word(), 9);
    page.wrapped(&Indent::marked(0, mark), &names, ink(link.answer()));
    for check in &link.checks {
        detail(page, check);
    }
    page.blank();
}

fn detail(page: &mut Page, check: &Check) {
    let about = match &check.about {
        About::Parties => "parties".to_owned(),
        About::Payload => "payload".to_owned(),
        About::Evidence(id) => format!("evidence `{id}`"),
    };
    let mark = padded(check.answer.word(), 9);
    let line = format!("{about}: {}", check.because);
    page.wrapped(&Indent::marked(2, mark), &line, ink(check.answer));
    if matches!(check.answer, Answer::Yes | Answer::OwnDuty) {
        return;
    }
    let mut field = |label: &str, value: &str| {
        page.wrapped(&Indent::marked(11, padded(label, 9)), value, Ink::Normal);
    };
    let place = place::in_words(&check.pointer);
    field("where", &format!("{place} ({})", check.pointer));
    if let Some(example) = &check.counterexample {
        field("example", &example.to_string());
    }
}
