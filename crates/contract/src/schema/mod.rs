//! JSON Schema 2020-12 for what a package must look like.
//!
//! A schema is untrusted input: before it is compiled it is read whole, every problem is reported with
//! its pointer, and only schemas with bounded work, local references and known meaning pass
//! (docs/spec, SCHEMA-*). Nothing is ever fetched.

mod codes;
mod direct;
mod endless;
mod formats;
mod instance;
mod keywords;
mod limits;
mod package_schema;
mod patterns;
mod pointer;
mod problem;
mod scan;
mod values;
mod wording;
mod words;
mod work;

pub use codes::*;
pub use limits::*;
pub use package_schema::PackageSchema;
pub use problem::SchemaProblem;

pub(crate) use package_schema::validators;
pub(crate) use pointer::join;
pub(crate) use scan::Scan;
