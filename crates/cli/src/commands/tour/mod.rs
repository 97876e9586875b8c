//! `baton tour`: the whole loop in one go, each step a command that can be typed.

mod command;
mod given;
mod made_up;
mod past;
mod proof;
mod steps;
mod trial;

pub(crate) use command::Tour;
