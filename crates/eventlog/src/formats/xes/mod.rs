//! XES, the XML form of event logs (IEEE 1849-2016 and -2023), as a stream of traces.
//!
//! Attributes of an event keep their key (`concept:name`, `time:timestamp`, `org:group`), those of
//! its trace get the prefix `case:`; nested attributes and members of lists are named by their path
//! (`parent.child`), and several values of one name are joined with `; `. A missing attribute gets
//! the default its `global` declares, except for times. `xes:position` is the place of an event in
//! its trace, `classifier:NAME` what the classifier of that name makes of it.

mod names;
mod read;
mod tag;
mod trace;
mod usual;

pub use read::read;
