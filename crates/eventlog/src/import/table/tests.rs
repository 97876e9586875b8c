//! Rows that are split where they stand are the rows that the state machine reads.

use super::*;
use proptest::prelude::*;

/// A row and the line it ends on.
type Found = (Vec<Vec<u8>>, u64);

/// Returns the rows as the state machine alone reads them.
fn expected(text: &[u8]) -> Vec<Found> {
    let (mut core, mut at, mut rows) = (csv_core::Reader::new(), 0, Vec::new());
    let (mut fields, mut ends) = (vec![0; text.len() + 1], vec![0; text.len() + 1]);
    let (mut written, mut ended) = (0, 0);
    loop {
        let (result, read, more, further) =
            core.read_record(&text[at..], &mut fields[written..], &mut ends[ended..]);
        (at, written, ended) = (at + read, written + more, ended + further);
        match result {
            ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends[..ended].iter().copied());
                let spans = starts.zip(&ends[..ended]);
                let row = spans.map(|(start, end)| fields[start..*end].to_vec());
                rows.push((row.collect(), core.line()));
                (written, ended) = (0, 0);
            }
            ReadRecordResult::End => return rows,
            _ => {}
        }
    }
}

fn found(text: &[u8]) -> Vec<Found> {
    let mut input = Input::new(text).unwrap();
    let table = Table {
        delimiter: None,
        quote: Quote::Double,
        header: Header::Names(Vec::new()),
    };
    let mut rows = Rows::new(&mut input, &table, Some(Delimiter::Comma)).unwrap();
    let mut found = Vec::new();
    while let Some(filled) = rows.fill().unwrap() {
        let fields = rows.fields(&filled);
        let row = (0..fields.len()).map(|place| fields.field(place).to_vec());
        found.push((row.collect(), rows.line));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_the_same_whether_they_are_split_where_they_stand_or_not(
        text in "([abé,]{0,9}(\"|\r|\n|\r\n|,|a,-b\n|a,.b\r\n)){0,12}"
    ) {
        prop_assert_eq!(found(text.as_bytes()), expected(text.as_bytes()));
    }
}
