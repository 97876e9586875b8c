//! Databases made here as the specification describes them, and some as it does not.

use std::collections::BTreeMap;

use baton_eventlog::formats::Collected;

use super::*;

/// The relational form of OCEL 2.0 with one order, its item and two events.
const ORDERS: &str = r#"
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type);
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
CREATE TABLE event_PlaceOrder (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP, clerk TEXT, rush BOOLEAN);
CREATE TABLE "event_Ship ""it""; DROP TABLE event" (ocel_id TEXT, ocel_time TIMESTAMP, weight REAL);
CREATE TABLE object_Order (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, price REAL, "case" INTEGER);
CREATE TABLE object_Item (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT);
INSERT INTO event_map_type VALUES ('place order', 'PlaceOrder'), ('ship', 'Ship "it"; DROP TABLE event');
INSERT INTO object_map_type VALUES ('order', 'Order'), ('item', 'Item');
INSERT INTO event VALUES ('e1', 'place order'), ('e2', 'ship');
INSERT INTO object VALUES ('o1', 'order'), ('i1', 'item');
INSERT INTO event_object VALUES ('e1', 'o1', 'order'), ('e1', 'i1', 'item'), ('e2', 'o1', NULL);
INSERT INTO object_object VALUES ('o1', 'i1', 'comprises');
INSERT INTO event_PlaceOrder VALUES ('e1', '2026-01-05 09:00:00', 'Ann', 1);
INSERT INTO "event_Ship ""it""; DROP TABLE event" VALUES ('e2', '2026-01-06T10:00:00+01:00', 1.5);
INSERT INTO object_Order VALUES ('o1', '1970-01-01 00:00:00', NULL, 10.5, 7);
INSERT INTO object_Order VALUES ('o1', '2026-01-05 12:00:00', 'price', 12, NULL);
"#;

fn bytes(script: &str) -> Vec<u8> {
    let mut database = Connection::open_in_memory().unwrap();
    database.execute_batch(script).unwrap();
    database.serialize("main").unwrap().to_vec()
}

/// Returns what a database gives: its records by column, and its refusals.
fn found(script: &str) -> (Vec<BTreeMap<String, String>>, Vec<String>) {
    let mut sink = Collected::default();
    let tables = read(bytes(&format!("{ORDERS}{script}")));
    tables.unwrap().flatten(Some("order"), &mut sink).unwrap();
    let records = (0..sink.records.len()).map(|place| {
        let named = sink.named(place).into_iter();
        named
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .collect()
    });
    let refusals = sink.refusals.iter().map(|refusal| {
        let problem = &refusal.problem;
        format!("{} {} {}", problem.code, refusal.events, problem.found)
    });
    (records.collect(), refusals.collect())
}

fn broken(bytes: Vec<u8>) -> String {
    match read(bytes) {
        Err(Broken::Format(problem)) => format!("{} {}", problem.code, problem.found),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tables_of_the_specification_are_read() {
    let (records, refusals) = found("");
    assert_eq!(refusals, [""; 0]);
    let expected: [&[(&str, &str)]; 2] = [
        &[
            ("ocel:activity", "place order"),
            ("ocel:timestamp", "2026-01-05T09:00:00Z"),
            ("object:item", "i1"),
            ("clerk", "Ann"),
            ("rush", "true"),
            ("case:price", "10.5"),
            ("case:case", "7"),
        ],
        &[
            ("ocel:activity", "ship"),
            ("ocel:timestamp", "2026-01-06T10:00:00+01:00"),
            ("weight", "1.5"),
            ("case:price", "12"),
            ("case:case", "7"),
        ],
    ];
    assert_eq!(records.len(), expected.len());
    for (record, expected) in records.iter().zip(expected) {
        assert_eq!(record["ocel:oid"], "o1");
        for (name, text) in expected {
            assert_eq!(
                record.get(*name).map(String::as_str),
                Some(*text),
                "{name} in {record:?}"
            );
        }
    }
}

#[test]
fn rows_that_do_not_fit_are_refused_one_by_one() {
    for (script, expected) in [
        // A relation to an object, and an event, that are not there.
        (
            "INSERT INTO event_object VALUES ('e2', 'o9', 'x')",
            "E1047 0 `o9`",
        ),
        (
            "INSERT INTO event VALUES ('e3', 'ship')",
            "E1057 1 another one for `e3` in `event`",
        ),
        (
            "INSERT INTO event_PlaceOrder VALUES ('e2', '2026-01-05', NULL, NULL)",
            "E1057 1 another one for `e2` in `event_PlaceOrder`",
        ),
        (
            "INSERT INTO object_Order VALUES ('o1', '2026-01-05', 'colour', NULL, NULL)",
            "E1057 0 another one for `o1` in `object_Order`",
        ),
        (
            "INSERT INTO object VALUES (NULL, 'order')",
            "E1057 0 none in `object`",
        ),
        (
            "INSERT INTO event_map_type VALUES ('pay', 'Pay')",
            "E1057 0 no table `event_Pay`",
        ),
        // A view is no table, whatever it is called.
        (
            "INSERT INTO event_map_type VALUES ('pay', 'Pay'); CREATE VIEW event_Pay AS SELECT * FROM event",
            "E1057 0 no table `event_Pay`",
        ),
        (
            "INSERT INTO event_map_type VALUES ('pay', 'Pay'); CREATE TABLE event_Pay (ocel_id TEXT)",
            "E1057 0 no `ocel_time` in `event_Pay`",
        ),
        // A value of another type than its column says.
        (
            "INSERT INTO object_Order VALUES ('o1', x'00ff', 'price', 1, NULL)",
            "E1050 0 `bytes that are no text: 2`",
        ),
    ] {
        let (records, refusals) = found(script);
        assert_eq!(refusals, [expected], "{script}");
        assert_eq!(records.len(), 2, "{script}");
    }
}

#[test]
fn what_is_no_log_is_answered_as_a_whole() {
    let without =
        bytes("CREATE TABLE event (ocel_id TEXT); CREATE VIEW object AS SELECT 1 AS ocel_id");
    let said = broken(without);
    assert!(
        said.starts_with("E1057 no column `ocel_type` in `event`, no table `object`"),
        "{said}"
    );
    let whole = bytes(ORDERS);
    assert!(broken(whole[..whole.len() / 2].to_vec()).starts_with("E1056"));
    assert!(broken(b"SQLite format 3\0 and nothing more".to_vec()).starts_with("E105"));
    // Bytes damaged one after another: an answer, whatever it is.
    for place in (16..whole.len()).step_by(101) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0xa5;
        let _ = read(damaged);
    }
}
