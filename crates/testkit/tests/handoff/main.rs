//! The use cases of handoffs on real stores: one life, requests, slots, and the stream as a trace.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod follow_ups;
#[cfg(test)]
mod hands;
#[cfg(test)]
mod life;
#[cfg(test)]
mod node;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod postgresql;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod rollouts;
#[cfg(test)]
mod slots;
#[cfg(test)]
mod trace;
#[cfg(test)]
mod world;
