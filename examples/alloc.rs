use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
#[global_allocator]
static A: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;
use std::time::*;
use szz_kiosk::camera::{Camera, replay::*, simulated::*};
use szz_kiosk::photo::{face::FaceFinder, runtime::ModelLoader};
fn main() {
    let reel = record(Scene::Sitter { since: Instant::now(), moves_for: Duration::ZERO }, 5).unwrap();
    println!("jpeg {} B", reel[0].len());
    let mut c = Replay::open(Projector::new(reel), 1000);
    let mut p = image::RgbImage::default();
    for _ in 0..3 {
        c.next_picture(&mut p).unwrap();
    }
    let r = Region::new(&INSTRUMENTED_SYSTEM);
    c.next_picture(&mut p).unwrap();
    println!("decode {:?}", r.change());
    let mut f = FaceFinder::load(&ModelLoader::new(None, None, 1).unwrap()).unwrap();
    for _ in 0..3 {
        let r = Region::new(&INSTRUMENTED_SYSTEM);
        let t = Instant::now();
        let d = f.detect(&p).unwrap();
        println!("detect {:?} {:?}", r.change(), t.elapsed());
        let r = Region::new(&INSTRUMENTED_SYSTEM);
        let t = Instant::now();
        f.mesh(&p, &d[0]).unwrap();
        println!("mesh {:?} {:?}", r.change(), t.elapsed());
    }
}
