//! The store on PostgreSQL, shared by any number of nodes.

mod address;
mod append;
mod connect;
mod error;
mod front;
mod group;
mod jobs;
mod listen;
mod pool;
mod read;
mod register;
mod store;

pub use store::PostgresStore;
