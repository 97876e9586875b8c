//! OCEL 2.0, event logs in which an event concerns any number of objects, from JSON, XML or the
//! rows of its SQLite form.
//!
//! A case needs one object, so an object type is chosen; an event becomes one record per object of
//! that type it relates to. The record has `ocel:oid` and `object:TYPE` (the case), `ocel:eid`, `ocel:activity`,
//! `ocel:timestamp`, `ocel:qualifier`, the attributes of the event under their names, those of the
//! case object as they stood at that time as `case:NAME`, the ids of related objects of other types
//! as `object:TYPE`, and, where there is just one of a type, its attributes as `object:TYPE.NAME`.

mod database;
mod flatten;
mod json;
mod tables;
mod xml;

pub use database::{SQLITE_HEAD, no_database, tables_from_database};
pub use json::{read_json, tables_from_json};
pub use tables::{Tables, TypeCount, Value};
pub use xml::{read_xml, tables_from_xml};
