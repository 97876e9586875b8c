//! Seeds of the simulation. A failure names its seed, and `just sim 1 SEED` repeats it.

use baton_testkit::simulation::{Scene, Severity, run};

/// Seeds run with the tests; `just sim` runs as many as it is asked for.
const SEEDS: u64 = 12;

#[test]
fn no_seed_breaks_a_promise() {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = u64::try_from(threads).unwrap_or(1);
    let broken: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let seeds = (first..SEEDS).step_by(usize::try_from(threads).unwrap());
                    let runs = seeds.flat_map(|seed| {
                        let scene = Scene::of_seed(seed).unwrap();
                        let broken = run(seed, &scene, Severity::USUAL).broken.into_iter();
                        broken.map(move |one| format!("seed {seed}: {one}"))
                    });
                    runs.collect::<Vec<_>>()
                })
            })
            .collect();
        let found = workers.into_iter().map(|worker| worker.join().unwrap());
        found.flatten().collect()
    });
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_seed_repeats_exactly() {
    let once = || run(11, &Scene::of_seed(11).unwrap(), Severity::USUAL);
    assert_eq!(once(), once());
}
