#[test]
fn tmp_cross() {
    use crate::Problem;
    use crate::solve::{Budget, route};
    use std::ops::ControlFlow;
    let mut bad = 0;
    for seed in 0..1000 {
        let world = crate::testworld::random(seed);
        let problem = Problem::build(world.clone()).unwrap();
        let options = route::Options {
            budget: Budget::iterations(50),
            threads: Some(1),
            ..Default::default()
        };
        let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        let v = crate::plan::check(&world, &outcome.plan);
        if !v.is_empty() {
            bad += 1;
            if bad < 25 {
                println!("seed {seed}");
                for v in v {
                    println!("  {v}");
                }
            }
        }
    }
    println!("bad {bad}");
}
