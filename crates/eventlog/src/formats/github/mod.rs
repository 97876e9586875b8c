//! Issues and pull requests of GitHub with their timelines, as its REST interface exports them:
//! lists, pages after one another, or one object per line.
//!
//! A case is an issue or pull request, named `owner/repository#number` where the export says the
//! repository. Its own object gives `opened`, `closed` and `merged` and the facts of every event; a
//! timeline event (inside the issue as `timeline`, or of its own with a link to the issue) gives
//! one event each. A merged pull request that says it reverts another gives that one `reverted`.

mod read;
mod timeline;

pub use read::read;
