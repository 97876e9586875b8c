//! A contract's test file on disk: loaded, run, and its golden digests written.

use std::path::{Path, PathBuf};

use baton_contract::syntax;
use baton_simulation::suites::{Report, Subject, TestFile, golden, run};
use baton_terms::{Digest, Source, Span, limits};

use crate::gather::compile;
use crate::refusal::Refusal;
use crate::test_files::{Beside, TEST_FILE};
use crate::{contract_files, files};

/// The test file of one contract.
pub(crate) struct Tests {
    path: PathBuf,
    source: Source,
    cases: TestFile,
    folder: PathBuf,
}

impl Tests {
    /// Reads the test file of the contract at a path.
    pub(crate) fn load(contract: &Path) -> anyhow::Result<Self> {
        let folder = files::folder_of(&contract_files::locate(contract)?).to_owned();
        let path = folder.join(TEST_FILE);
        let source = files::read_source(&path, limits::CONTRACT_BYTES_MAX)?;
        let cases = TestFile::read(&source)
            .map_err(|problems| Refusal::of_source(source.clone(), problems))?;
        Ok(Self {
            path,
            source,
            cases,
            folder,
        })
    }

    /// Runs every suite.
    pub(crate) fn run(&self, contract: &Path) -> anyhow::Result<Report> {
        let (compiled, form) = compile(&contract_files::load(contract)?)?;
        let subject = Subject {
            contract: &compiled,
            form: &form,
            tests: &self.cases,
            tests_digest: Digest::of(self.source.text().as_bytes()),
        };
        Ok(run(&subject, &Beside::new(&self.folder)?))
    }

    /// Replaces the digest of each regression case by the one of today, leaving all else as written.
    pub(crate) fn bless(&self, contract: &Path) -> anyhow::Result<String> {
        let (compiled, _) = compile(&contract_files::load(contract)?)?;
        let beside = Beside::new(&self.folder)?;
        let mut text = self.source.text().to_owned();
        let Some(root) = syntax::parse(&self.source).node else {
            return Ok(String::new());
        };
        // From the end, so that earlier spans keep their place.
        for case in self.cases.regression.iter().rev() {
            let digest = golden(&compiled, case, &beside).map_err(anyhow::Error::msg)?;
            let Span { start, end } = root.nearest(&format!("{}/scorecard", case.at)).span;
            text.replace_range(start..end, &digest.to_string());
        }
        files::write(&self.path, text.as_bytes())?;
        let count = self.cases.regression.len();
        Ok(format!(
            "{}: golden scorecards written: {count}\n",
            self.path.display()
        ))
    }
}
