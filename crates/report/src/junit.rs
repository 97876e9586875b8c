//! JUnit XML, the form that continuous integration services read.
//!
//! No standard defines it; the writer keeps to what the schema of the Jenkins xUnit plugin accepts
//! (`tests/schemas/junit-10.xsd`), which the tests check. Text is kept to the characters of XML 1.0 §2.2.

use crate::plain;

/// A report: suites of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) suites: Vec<Suite>,
}

/// Cases that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) properties: Vec<(&'static str, String)>,
    pub(crate) cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) outcome: Outcome,
    /// What to tell beside the outcome.
    pub(crate) output: String,
}

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed(Told),
    /// It could not be found out; never a pass.
    Error(Told),
    Skipped(String),
}

/// What is told about a case that did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) body: Vec<String>,
}

impl Document {
    /// Returns the document as XML.
    pub(crate) fn to_xml(&self) -> String {
        let cases = || self.suites.iter().flat_map(|suite| &suite.cases);
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let attributes = [
            ("name", self.name.clone()),
            ("tests", cases().count().to_string()),
            (
                "failures",
                cases().filter(|case| case.is_failure()).count().to_string(),
            ),
            (
                "errors",
                cases().filter(|case| case.is_error()).count().to_string(),
            ),
        ];
        xml.push_str(&tag("testsuites", &attributes, ">\n"));
        for suite in &self.suites {
            suite.write(&mut xml);
        }
        xml.push_str("</testsuites>\n");
        xml
    }
}

impl Suite {
    fn write(&self, xml: &mut String) {
        let number = |is: fn(&Case) -> bool| {
            self.cases
                .iter()
                .filter(|case| is(case))
                .count()
                .to_string()
        };
        let attributes = [
            ("name", self.name.clone()),
            ("tests", self.cases.len().to_string()),
            ("failures", number(Case::is_failure)),
            ("errors", number(Case::is_error)),
            ("skipped", number(Case::is_skipped)),
        ];
        xml.push_str("  ");
        xml.push_str(&tag("testsuite", &attributes, ">\n"));
        if !self.properties.is_empty() {
            xml.push_str("    <properties>\n");
            for (name, value) in &self.properties {
                let attributes = [("name", (*name).to_owned()), ("value", value.clone())];
                xml.push_str("      ");
                xml.push_str(&tag("property", &attributes, "/>\n"));
            }
            xml.push_str("    </properties>\n");
        }
        for case in &self.cases {
            case.write(xml);
        }
        xml.push_str("  </testsuite>\n");
    }
}

impl Case {
    fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }

    fn is_error(&self) -> bool {
        matches!(self.outcome, Outcome::Error(_))
    }

    fn is_skipped(&self) -> bool {
        matches!(self.outcome, Outcome::Skipped(_))
    }

    fn write(&self, xml: &mut String) {
        let attributes = [
            ("name", self.name.clone()),
            ("classname", self.class.clone()),
        ];
        xml.push_str("    ");
        xml.push_str(&tag("testcase", &attributes, ">\n"));
        match &self.outcome {
            Outcome::Passed => {}
            Outcome::Failed(told) => told.write(xml, "failure"),
            Outcome::Error(told) => told.write(xml, "error"),
            Outcome::Skipped(message) => {
                xml.push_str("      ");
                xml.push_str(&tag("skipped", &[("message", message.clone())], "/>\n"));
            }
        }
        if !self.output.is_empty() {
            xml.push_str("      <system-out>");
            xml.push_str(&escaped(&self.output));
            xml.push_str("</system-out>\n");
        }
        xml.push_str("    </testcase>\n");
    }
}

impl Told {
    fn write(&self, xml: &mut String, element: &str) {
        let attributes = [
            ("type", self.kind.to_owned()),
            ("message", self.message.clone()),
        ];
        xml.push_str("      ");
        xml.push_str(&tag(element, &attributes, ">"));
        let lines: Vec<String> = self.body.iter().map(|line| escaped(line)).collect();
        xml.push_str(&lines.join("\n"));
        xml.push_str("</");
        xml.push_str(element);
        xml.push_str(">\n");
    }
}

fn tag(name: &str, attributes: &[(&str, String)], end: &str) -> String {
    let mut tag = format!("<{name}");
    for (name, value) in attributes {
        tag.push(' ');
        tag.push_str(name);
        tag.push_str("=\"");
        tag.push_str(&escaped(value));
        tag.push('"');
    }
    tag.push_str(end);
    tag
}

/// Escapes text for content and attributes; line breaks are kept apart as elements of `body`.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_inside_its_element() {
        assert_eq!(
            escaped("a<b>&\"c\"\u{0}"),
            "a&lt;b&gt;&amp;&quot;c&quot;\\u{0}"
        );
        assert_eq!(escaped("]]>\u{FFFF}\n"), "]]&gt;\\u{ffff} ");
    }
}
