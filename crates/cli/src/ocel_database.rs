//! OCEL 2.0 logs that are SQLite databases: opened in memory from their bytes, read-only, with nothing
//! of theirs trusted, and handed over row by row.
//!
//! The tables are those of the OCEL 2.0 specification, section "Relational (SQLite)": `event` and
//! `object` name the type of each id, `event_map_type` and `object_map_type` the table of each type,
//! `event_object` and `object_object` hold the relations.

use std::collections::{HashMap, HashSet};

use baton_eventlog::formats::ocel::{Tables, Value};
use baton_eventlog::formats::{Broken, codes, shown};
use baton_terms::Diagnostic;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Row};

/// Bytes of one value.
const VALUE_BYTES_MAX: i32 = 16 << 20;
/// When a database says that an object has its first values from.
const BEGINNING: &str = "1970-01-01";

/// Reads the tables of a log.
///
/// # Errors
/// [`Broken`] when the bytes are no database, or one that OCEL does not describe.
pub(crate) fn read(mut bytes: Vec<u8>) -> Result<Tables, Broken> {
    // A database in memory has no write-ahead log beside it; what its own file holds is whole.
    for place in [18, 19] {
        if let Some(version) = bytes.get_mut(place).filter(|version| **version == 2) {
            *version = 1;
        }
    }
    let rows_max = bytes.len();
    let database = open(&bytes).map_err(|error| broken(&error))?;
    drop(bytes);
    let names = tables_of(&database).map_err(|error| broken(&error))?;
    let log = Database {
        connection: database,
        names,
        rows_max,
    };
    log.check()?;
    let mut tables = Tables::new();
    log.objects(&mut tables)?;
    log.events(&mut tables)?;
    log.relations(&mut tables)?;
    Ok(tables)
}

/// Opens a database from its bytes. Views and triggers do not run, functions in its definitions are
/// not trusted, nothing can be attached, and there is no way to load an extension.
fn open(bytes: &[u8]) -> Result<Connection, Error> {
    let mut database = Connection::open_in_memory()?;
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    ] {
        database.set_db_config(setting, value)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 16),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 4),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
    ] {
        database.set_limit(limit, value)?;
    }
    database.deserialize_read_exact("main", bytes, bytes.len(), true)?;
    Ok(database)
}

/// Returns the plain tables of a database: no views, and none that a module makes up.
fn tables_of(database: &Connection) -> Result<HashSet<String>, Error> {
    let mut statement = database
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

struct Database {
    connection: Connection,
    names: HashSet<String>,
    /// A row takes a byte at least, so there can't be more without a page that is in a table twice.
    rows_max: usize,
}

/// A column of a table of one type.
struct Attribute {
    name: String,
    is_boolean: bool,
}

impl Database {
    /// Holds that the tables are there that a log can't be without.
    fn check(&self) -> Result<(), Broken> {
        let needed = [
            ("event", &["ocel_id", "ocel_type"][..]),
            ("object", &["ocel_id", "ocel_type"]),
            ("event_map_type", &["ocel_type", "ocel_type_map"]),
            ("object_map_type", &["ocel_type", "ocel_type_map"]),
            (
                "event_object",
                &["ocel_event_id", "ocel_object_id", "ocel_qualifier"],
            ),
        ];
        let mut missing = Vec::new();
        for (table, columns) in needed {
            if !self.names.contains(table) {
                missing.push(format!("no table `{table}`"));
                continue;
            }
            let known = self.columns(table)?;
            let without = columns
                .iter()
                .filter(|column| known.iter().all(|(name, _)| name != *column));
            missing.extend(without.map(|column| format!("no column `{column}` in `{table}`")));
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(table_problem(&missing.join(", ")).into())
    }

    /// Returns the columns of a table with what they are declared to hold.
    fn columns(&self, table: &str) -> Result<Vec<(String, String)>, Broken> {
        let columns = || -> Result<Vec<(String, String)>, Error> {
            let mut statement = self
                .connection
                .prepare("SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden = 0")?;
            let columns = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
            columns.collect()
        };
        columns().map_err(|error| broken(&error))
    }

    /// Hands over the rows of a table, with the values of these columns first.
    fn each(
        &self,
        table: &str,
        columns: &[&str],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Broken> {
        let columns: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
        let select = format!("SELECT {} FROM {}", columns.join(", "), quoted(table));
        let mut read = || -> Result<usize, Error> {
            let mut statement = self.connection.prepare(&select)?;
            let mut rows = statement.query([])?;
            let mut count = 0;
            while let Some(found) = rows.next()? {
                count += 1;
                if count > self.rows_max {
                    break;
                }
                row(found)?;
            }
            Ok(count)
        };
        match read() {
            Ok(count) if count > self.rows_max => {
                let problem = Diagnostic::error(codes::TOO_LARGE, "a table has too many rows")
                    .expected(format!("at most {} rows in `{table}`", self.rows_max))
                    .found("more than the file has bytes")
                    .hint("the file is damaged: export it again");
                Err(problem.into())
            }
            Ok(_) => Ok(()),
            Err(error) => Err(broken(&error)),
        }
    }

    /// Returns the types with the names of their tables; a type without one is refused.
    fn types(&self, kind: &str, tables: &mut Tables) -> Result<Vec<(String, String)>, Broken> {
        let mut types = Vec::new();
        let mut unknown = Vec::new();
        let columns = ["ocel_type", "ocel_type_map"];
        self.each(&format!("{kind}_map_type"), &columns, &mut |row| {
            let (Some(name), Some(table)) = (text(row, 0)?, text(row, 1)?) else {
                unknown.push("NULL".to_owned());
                return Ok(());
            };
            let table = format!("{kind}_{table}");
            if self.names.contains(&table) {
                types.push((name, table));
            } else {
                unknown.push(table);
            }
            Ok(())
        })?;
        types.sort();
        types.dedup();
        for table in unknown {
            let found = format!("no table `{}`", shown(&table));
            tables.refuse(table_problem(&found), 0);
        }
        Ok(types)
    }

    /// Returns the attributes of a type: what its table has beside the columns of OCEL.
    fn attributes(
        &self,
        table: &str,
        fixed: &[&str],
        tables: &mut Tables,
    ) -> Result<Option<Vec<Attribute>>, Broken> {
        let columns = self.columns(table)?;
        let lacks = |name: &&&str| columns.iter().all(|(known, _)| known != **name);
        let missing: Vec<_> = fixed.iter().filter(lacks).copied().collect();
        if !missing.is_empty() {
            let found = format!("no `{}` in `{}`", missing.join("`, `"), shown(table));
            tables.refuse(table_problem(&found), 0);
            return Ok(None);
        }
        let further = columns
            .into_iter()
            .filter(|(name, _)| !fixed.contains(&name.as_str()));
        let attributes = further.map(|(name, declared)| {
            let declared = declared.to_ascii_uppercase();
            let kind = match declared.as_str() {
                "BOOLEAN" => "boolean",
                "REAL" | "FLOAT" | "DOUBLE" => "float",
                "TIMESTAMP" | "DATETIME" => "time",
                kind if kind.contains("INT") => "integer",
                _ => "string",
            };
            tables.declare(&name, kind);
            Attribute {
                name,
                is_boolean: kind == "boolean",
            }
        });
        Ok(Some(attributes.collect()))
    }

    /// Returns the type of each id in `event` or `object`.
    fn ids(&self, table: &str, tables: &mut Tables) -> Result<Vec<(String, String)>, Broken> {
        let mut ids = Vec::new();
        self.each(table, &["ocel_id", "ocel_type"], &mut |row| {
            match (text(row, 0)?, text(row, 1)?) {
                (Some(id), Some(kind)) => ids.push((id, kind)),
                (id, _) => tables.refuse(row_problem(table, id.as_deref(), "an id and a type"), 0),
            }
            Ok(())
        })?;
        Ok(ids)
    }

    fn objects(&self, tables: &mut Tables) -> Result<(), Broken> {
        const FIXED: [&str; 3] = ["ocel_id", "ocel_time", "ocel_changed_field"];
        for (id, kind) in self.ids("object", tables)? {
            tables.object(&id, &kind);
        }
        for (_, table) in self.types("object", tables)? {
            let Some(attributes) = self.attributes(&table, &FIXED, tables)? else {
                continue;
            };
            self.each(&table, &columns(&FIXED, &attributes), &mut |row| {
                object_row(row, &table, &attributes, tables)
            })?;
        }
        Ok(())
    }

    fn events(&self, tables: &mut Tables) -> Result<(), Broken> {
        const FIXED: [&str; 2] = ["ocel_id", "ocel_time"];
        let mut left: HashMap<String, String> = HashMap::new();
        for (id, kind) in self.ids("event", tables)? {
            if left.get(&id).is_some_and(|known| *known != kind) {
                tables.refuse(row_problem("event", Some(&id), "one type"), 0);
                continue;
            }
            left.insert(id, kind);
        }
        for (kind, table) in self.types("event", tables)? {
            let Some(attributes) = self.attributes(&table, &FIXED, tables)? else {
                continue;
            };
            self.each(&table, &columns(&FIXED, &attributes), &mut |row| {
                let (Some(id), Some(time)) = (text(row, 0)?, text(row, 1)?) else {
                    let id = text(row, 0)?;
                    tables.refuse(row_problem(&table, id.as_deref(), "an id and a time"), 1);
                    return Ok(());
                };
                if left.get(&id) != Some(&kind) {
                    let expected = format!("an event of the type `{kind}`, named once");
                    tables.refuse(row_problem(&table, Some(&id), &expected), 1);
                    return Ok(());
                }
                left.remove(&id);
                if tables.event(&id, &kind, &instant(&time)) {
                    values(row, 2, &attributes, &mut |name, text| {
                        tables.event_value(&id, name, text);
                    })?;
                }
                Ok(())
            })?;
        }
        let mut left: Vec<_> = left.into_keys().collect();
        left.sort();
        for id in left {
            let expected = "a row with its time in the table of its type";
            tables.refuse(row_problem("event", Some(&id), expected), 1);
        }
        Ok(())
    }

    fn relations(&self, tables: &mut Tables) -> Result<(), Broken> {
        let columns = ["ocel_event_id", "ocel_object_id", "ocel_qualifier"];
        self.pairs(("event_object", columns), tables, Tables::relate_event)?;
        if !self.names.contains("object_object") {
            return Ok(());
        }
        let columns = ["ocel_source_id", "ocel_target_id", "ocel_qualifier"];
        self.pairs(("object_object", columns), tables, Tables::relate_object)
    }

    /// Relates the two ids of each row of a table; a row without both is refused.
    fn pairs(
        &self,
        (table, columns): (&str, [&str; 3]),
        tables: &mut Tables,
        relate: fn(&mut Tables, &str, &str, &str),
    ) -> Result<(), Broken> {
        self.each(table, &columns, &mut |row| {
            match (text(row, 0)?, text(row, 1)?, text(row, 2)?) {
                (Some(from), Some(to), qualifier) => {
                    relate(tables, &from, &to, &qualifier.unwrap_or_default());
                }
                (id, ..) => {
                    tables.refuse(row_problem(table, id.as_deref(), "two ids"), 0);
                }
            }
            Ok(())
        })
    }
}

/// Takes the values an object has from a time on: all of them at first, then what changed.
fn object_row(
    row: &Row<'_>,
    table: &str,
    attributes: &[Attribute],
    tables: &mut Tables,
) -> Result<(), Error> {
    let Some(id) = text(row, 0)? else {
        tables.refuse(row_problem(table, None, "an id"), 0);
        return Ok(());
    };
    let time = text(row, 1)?.map(|time| instant(&time));
    let changed = text(row, 2)?;
    if let Some(name) = &changed
        && attributes.iter().all(|attribute| attribute.name != *name)
    {
        let expected = "the name of a column as `ocel_changed_field`";
        tables.refuse(row_problem(table, Some(&id), expected), 0);
        return Ok(());
    }
    let from = time.as_deref();
    let from = from.filter(|time| changed.is_some() || !time.starts_with(BEGINNING));
    values(row, 3, attributes, &mut |name, text| {
        if changed.as_deref().is_none_or(|changed| changed == name) {
            let value = Value {
                name,
                time: from,
                text,
            };
            tables.object_value(&id, &value);
        }
    })
}

/// Hands over the attributes of a row that have a value.
fn values(
    row: &Row<'_>,
    first: usize,
    attributes: &[Attribute],
    take: &mut dyn FnMut(&str, &str),
) -> Result<(), Error> {
    for (place, attribute) in attributes.iter().enumerate() {
        if let Some(mut found) = text(row, first + place)? {
            if attribute.is_boolean {
                found = match found.as_str() {
                    "0" => "false".to_owned(),
                    "1" => "true".to_owned(),
                    _ => found,
                };
            }
            take(&attribute.name, &found);
        }
    }
    Ok(())
}

/// Returns the columns to read of a table: the fixed ones, then those of attributes.
fn columns<'a>(fixed: &[&'a str], attributes: &'a [Attribute]) -> Vec<&'a str> {
    let own = attributes.iter().map(|attribute| &*attribute.name);
    fixed.iter().copied().chain(own).collect()
}

/// Returns a value as text, if there is one.
fn text(row: &Row<'_>, place: usize) -> Result<Option<String>, Error> {
    Ok(match row.get_ref(place)? {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Some(format!("bytes that are no text: {}", bytes.len())),
    })
}

/// Returns a time as SQLite's functions write it in the form of RFC 3339; without an offset it is UTC.
fn instant(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    // What stands after the ten characters of a date.
    let is_of_date = |byte: u8| byte.is_ascii_digit() || byte == b'-';
    let Some((date, of_day)) = text
        .split_at_checked(10)
        .filter(|(date, _)| date.bytes().all(is_of_date))
    else {
        return text.to_owned();
    };
    let Some(of_day) = of_day.strip_prefix(['T', ' ']) else {
        return text.to_owned();
    };
    let zone = if of_day.contains(['Z', 'z', '+', '-']) {
        ""
    } else {
        "Z"
    };
    format!("{date}T{of_day}{zone}")
}

/// Returns a name as SQL writes it, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn broken(error: &Error) -> Broken {
    Diagnostic::error(codes::DATABASE_BROKEN, "the database can't be read")
        .expected("a whole SQLite database")
        .found(shown(&error.to_string()))
        .hint("it is damaged, encrypted or cut off: export it again")
        .into()
}

fn table_problem(found: &str) -> Diagnostic {
    Diagnostic::error(
        codes::OCEL_TABLE,
        "the tables of the database are not those of OCEL 2.0",
    )
    .expected("the tables and columns of the relational form of OCEL 2.0")
    .found(found)
    .hint("export the log again, or as OCEL 2.0 JSON")
}

fn row_problem(table: &str, id: Option<&str>, expected: &str) -> Diagnostic {
    let found = match id {
        Some(id) => format!("another one for `{}` in `{}`", shown(id), shown(table)),
        None => format!("none in `{}`", shown(table)),
    };
    Diagnostic::error(codes::OCEL_TABLE, "a row of the database can't be used")
        .expected(expected)
        .found(found)
}

#[cfg(test)]
mod tests;
