//! `baton receipt`: the signed record of a verdict, for the other side to keep and to verify.

mod command;
mod sign;
mod verify;

pub(crate) use command::ReceiptCommand;
