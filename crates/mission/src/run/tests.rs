//! A mission's life, told as commands and events.

mod life;
mod promises;
mod recordable;
mod world;
