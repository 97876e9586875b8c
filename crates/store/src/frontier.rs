//! The subtrees of a sealed stream as one value of a column: digests, one behind the other.

use baton_terms::Digest;

/// Returns the value to keep.
pub(crate) fn kept(subtrees: &[Digest]) -> Vec<u8> {
    subtrees
        .iter()
        .flat_map(|digest| digest.as_bytes().iter().copied())
        .collect()
}

/// Returns the subtrees of a kept value. One that was cut off gives fewer, which do not fit the stream's size any more.
pub(crate) fn subtrees(kept: Option<&[u8]>) -> Vec<Digest> {
    let (digests, _) = kept.unwrap_or_default().as_chunks::<32>();
    digests.iter().copied().map(Digest::from_bytes).collect()
}
