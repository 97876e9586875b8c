//! Rollouts on real stores: versions given, looks applied, and everything that only holds or takes back.

mod holds;
mod life;
mod sound;
mod world;
