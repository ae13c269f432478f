//! Writes worlds to files, for hosts other than Rust: `landbridge-worlds DIR SEED COUNT [FIRST]`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use landbridge_worlds::{World, text, world_json};

/// How often each world is called.
const CALLS: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, seed, count, first @ ..] = &args[..] else {
        return Err("usage: landbridge-worlds DIR SEED COUNT [FIRST]".into());
    };
    let (dir, seed, count) = (PathBuf::from(dir), seed.parse()?, count.parse::<u64>()?);
    let first = first.first().map_or(Ok(0), |it| it.parse::<u64>())?;
    fs::create_dir_all(&dir)?;
    for number in first..first + count {
        let world = World::new(seed, number);
        let json = world_json(&world, &world.calls(CALLS));
        fs::write(dir.join(format!("{number}.wat")), text(&world))?;
        fs::write(dir.join(format!("{number}.json")), format!("{json}\n"))?;
    }
    Ok(())
}
