//! What people read, as they read it.

use baton_report::Appearance;
use baton_report::scorecard::{explanation_text, html, markdown, text};
use baton_scoring::wire::Posture;

use crate::fixture;
use crate::published::each;

#[test]
fn a_scorecard_reads_from_top_to_bottom() {
    let scorecard = fixture::mixed();
    let earlier = fixture::earlier();
    let page = text(
        &fixture::helped(&scorecard, &earlier),
        Appearance::Plain,
        88,
    );
    let (shown, digests) = page.split_once("as of").unwrap();
    assert_eq!(digests.matches("sha256:").count(), 7);
    insta::assert_snapshot!(shown, @r#"
    REVIEW — score 68.20% (ready needs 74.00%), risk 55.00% (review starts at 62.00%)
    A person has to look before this handoff goes on: the score is 68.20% (ready needs
    74.00%); nothing was checked under Impact; 1 decision is still needed.
    Requirements to engineering: work item SHOP-12 (package.json) under
    requirements-to-engineering 1.2.0

    What is missing, in the order to fix it
    → Fix 1 and 2, get the approval below, and this handoff is ready (effort 3 in all).

      1. The outcome can be measured
         major; unknown, which never passes; effort 1 (minutes); on the shortest path
         fix       Name the metric, its baseline and its target.
         why       A target nobody measures can't be missed.
         where     payload › outcome (/payload/outcome)
         found     package/outcome is nothing
         expected  package.outcome.target > package.outcome.baseline

      2. Every story says how to see that it works
         major; met to 60.00%; effort 2 (hours); on the shortest path
         fix       Give each story at least one acceptance criterion with a number or a
                   visible result.
         why       What nobody can check, everybody argues about after it is built.
         where     payload › stories › item 3 › acceptance (/payload/stories/2/acceptance)
         found     6000 of 10000
         expected  the full value, 10000

      3. Names are the same everywhere
         minor; not met; effort 1 (minutes)
         fix       Use the words of the glossary.
         why       Two words for one thing cost a day each.
         where     payload › stories › item 1 › title (/payload/stories/0/title)
                   payload › stories › item 2 › title (/payload/stories/1/title)
         found     2 names that are not
                   - /payload/stories/0/title: expected a name in the glossary, found
                     "client"
                   - /payload/stories/1/title: expected a name in the glossary, found
                     "customer"
         expected  every name in the glossary

    Decisions still needed

      ◇ Human impact review
         2 of 3 approvals by safety-lead or legal; not the sender; nobody of the sender's
         team; people only; open for 2 days at most, then it is escalated
         why       Work that can hurt people is looked at by somebody else.

    What changed since 2026-11-19 09:00:00 UTC
      - Posture: critical → review
      - Score: 40.00% → 68.20%
      - Risk: 100.00% → 55.00%
      - No personal data without a reason (no-personal-data): failed → passed

    Warnings
      - Pending: Languages are listed (languages-listed) counts from 2027-01-01 00:00:00 UTC
        on; today it is not met.
      - Waived: Somebody tried the prototype (prototype-tried) is not met and counts as met
        until 2026-12-31 00:00:00 UTC, by waiver pilot-without-test.
      - Refused: waiver old for names-agreed does not count; it has expired.

    Scores
      Safety     weight 40   ████████████████████  100.00%
      Evidence   weight 25   ████████████░░░░░░░░  60.00%
      Impact     weight 20      unknown: nothing was checked
      Readiness  weight 15   █████░░░░░░░░░░░░░░░  25.00%
      risk: 25.00% clause acceptance-testable + 25.00% clause outcome-measurable + 5.00%
            clause names-agreed

    1 of 7 clauses passed, 2 failed, 1 unknown, 1 waived, 1 pending, 1 not applicable.
    "#);
}

#[test]
fn a_comment_on_a_pull_request_says_the_same() {
    let page = markdown(&fixture::helped(&fixture::mixed(), &fixture::earlier()));
    insta::assert_snapshot!(page.replace('\u{200B}', ""), @r#"
    ## Handoff check: REVIEW

    **score 68.20% (ready needs 74.00%)** · **risk 55.00% (review starts at 62.00%)**

    A person has to look before this handoff goes on&#58; the score is 68.20% (ready needs 74.00%); nothing was checked under Impact; 1 decision is still needed.

    <sub>Requirements to engineering&#58; work item SHOP-12 (package.json) under requirements-to-engineering 1.2.0</sub>

    ### What is missing, in the order to fix it

    | | What | Where | How to fix | Effort | Severity |
    |--:|---|---|---|---|---|
    | 1 → | **The outcome can be measured**<br>unknown, which never passes | payload › outcome | Name the metric, its baseline and its target. | effort 1 (minutes) | major |
    | 2 → | **Every story says how to see that it works**<br>met to 60.00% | payload › stories › item 3 › acceptance | Give each story at least one acceptance criterion with a number or a visible result. | effort 2 (hours) | major |
    | 3 | **Names are the same everywhere**<br>not met | payload › stories › item 1 › title<br>payload › stories › item 2 › title | Use the words of the glossary. | effort 1 (minutes) | minor |

    > **Shortest path to ready.** Fix 1 and 2, get the approval below, and this handoff is ready (effort 3 in all).

    <details><summary>Expected, found and why</summary>

    - **1 · The outcome can be measured**
      - where: <code>/payload/outcome</code>
      - expected: <code>package.outcome.target &#62; package.outcome.baseline</code>
      - found: <code>package/outcome is nothing</code>
      - why: A target nobody measures can't be missed.
    - **2 · Every story says how to see that it works**
      - where: <code>/payload/stories/2/acceptance</code>
      - expected: <code>the full value, 10000</code>
      - found: <code>6000 of 10000</code>
      - why: What nobody can check, everybody argues about after it is built.
    - **3 · Names are the same everywhere**
      - where: <code>/payload/stories/0/title</code>, <code>/payload/stories/1/title</code>
      - expected: <code>every name in the glossary</code>
      - found: <code>2 names that are not</code>
      - why: Two words for one thing cost a day each.
      - <code>/payload/stories/0/title</code>: expected <code>a name in the glossary</code>, found <code>&#34;client&#34;</code>
      - <code>/payload/stories/1/title</code>: expected <code>a name in the glossary</code>, found <code>&#34;customer&#34;</code>

    </details>

    ### Decisions still needed

    - **Human impact review**: 2 of 3 approvals by safety-lead or legal; not the sender; nobody of the sender's team; people only; open for 2 days at most, then it is escalated. Work that can hurt people is looked at by somebody else.

    ### What changed since 2026-11-19 09&#58;00&#58;00 UTC

    - Posture&#58; critical → review
    - Score&#58; 40.00% → 68.20%
    - Risk&#58; 100.00% → 55.00%
    - No personal data without a reason (no-personal-data)&#58; failed → passed

    ### Warnings

    - Pending&#58; Languages are listed (languages-listed) counts from 2027-01-01 00&#58;00&#58;00 UTC on; today it is not met.
    - Waived&#58; Somebody tried the prototype (prototype-tried) is not met and counts as met until 2026-12-31 00&#58;00&#58;00 UTC, by waiver pilot-without-test.
    - Refused&#58; waiver old for names-agreed does not count; it has expired.

    <details><summary>Scores</summary>

    | Dimension | Weight | Score |
    |---|--:|--:|
    | Safety | 40 | 100.00% |
    | Evidence | 25 | 60.00% |
    | Impact | 20 | unknown |
    | Readiness | 15 | 25.00% |
    | risk from clause acceptance-testable | | 25.00% |
    | risk from clause outcome-measurable | | 25.00% |
    | risk from clause names-agreed | | 5.00% |

    </details>

    <details><summary>1 of 7 clauses passed, 2 failed, 1 unknown, 1 waived, 1 pending, 1 not applicable.</summary>

    - No personal data without a reason

    </details>

    <details><summary>What was read</summary>

    - as of <code>2026&#45;11-20T09&#58;00&#58;00Z</code>
    - scorecard <code>sha256&#58;1918b68ad79bfc97117b10d0f58cc9bd2a7545cd0b7bb081b088c8425a76d4a4</code>
    - contract <code>sha256&#58;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</code>
    - package <code>sha256&#58;bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb</code>
    - evidence <code>sha256&#58;cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc</code>
    - waivers <code>sha256&#58;dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd</code>
    - history <code>sha256&#58;eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee</code>
    - context <code>sha256&#58;ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff</code>
    - keyring <code>none</code>

    </details>
    "#);
}

#[test]
fn an_explanation_goes_through_every_rule() {
    let scorecard = fixture::mixed();
    let earlier = fixture::earlier();
    let page = explanation_text(
        &fixture::helped(&scorecard, &earlier),
        Appearance::Plain,
        88,
    );
    let rules: Vec<_> = page.lines().skip(5).take(7).collect();
    insta::assert_snapshot!(rules.join("\n"), @r#"

    The rules of the posture, worst first
      ✓ critical if the risk is 81.00% or more: it is 55.00%
      ✓ critical if the score is below 54.00%: it is 68.20%
      ✓ review if the risk is 62.00% or more: it is 55.00%
      ✗ review if the score is below 74.00%: it is 68.20% — this applies
      ✓ review if no clause applies
    "#);
}

#[test]
fn every_rendering_opens_with_the_posture_and_names_what_is_missing() {
    each(|name, model| {
        let word = model.scorecard.posture.word().to_uppercase();
        let plain = text(model, Appearance::Plain, 100);
        assert!(plain.starts_with(&word), "{name}:\n{plain}");
        assert!(
            markdown(model).starts_with(&format!("## Handoff check: {word}")),
            "{name}"
        );
        let page = html(model);
        assert!(page.contains(&format!("</svg>{word}</h1>")), "{name}");
        let unmet = model
            .scorecard
            .findings
            .iter()
            .filter(|finding| finding.state.is_unmet())
            .count();
        assert_eq!(page.matches("class=\"number\"").count(), unmet, "{name}");
        let is_ready = model.scorecard.posture == Posture::Ready;
        assert_eq!(
            plain.contains("may go on:") || plain.contains("this handoff may go on."),
            is_ready,
            "{name}:\n{plain}"
        );
    });
}
