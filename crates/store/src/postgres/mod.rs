//! The store on PostgreSQL, shared by any number of nodes.

mod append;
mod connect;
mod error;
mod jobs;
mod pool;
mod read;
mod register;
mod store;

pub use store::PostgresStore;
