//! The lifecycle of a handoff, held against `docs/spec/lifecycle.md`.

#[cfg(test)]
mod authority;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod fail_open;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod legality;
#[cfg(test)]
mod life;
#[cfg(test)]
mod model;
#[cfg(test)]
mod oversight;
#[cfg(test)]
mod property;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod returned;
#[cfg(test)]
mod rollback;
#[cfg(test)]
mod time;
#[cfg(test)]
mod words;
#[cfg(test)]
mod world;
