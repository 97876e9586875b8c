//! Transitions that are asked for at once go to the server as groups: whoever finds few groups on their way leads one, with all
//! that has queued up, and then passes the lead on. One alone is sent alone, at once.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use baton_engine::port::{Appended, StoreError, Transition};

/// Groups on their way at once: while one waits for its commit, the next one is worked on.
const LEADERS_MAX: usize = 3;
/// Transitions in one group.
const GROUP_MAX: usize = 256;
/// Bytes in one group; a single transition may be larger.
const GROUP_BYTES_MAX: usize = 4 << 20;

/// The answer to one transition.
pub(super) type Answer = Result<Appended, StoreError>;

/// What queues up, and how many lead.
#[derive(Debug, Default)]
pub(super) struct Front {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<(Transition, Arc<Place>)>,
    leaders: usize,
}

/// Where one asker waits.
#[derive(Debug, Default)]
struct Place {
    news: Mutex<News>,
    changed: Condvar,
}

/// What an asker was told and has not yet taken up. The lead may come to somebody whose transition goes with another's group, and
/// more than once.
#[derive(Debug, Default)]
struct News {
    leads: usize,
    answer: Option<Answer>,
}

enum Turn {
    Lead,
    Answered(Answer),
}

impl Place {
    fn tell(&self, change: impl FnOnce(&mut News)) {
        change(&mut self.news.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    fn wait(&self) -> Turn {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if news.leads > 0 {
                news.leads -= 1;
                return Turn::Lead;
            }
            if let Some(answer) = news.answer.take() {
                return Turn::Answered(answer);
            }
            news = self
                .changed
                .wait(news)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Front {
    /// Keeps a transition in some group; `send` performs one group and answers each in its order.
    pub(super) fn append(
        &self,
        transition: Transition,
        send: impl Fn(Vec<Transition>) -> Vec<Answer>,
    ) -> Answer {
        let place = Arc::new(Place::default());
        let mut state = self.state();
        state.queue.push_back((transition, Arc::clone(&place)));
        let is_leader = state.leaders < LEADERS_MAX;
        if is_leader {
            state.leaders += 1;
        }
        drop(state);
        if is_leader {
            self.lead(&send);
        }
        loop {
            match place.wait() {
                Turn::Answered(answer) => return answer,
                Turn::Lead => self.lead(&send),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one group and passes the lead on. The lead is passed on even when sending panics: the others do not wait for ever.
    fn lead(&self, send: &impl Fn(Vec<Transition>) -> Vec<Answer>) {
        let lead = Lead { front: self };
        let (group, places): (Vec<Transition>, Vec<Arc<Place>>) =
            next_group(&mut self.state().queue).into_iter().unzip();
        if !group.is_empty() {
            let waiting = Waiting { places };
            waiting.answer(send(group));
        }
        drop(lead);
    }
}

/// Takes the longest group from the queue's front in which no stream and no key comes twice: of two decisions on one stream the
/// second one builds on the first.
fn next_group(queue: &mut VecDeque<(Transition, Arc<Place>)>) -> Vec<(Transition, Arc<Place>)> {
    let (mut streams, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let mut bytes = 0_usize;
    let mut length = 0;
    for (transition, _) in queue.iter().take(GROUP_MAX) {
        bytes = bytes.saturating_add(size(transition));
        let is_new = streams.insert(&transition.stream)
            && transition
                .request
                .as_ref()
                .is_none_or(|request| keys.insert(&request.key));
        if length > 0 && (!is_new || bytes > GROUP_BYTES_MAX) {
            break;
        }
        length += 1;
    }
    queue.drain(..length).collect()
}

fn size(transition: &Transition) -> usize {
    let lines: usize = transition.lines.iter().map(Vec::len).sum();
    let blobs: usize = transition.blobs.iter().map(|blob| blob.bytes.len()).sum();
    let bodies: usize = transition.jobs.iter().map(|job| job.body.len()).sum();
    lines + blobs + bodies
}

/// The lead, passed on when dropped.
struct Lead<'a> {
    front: &'a Front,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut state = self.front.state();
        match state.queue.front() {
            Some((_, place)) => place.tell(|news| news.leads += 1),
            None => state.leaders = state.leaders.saturating_sub(1),
        }
    }
}

/// Askers whose group is on its way; those left without an answer learn that nobody knows.
struct Waiting {
    places: Vec<Arc<Place>>,
}

impl Waiting {
    fn answer(mut self, answers: Vec<Answer>) {
        let unanswered = self.places.split_off(answers.len().min(self.places.len()));
        let answered = std::mem::replace(&mut self.places, unanswered);
        for (place, answer) in answered.into_iter().zip(answers) {
            place.tell(|news| news.answer = Some(answer));
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        for place in &self.places {
            let why = "the group it was sent with got no answer".to_owned();
            place.tell(|news| news.answer = Some(Err(StoreError::OutcomeUnknown { why })));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_engine::port::{Request, StreamId, Summary};
    use baton_terms::Digest;

    fn transition(stream: &str, key: Option<&str>) -> Transition {
        Transition {
            stream: StreamId::new(stream).unwrap(),
            expected: 0,
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            lines: vec![b"{}".to_vec()],
            leaf: Digest::of(b""),
            summary: Summary {
                state: "drafted".into(),
                turn: None,
                due: None,
            },
            request: key.map(|key| Request {
                key: key.into(),
                digest: Digest::of(b""),
                answer: Vec::new(),
            }),
            blobs: Vec::new(),
            jobs: Vec::new(),
            cleared: Vec::new(),
            under: None,
        }
    }

    #[test]
    fn a_group_ends_before_what_builds_on_it() {
        for (asked, expected) in [
            (&[("a", None)][..], 1),
            (&[("a", None), ("b", None), ("c", None)], 3),
            (&[("a", None), ("b", None), ("a", None)], 2),
            (&[("a", Some("k")), ("b", Some("k"))], 1),
            (&[("a", Some("k")), ("b", Some("l"))], 2),
            (&[], 0),
        ] {
            let mut queue: VecDeque<_> = asked
                .iter()
                .map(|(stream, key)| (transition(stream, *key), Arc::default()))
                .collect();
            assert_eq!(next_group(&mut queue).len(), expected, "{asked:?}");
            assert_eq!(queue.len(), asked.len() - expected);
        }
    }

    #[test]
    fn everyone_is_answered_once_and_the_lead_comes_back() {
        let front = Front::default();
        let sent = Mutex::new(0);
        std::thread::scope(|scope| {
            for asker in 0..16_u64 {
                let (front, sent) = (&front, &sent);
                scope.spawn(move || {
                    for _ in 0..50 {
                        let answer =
                            front.append(transition(&format!("s{asker}"), None), |group| {
                                *sent.lock().unwrap() += group.len();
                                let entries = |t: &Transition| {
                                    t.stream.as_str().trim_start_matches('s').parse().unwrap()
                                };
                                group
                                    .iter()
                                    .map(|t| {
                                        Ok(Appended::Now {
                                            entries: entries(t),
                                        })
                                    })
                                    .collect()
                            });
                        assert_eq!(answer, Ok(Appended::Now { entries: asker }));
                    }
                });
            }
        });
        assert_eq!(*sent.lock().unwrap(), 800);
        assert_eq!(front.state().leaders, 0);
    }

    #[test]
    fn without_an_answer_the_outcome_is_unknown() {
        let front = Front::default();
        let answer = front.append(transition("a", None), |_| Vec::new());
        assert!(matches!(answer, Err(StoreError::OutcomeUnknown { .. })));
        assert_eq!(front.state().leaders, 0);
    }
}
