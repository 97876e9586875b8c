//! XML 1.0 by `quick-xml` within limits: no token, and no nesting, grows beyond its bound; entities
//! other than the five of XML are refused, so none can expand.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use baton_terms::{Diagnostic, Span};
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::{Error, Reader};

use super::codes;
use super::limits::{XML_DEPTH_MAX, XML_TOKEN_BYTES_MAX};
use super::sink::{Broken, shown};

/// Reads the tokens of one document.
pub(super) struct Tokens<R> {
    reader: Reader<Metered<R>>,
    depth: usize,
    /// Bytes that were taken before the parser saw them.
    taken: u64,
    /// Whether the last token was a tag, so that the parser stands right behind it.
    is_behind_tag: bool,
}

/// A reader that gives out a bounded number of bytes per token.
struct Metered<R> {
    inner: R,
    left: u64,
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(available) {
            *to = *from;
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, TokenTooLarge));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left = self
            .left
            .saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        self.inner.consume(count);
    }
}

/// A token beyond [`XML_TOKEN_BYTES_MAX`].
#[derive(Debug, thiserror::Error)]
#[error("one tag or text is longer than {XML_TOKEN_BYTES_MAX} bytes")]
struct TokenTooLarge;

impl<R: BufRead> Tokens<R> {
    /// Starts at the beginning of a document; white space around text carries no meaning when
    /// `text` is [`Text::Ignored`].
    pub(super) fn new(input: R, text: Text) -> Self {
        let mut reader = Reader::from_reader(Metered {
            inner: input,
            left: XML_TOKEN_BYTES_MAX,
        });
        reader.config_mut().trim_text(text == Text::Ignored);
        Self {
            reader,
            depth: 0,
            taken: 0,
            is_behind_tag: false,
        }
    }

    /// Returns the next token; the buffer is cleared first.
    pub(super) fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Broken> {
        buffer.clear();
        self.reader.get_mut().left = XML_TOKEN_BYTES_MAX;
        let event = match self.reader.read_event_into(buffer) {
            Ok(event) => event,
            Err(error) => {
                let position = self.reader.error_position() + self.taken;
                return Err(broken(&error, position));
            }
        };
        self.is_behind_tag = matches!(event, Event::Start(_) | Event::Empty(_) | Event::End(_));
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > XML_DEPTH_MAX {
                    return Err(too_deep(self.reader.buffer_position() + self.taken));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Decl(declaration) => check_encoding(declaration)?,
            Event::Eof if self.depth > 0 => {
                return Err(Diagnostic::error(
                    codes::XML_BROKEN,
                    "the XML ends before its elements do",
                )
                .at(span(self.reader.buffer_position() + self.taken))
                .expected(format!("{} more end tags", self.depth))
                .hint("the file is cut off: export or copy it again")
                .into());
            }
            _ => {}
        }
        Ok(event)
    }

    /// Returns how many elements are open, the one just opened included.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Returns what comes next as it stands in the input, as far as it is in memory: nothing unless
    /// the last token was a tag. Bytes of whole empty tags may be taken instead of read as a token.
    #[inline]
    pub(super) fn ahead(&mut self) -> Result<&[u8], Broken> {
        if !self.is_behind_tag {
            return Ok(&[]);
        }
        let position = self.position();
        let input = self.reader.get_mut();
        input.left = XML_TOKEN_BYTES_MAX;
        match input.fill_buf() {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(&[]),
            Err(error) => Err(broken(&error.into(), position)),
        }
    }

    /// Takes bytes that [`Tokens::ahead`] showed.
    #[inline]
    pub(super) fn take(&mut self, bytes: usize) {
        self.reader.get_mut().consume(bytes);
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.taken = self.taken.saturating_add(bytes);
    }

    /// Returns the first byte after the last token.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position() + self.taken
    }
}

/// Whether text between tags is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// Text is data.
    Kept,
    /// Text is layout.
    Ignored,
}

/// Returns the value of an attribute of a tag, unescaped; `None` when it isn't there.
pub(super) fn attribute<'t>(
    tag: &'t BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'t, str>>, Unreadable> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| Unreadable(error.to_string()))?;
        if attribute.key.as_ref() == name {
            return value(attribute.value).map(Some);
        }
    }
    Ok(None)
}

/// A value that isn't well-formed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unreadable(pub(super) String);

/// Returns the text that a raw attribute value means (XML 1.0 section 3.3.3).
pub(super) fn value(raw: Cow<'_, str>) -> Result<Cow<'_, str>, Unreadable> {
    if !raw
        .bytes()
        .any(|byte| matches!(byte, b'&' | b'\n' | b'\r' | b'\t'))
    {
        return Ok(raw);
    }
    // Literal white space is a space; written as a character reference it is itself. A line end of
    // two characters is one (section 2.11).
    let spaced = raw.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    match quick_xml::escape::unescape(&spaced) {
        Ok(text) => Ok(Cow::Owned(text.into_owned())),
        Err(error) => Err(Unreadable(error.to_string())),
    }
}

/// Returns the text that raw content between tags means.
pub(super) fn content(raw: &str) -> Result<Cow<'_, str>, Unreadable> {
    quick_xml::escape::unescape(raw).map_err(|error| Unreadable(error.to_string()))
}

/// Returns the part of a name after its namespace prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Returns a span of no length at a byte of the input.
pub(super) fn span(position: u64) -> Span {
    let at = usize::try_from(position).unwrap_or(usize::MAX);
    Span::new(at, at)
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), Broken> {
    let Some(Ok(encoding)) = declaration.encoding() else {
        return Ok(());
    };
    if ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known))
    {
        return Ok(());
    }
    Err(
        Diagnostic::error(codes::NOT_UTF8, "the XML says it isn't in UTF-8")
            .expected("`encoding=\"UTF-8\"`")
            .found(format!("`{}`", shown(&encoding)))
            .hint("convert it first, for example with `iconv -t UTF-8`, and change its first line")
            .into(),
    )
}

fn too_deep(position: u64) -> Broken {
    Diagnostic::error(
        codes::TOO_LARGE,
        format!("XML elements are nested deeper than {XML_DEPTH_MAX}"),
    )
    .at(span(position))
    .expected(format!("at most {XML_DEPTH_MAX} levels"))
    .into()
}

fn broken(error: &Error, position: u64) -> Broken {
    let (code, message) = match error {
        Error::Io(io) if io.kind() == io::ErrorKind::FileTooLarge => (
            codes::TOO_LARGE,
            format!("one tag or text is longer than {XML_TOKEN_BYTES_MAX} bytes"),
        ),
        Error::Io(io) => {
            return Broken::Read(io::Error::new(io.kind(), io.to_string()));
        }
        Error::Encoding(_) => (codes::NOT_UTF8, "the XML isn't UTF-8".to_owned()),
        _ => (codes::XML_BROKEN, "the XML isn't well-formed".to_owned()),
    };
    Diagnostic::error(code, message)
        .at(span(position))
        .found(shown(&error.to_string()))
        .hint("nothing after this place can be read; export the file again, or mend it here")
        .into()
}
