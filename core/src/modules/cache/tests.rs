use std::fs;

use super::*;

const MODULE: &[u8] = br#"(module (func (export "one") (result i32) i32.const 1))"#;

/// A folder for a cache, which goes with the test.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> TempDir {
        let name = format!("landbridge-cache-{}", crate::held_dir::unique());
        let place = std::env::temp_dir().join(name);
        private_dir::make(&place).expect("a private folder");
        TempDir(place)
    }

    fn cache(&self, engine: &wasmtime::Engine) -> Cache {
        Cache::open(engine, &CompileCache::Folder(self.0.clone())).expect("a cache")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join("landbridge/modules").join(name)
    }

    /// An engine, its cache, and the key of a module that is in it.
    fn filled(&self) -> (wasmtime::Engine, Cache, Key) {
        let engine = wasmtime::Engine::default();
        let cache = self.cache(&engine);
        let key = cache.key(&blake3::hash(MODULE), false);
        assert!(cache.load(&engine, &key).is_none());
        cache.keep(&key, &compiled(&engine));
        (engine, cache, key)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn compiled(engine: &wasmtime::Engine) -> Compiled {
    Compiled::Module(wasmtime::Module::new(engine, MODULE).expect("compiles"))
}

/// Sets when a file was last changed.
fn age(file: &std::path::Path, secs: u64) {
    let then = SystemTime::now() - Duration::from_secs(secs);
    let file = File::options().write(true).open(file).expect("there");
    file.set_modified(then).expect("set");
}

#[test]
fn what_is_kept_is_found() {
    let temp = TempDir::new();
    let (engine, cache, key) = temp.filled();
    let Some(Compiled::Module(module)) = cache.load(&engine, &key) else {
        panic!("it is kept");
    };
    assert_eq!(module.exports().next().expect("an export").name(), "one");
    let other = cache.key(&blake3::hash(b"other"), false);
    assert!(cache.load(&engine, &other).is_none());
}

#[test]
fn code_of_a_component_is_never_taken_for_that_of_a_module() {
    let temp = TempDir::new();
    let engine = wasmtime::Engine::default();
    let cache = temp.cache(&engine);
    let digest = blake3::hash(b"(component)");
    let [module, component] = [false, true].map(|it| cache.key(&digest, it));
    let made = wasmtime::component::Component::new(&engine, "(component)").expect("compiles");
    cache.keep(&component, &Compiled::Component(made));
    assert!(matches!(
        cache.load(&engine, &component),
        Some(Compiled::Component(_))
    ));
    assert!(cache.load(&engine, &module).is_none());
    fs::rename(temp.file(&component.0), temp.file(&module.0)).expect("renamed");
    assert!(
        cache.load(&engine, &module).is_none(),
        "the engine asks too"
    );
}

#[test]
fn damage_is_noticed_and_mended() {
    let temp = TempDir::new();
    let (engine, cache, key) = temp.filled();
    let file = temp.file(&key.0);
    let good = fs::read(&file).expect("kept");
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    for bad in [&flipped[..], &good[..good.len() / 2], b"", b"seven!!"] {
        cache.keep(&key, &compiled(&engine));
        fs::write(&file, bad).expect("written");
        assert!(cache.load(&engine, &key).is_none());
        assert!(!file.exists());
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_read_again_only_if_it_was_changed() {
    let temp = TempDir::new();
    let (_, cache, key) = temp.filled();
    let place = temp.file(&key.0);
    let mark = || {
        let later = SystemTime::now() + Duration::from_secs(60);
        FileMark::at(&fs::metadata(&place).expect("there"), later)
    };
    let (file, before) = (File::open(&place).expect("there"), mark());
    assert!(before.is_some() && cache.is_known_whole(&file, before));
    // sleeps: a file system tells times by a clock that ticks.
    std::thread::sleep(Duration::from_millis(50));
    fs::write(&place, b"damaged").expect("written");
    assert!(cache.is_known_whole(&file, before), "it was not read");
    assert!(!cache.is_known_whole(&file, mark()));
    assert!(!cache.is_known_whole(&file, mark()), "it stays damaged");
    assert!(!cache.is_known_whole(&file, None));
}

#[test]
fn code_for_another_engine_is_not_taken() {
    let temp = TempDir::new();
    let (_, cache, key) = temp.filled();
    let mut config = wasmtime::Config::new();
    config.epoch_interruption(true);
    let other = wasmtime::Engine::new(&config).expect("an engine");
    assert!(cache.load(&other, &key).is_none());
}

#[test]
fn the_oldest_go_first() {
    let temp = TempDir::new();
    let (engine, cache, key) = temp.filled();
    let size = fs::metadata(temp.file(&key.0)).expect("kept").len();
    age(&temp.file(&key.0), 10);
    let second = cache.key(&blake3::hash(b"(module)"), false);
    cache.keep(&second, &compiled(&engine));
    prune(&cache.folder, 2 * size, FORGOTTEN);
    assert!(temp.file(&key.0).exists());
    prune(&cache.folder, size + size / 2, FORGOTTEN);
    assert!(!temp.file(&key.0).exists());
    assert!(temp.file(&second.0).exists());
}

#[test]
fn only_files_of_our_own_names_are_counted_and_removed() {
    let temp = TempDir::new();
    let (engine, cache, key) = temp.filled();
    let names = [
        "thesis.tex",
        "0".repeat(63).as_str(),
        "F".repeat(64).as_str(),
        "a.draft",
    ]
    .map(str::to_owned);
    let theirs = names.iter().map(|name| temp.file(name));
    let theirs: Vec<_> = theirs
        .chain(names.iter().map(|name| temp.0.join(name)))
        .collect();
    for file in &theirs {
        // Sparse, so no room is used.
        File::create(file)
            .expect("made")
            .set_len(MAX_BYTES)
            .expect("set");
        age(file, 86_400);
    }
    let folder = temp.file(&"e".repeat(64));
    fs::create_dir(&folder).expect("made");
    cache.keep(&key, &compiled(&engine));
    assert!(temp.file(&key.0).exists(), "they are not counted");
    prune(&cache.folder, 0, Duration::ZERO);
    assert!(!temp.file(&key.0).exists());
    assert!(folder.exists() && theirs.iter().all(|file| file.exists()));
}

#[test]
fn all_files_are_looked_at_now_and_then() {
    let temp = TempDir::new();
    let (_, cache, _) = temp.filled();
    let looks = |share, count| (0..count).filter(|_| cache.is_to_look(share)).count();
    let small = LOOK_BYTES / LOOK_FILES;
    assert_eq!(looks(small, LOOK_FILES), 0);
    assert_eq!(looks(small, 1), 1);
    assert_eq!(looks(LOOK_BYTES, 8), 4);
}

#[test]
fn what_killed_processes_did_not_finish_goes() {
    let temp = TempDir::new();
    let (engine, cache, key) = temp.filled();
    let name = |number| format!("landbridge-draft-{number}-0123456789abcdef");
    for number in [1, 2] {
        fs::write(temp.file(&name(number)), "half").expect("written");
    }
    age(&temp.file(&name(1)), 2 * FORGOTTEN.as_secs());
    cache.keep(&key, &compiled(&engine));
    assert!(
        temp.file(&name(1)).exists(),
        "not all files are looked at each time"
    );
    let cache = temp.cache(&engine);
    cache.keep(&key, &compiled(&engine));
    assert!(!temp.file(&name(1)).exists() && temp.file(&name(2)).exists());
    prune(&cache.folder, 0, FORGOTTEN);
    assert!(temp.file(&name(2)).exists(), "another process is at it");
}

#[test]
fn a_cache_whose_folder_is_gone_is_no_error() {
    let temp = TempDir::new();
    let (engine, cache, key) = temp.filled();
    fs::remove_dir_all(temp.0.join("landbridge")).expect("removed");
    assert!(cache.load(&engine, &key).is_none());
    cache.keep(&key, &compiled(&engine));
    assert!(cache.load(&engine, &key).is_none());
    let again = temp.cache(&engine);
    again.keep(&key, &compiled(&engine));
    assert!(again.load(&engine, &key).is_some());
}

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::fd::{AsFd, AsRawFd};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    use std::path::Path;

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
    }

    #[test]
    fn places_that_others_may_write_to_are_not_used() {
        let engine = wasmtime::Engine::default();
        for (mode, used) in [
            (0o755, true),
            (0o775, false),
            (0o777, false),
            (0o1777, true),
        ] {
            let temp = TempDir::new();
            set_mode(&temp.0, mode);
            for folder in [temp.0.clone(), temp.0.join("a/b")] {
                let cache = Cache::open(&engine, &CompileCache::Folder(folder));
                assert_eq!(cache.is_some(), used, "{mode:o}");
            }
            let entries = fs::read_dir(&temp.0).expect("there").count();
            assert_eq!(entries > 0, used, "{mode:o}");
        }
    }

    #[test]
    fn a_folder_that_is_opened_to_others_is_used_no_more() {
        let temp = TempDir::new();
        let (engine, cache, key) = temp.filled();
        set_mode(&temp.file(""), 0o777);
        assert!(cache.load(&engine, &key).is_none());
        cache.keep(
            &cache.key(&blake3::hash(b"other"), false),
            &compiled(&engine),
        );
        assert_eq!(fs::read_dir(temp.file("")).expect("there").count(), 1);
        set_mode(&temp.file(""), 0o755);
        assert!(cache.load(&engine, &key).is_some());
    }

    #[test]
    fn another_folder_in_its_place_is_not_looked_at() {
        let temp = TempDir::new();
        let (engine, cache, key) = temp.filled();
        let (folder, aside) = (temp.0.join("landbridge"), temp.0.join("aside"));
        fs::rename(&folder, &aside).expect("moved");
        fs::create_dir_all(folder.join("modules")).expect("made");
        fs::write(temp.file(&key.0), "planted").expect("written");
        assert!(cache.load(&engine, &key).is_some(), "it is still that one");
        let other = cache.key(&blake3::hash(b"other"), false);
        cache.keep(&other, &compiled(&engine));
        assert!(aside.join("modules").join(&other.0).exists());
        assert_eq!(fs::read(temp.file(&key.0)).expect("there"), b"planted");
    }

    #[test]
    fn a_descriptor_that_became_another_folder_s_is_not_used() {
        let (temp, other) = (TempDir::new(), TempDir::new());
        let (engine, cache, key) = temp.filled();
        let held = HeldDir::open(&other.0).expect("there");
        let number = |dir: &HeldDir| dir.as_fd().as_raw_fd();
        // SAFETY: both are open, and what was the cache's is owned by it as before.
        let set = unsafe { libc::dup2(number(&held), number(&cache.folder)) };
        assert_eq!(set, number(&cache.folder));
        assert!(cache.load(&engine, &key).is_none());
        cache.keep(&key, &compiled(&engine));
        assert_eq!(fs::read_dir(&other.0).expect("there").count(), 0);
    }

    #[test]
    fn files_that_others_may_have_written_are_replaced() {
        let temp = TempDir::new();
        let (engine, cache, key) = temp.filled();
        let file = temp.file(&key.0);
        let good = fs::read(&file).expect("kept");
        let elsewhere = temp.0.join("elsewhere");
        fs::write(&elsewhere, &good).expect("written");
        let make_link = || {
            fs::remove_file(&file).expect("removed");
            symlink(&elsewhere, &file).expect("made");
        };
        let make_folder = || {
            fs::remove_file(&file).expect("removed");
            fs::create_dir(&file).expect("made");
        };
        let other = fs::metadata(&file).expect("kept").uid() + 1;
        let give_away = || match chown(&file, Some(other), None) {
            Ok(()) => {}
            // Only root can; who cannot gives it to a group that can write.
            Err(_) => set_mode(&file, 0o620),
        };
        let all: [&dyn Fn(); 4] = [
            &|| set_mode(&file, 0o602),
            &give_away,
            &make_link,
            &make_folder,
        ];
        for change in all {
            assert!(cache.load(&engine, &key).is_some());
            change();
            assert!(cache.load(&engine, &key).is_none());
            if file.is_dir() {
                fs::remove_dir(&file).expect("empty");
            }
            cache.keep(&key, &compiled(&engine));
        }
        assert!(cache.load(&engine, &key).is_some());
        assert_eq!(fs::read(&elsewhere).expect("there"), good);
    }
}
