//! As much of Thrift's compact protocol as it takes to look into a footer or the header of a page
//! without trusting any count in it.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

/// Nesting of structs and lists.
const DEPTH_MAX: u8 = 32;

/// What the bytes of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    True,
    False,
    Byte,
    Integer,
    Double,
    Binary,
    List,
    Map,
    Struct,
}

impl Kind {
    const fn of(nibble: u8) -> Option<Self> {
        Some(match nibble {
            1 => Self::True,
            2 => Self::False,
            3 => Self::Byte,
            4..=6 => Self::Integer,
            7 => Self::Double,
            8 => Self::Binary,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            _ => return None,
        })
    }
}

/// Reads values one after another; `None` wherever the bytes break the protocol.
#[derive(Debug, Clone)]
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    left: usize,
}

impl<'b> Reader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            left: bytes.len(),
        }
    }

    /// Returns how many bytes were read.
    pub(super) const fn read(&self) -> usize {
        self.left.saturating_sub(self.bytes.len())
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn integer(&mut self) -> Option<i64> {
        let value = self.varint()?;
        let half = i64::try_from(value >> 1).ok()?;
        Some(if value & 1 == 0 { half } else { !half })
    }

    /// Returns what the elements of a list are and how many follow: never more than there are
    /// bytes, for each takes one at least.
    pub(super) fn list(&mut self) -> Option<(Kind, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            few => usize::from(few),
        };
        if count == 0 {
            return Some((Kind::Byte, 0));
        }
        let kind = Kind::of(head & 15)?;
        (count <= self.bytes.len()).then_some((kind, count))
    }

    /// Reads a struct; `field` gets each of its fields and says whether it has read the value, so
    /// that others are passed over.
    pub(super) fn structure(
        &mut self,
        mut field: impl FnMut(i64, Kind, &mut Self) -> Option<bool>,
    ) -> Option<()> {
        self.fields(0, &mut field)
    }

    fn fields(
        &mut self,
        depth: u8,
        field: &mut dyn FnMut(i64, Kind, &mut Self) -> Option<bool>,
    ) -> Option<()> {
        let mut id = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            let kind = Kind::of(head & 15)?;
            id = match head >> 4 {
                0 => self.integer()?,
                step => id.checked_add(i64::from(step))?,
            };
            if !field(id, kind, self)? {
                self.skip(kind, depth)?;
            }
        }
    }

    fn skip(&mut self, kind: Kind, depth: u8) -> Option<()> {
        let deeper = depth.checked_add(1).filter(|depth| *depth <= DEPTH_MAX)?;
        match kind {
            Kind::True | Kind::False => {}
            Kind::Byte => drop(self.byte()?),
            Kind::Integer => drop(self.varint()?),
            Kind::Double => drop(self.take(8)?),
            Kind::Binary => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.take(length)?;
            }
            Kind::List => {
                let (kind, count) = self.list()?;
                for _ in 0..count {
                    self.skip_element(kind, deeper)?;
                }
            }
            Kind::Map => {
                let count = self.varint()?;
                if count > 0 {
                    let kinds = self.byte()?;
                    let (key, value) = (Kind::of(kinds >> 4)?, Kind::of(kinds & 15)?);
                    for _ in 0..count {
                        self.skip_element(key, deeper)?;
                        self.skip_element(value, deeper)?;
                    }
                }
            }
            Kind::Struct => self.fields(deeper, &mut |_, _, _| Some(false))?,
        }
        Some(())
    }

    /// Passes over an element of a list; there, truth values take a byte.
    fn skip_element(&mut self, kind: Kind, depth: u8) -> Option<()> {
        match kind {
            Kind::True | Kind::False => self.byte().map(drop),
            kind => self.skip(kind, depth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_believed_only_as_far_as_there_are_bytes() {
        for (bytes, expected) in [
            // Field 2 is a list of three small integers, field 3 the integer -2.
            (&[0x29, 0x35, 2, 4, 6, 0x15, 3, 0][..], Some(-2)),
            // Two thousand million elements, and no bytes for them.
            (&[0x29, 0xf5, 0xff, 0xff, 0xff, 0xff, 7, 0][..], None),
            (&[0x28, 0xff, 0xff, 3, 0][..], None),
            (&[0x15, 0x80][..], None),
            (&[][..], None),
        ] {
            let mut found = None;
            let mut reader = Reader::new(bytes);
            let whole = reader.structure(|id, kind, reader| {
                if (id, kind) == (3, Kind::Integer) {
                    found = Some(reader.integer()?);
                    return Some(true);
                }
                Some(false)
            });
            assert_eq!(whole.and(found), expected, "{bytes:?}");
        }
        let deep = [0x1c; 4_000];
        assert_eq!(Reader::new(&deep).structure(|_, _, _| Some(false)), None);
    }
}
