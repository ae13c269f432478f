//! Policies: never wider for being restricted, the same when read back; and streams of WASI.

use std::sync::Arc;
use std::time::{Duration, Instant};

use landbridge::*;

/// A small generator of numbers, for policies that differ.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn policy(&mut self) -> Policy {
        let mut policy = Policy::none();
        for guest in ["/a", "/b", "/c"] {
            let host = ["x", "y"][self.below(2) as usize];
            policy = match self.below(3) {
                0 => policy,
                1 => policy.with_read_only_dir(guest, host).unwrap(),
                2 if self.below(2) == 0 => {
                    let access = self.one_of(&[Access::Read, Access::Write]);
                    let content = self.one_of(&[&b"text"[..], b"\xff\0"]);
                    let made = policy.with_memory_dir(guest, [("a/b", content)], access);
                    made.unwrap()
                }
                _ => policy.with_dir(guest, host, Access::Write).unwrap(),
            };
        }
        for name in ["K", "L"] {
            policy = match self.below(3) {
                0 => policy,
                n => policy.with_env(name, n.to_string()).unwrap(),
            };
        }
        let clock = [
            Clock::None,
            Clock::Fixed(1),
            Clock::Fixed(2),
            Clock::Stepped { start: 1, step: 2 },
            Clock::Real,
        ];
        let random = [
            Random::None,
            Random::Seeded(1),
            Random::Seeded(2),
            Random::Secure,
        ];
        let args: &[&str] = [&[][..], &["a"], &["b"]][self.below(3) as usize];
        let policy = policy
            .with_args(args.iter().copied())
            .unwrap()
            .with_clock(clock[self.below(5) as usize])
            .with_random(random[self.below(4) as usize]);
        let count = self.below(6);
        (0..count).fold(policy, |policy, _| self.grant(policy).unwrap())
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }

    fn ports(&mut self) -> Ports {
        let first = self.below(10) as u16;
        match self.below(4) {
            0 => Ports::ANY,
            1 => first.into(),
            _ => (first..=first + self.below(8) as u16).into(),
        }
    }

    /// Adds a grant of the network.
    fn grant(&mut self, policy: Policy) -> Result<Policy> {
        let network = self.one_of(NETWORKS);
        let ports = self.ports();
        let name = self.one_of(NAMES);
        match self.below(6) {
            0 => policy.with_tcp_connect(network, ports),
            1 => policy.with_tcp_bind(network, ports),
            2 => policy.with_udp_connect(network, ports),
            3 => policy.with_udp_bind(network, ports),
            4 => policy.with_name(name, ports),
            _ => {
                let host = self.one_of(&[name, "192.0.2.7", "[2001:db8::1]"]);
                let scheme = self.one_of(&["http", "HTTPS", "*"]);
                policy.with_http(scheme, host, ports, self.one_of(&["GET", "POST", "*"]))
            }
        }
    }
}

const NETWORKS: &[&str] = &[
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3",
    "127.0.0.0/8",
    "127.0.0.1",
    "::ffff:10.0.0.0/104",
    "::/0",
    "2001:db8::/32",
    "::1",
];

const ADDRESSES: &[&str] = &[
    "0.0.0.0",
    "10.1.2.3",
    "10.9.9.9",
    "127.0.0.1",
    "127.9.9.9",
    "192.0.2.7",
    "::",
    "::1",
    "::ffff:0.0.0.0",
    "::ffff:10.1.2.3",
    "::ffff:127.0.0.1",
    "2001:db8::1",
    "2001:db9::1",
];

const NAMES: &[&str] = &[
    "*",
    "*.example.org",
    "*.a.example.org",
    "b.a.example.org",
    "Example.ORG.",
    "other.net",
];

/// What a policy answers to every question there is here.
fn answers(policy: &Policy) -> Vec<bool> {
    let mut answers = Vec::new();
    for port in [0, 1, 5, 9, 16, 65535] {
        for ip in ADDRESSES {
            let address = std::net::SocketAddr::new(ip.parse().unwrap(), port);
            answers.push(policy.allows_tcp_connect(address));
            answers.push(policy.allows_tcp_bind(address));
            answers.push(policy.allows_udp_connect(address));
            answers.push(policy.allows_udp_bind(address));
        }
        for name in NAMES.iter().chain(ADDRESSES) {
            answers.push(policy.allows_name_port(name, port));
            for scheme in ["http", "https", "ftp"] {
                for method in ["GET", "POST", "get"] {
                    answers.push(policy.allows_http(scheme, name, port, method));
                }
            }
        }
    }
    answers
}

#[test]
fn a_restricted_policy_allows_of_the_network_what_both_do() {
    let mut dice = Dice(99);
    let (mut yes, mut no) = (0, 0);
    for _ in 0..3_000 {
        let (first, by) = (dice.policy(), dice.policy());
        let both = first.restrict(&by);
        assert_eq!(by.restrict(&first), both);
        let asked = answers(&first).into_iter().zip(answers(&by));
        for name in NAMES.iter().filter(|name| both.allows_name(name)) {
            // It may be that no port is left of a name that both allow.
            assert!(first.allows_name(name) && by.allows_name(name));
        }
        for ((first_may, by_may), may) in asked.zip(answers(&both)) {
            assert_eq!(may, first_may && by_may, "{first:?} {by:?}");
            *if may { &mut yes } else { &mut no } += 1;
        }
    }
    assert!(yes > 1_000 && no > 1_000, "{yes} {no}");
}

#[test]
fn what_a_policy_allows_it_answers_yes_to() {
    let mut dice = Dice(5);
    let mut wider = 0;
    for _ in 0..3_000 {
        let (first, second) = (dice.policy(), dice.policy());
        let by = dice.policy();
        let second = match dice.below(2) {
            0 => first.restrict(&by),
            _ => second,
        };
        if first.allows(&second) {
            let both = answers(&first).into_iter().zip(answers(&second));
            assert!(both.into_iter().all(|(first, second)| first || !second));
            wider += 1;
        }
    }
    assert!(wider > 1_000, "{wider}");
}

#[test]
fn grants_of_the_network_that_are_wrong_are_refused() {
    let none = Policy::none;
    let wrong = [
        none().with_tcp_connect("10.0.0.0/33", 1),
        none().with_tcp_bind("example.org", 1),
        none().with_udp_connect("", 1),
        none().with_udp_bind("::/129", 1),
        none().with_name("127.0.0.1", 1),
        none().with_name("0x7f.0x1", 1),
        none().with_name("a..b", 1),
        none().with_name("*.", 1),
        none().with_name("a.*.b", 1),
        none().with_name("b\u{fc}cher.de", 1),
        none().with_http("ftp", "a.b", 1, "GET"),
        none().with_http("http", "a.b:80", 1, "GET"),
        none().with_http("http", "a.b", 1, ""),
        none().with_http("http", "a.b", 1, "G T"),
    ];
    for wrong in wrong {
        let error = wrong.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type, "{error:?}");
    }
    for ports in ["", "+1", "2-1", "65536", "1-", "a"] {
        assert!(Ports::parse(ports).is_err(), "{ports:?}");
    }
}

#[test]
fn a_restricted_policy_is_never_wider() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let (first, by, asked) = (dice.policy(), dice.policy(), dice.policy());
        let both = first.restrict(&by);
        assert!(first.allows(&both) && by.allows(&both), "{first:?} {by:?}");
        assert!(
            !both.allows(&asked) || first.allows(&asked),
            "{first:?} {by:?} {asked:?}"
        );
        assert_eq!(both.restrict(&by), both);
        assert_eq!(first.restrict(&first), first);
        assert_eq!(first.restrict(&Policy::none()), Policy::none());
    }
}

#[test]
fn a_policy_is_the_same_when_read_back() {
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let policy = dice.policy();
        let text = policy.to_json();
        let back = Policy::from_json(&text).unwrap();
        assert_eq!(back, policy);
        assert_eq!(back.to_json(), text);
    }
}

const WRITER: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\05\00\00\00") (data (i32.const 32) "hello")
    (func (export "write") (result i32)
        (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
    (func (export "sleep") (param i64) (result i32)
        (i32.store (i32.const 116) (i32.const 1)) (i64.store (i32.const 124) (local.get 0))
        (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0)))
    (func (export "poll") (param i32 i32) (result i32)
        (call $poll (local.get 0) (i32.const 200) (local.get 1) (i32.const 0))))"#;

fn writer(sandbox: &Sandbox) -> Instance {
    let module = Module::new(WRITER).unwrap();
    module.instantiate_with(&Imports::new(), sandbox).unwrap()
}

fn to(output: Output) -> Sandbox {
    Sandbox {
        stdio: Stdio {
            stdout: output,
            ..Stdio::default()
        },
        ..Sandbox::default()
    }
}

#[test]
fn a_panic_of_a_function_for_output_is_an_error_and_poisons() {
    let instance = writer(&to(Output::Callback(Arc::new(|_, _| panic!("inside")))));
    let error = instance.call("write", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal, "{error:?}");
    let error = instance.call("write", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned);
}

#[test]
fn a_file_for_output_that_cannot_be_made_is_an_io_error() {
    let sandbox = to(Output::File("/proc/none/out".into()));
    let module = Module::new(WRITER).unwrap();
    let error = module
        .instantiate_with(&Imports::new(), &sandbox)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn closing_and_cancelling_end_a_sleep() {
    for close in [true, false] {
        let instance = writer(&Sandbox::default());
        let store = instance.store().clone();
        let start = Instant::now();
        let error = std::thread::scope(|scope| {
            let hour = [Value::I64(3_600_000_000_000)];
            let asleep = scope.spawn(move || instance.call("sleep", &hour).unwrap_err());
            while !asleep.is_finished() {
                match close {
                    true => store.close(),
                    false => store.cancel(),
                }
                // sleeps: a poll
                std::thread::sleep(Duration::from_millis(1));
            }
            asleep.join().unwrap()
        });
        let expected = [ErrorKind::Cancelled, ErrorKind::Closed][usize::from(close)];
        assert_eq!(error.kind(), expected, "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(60));
    }
}

#[test]
fn waiting_for_nonsense_is_an_error_of_wasi() {
    let instance = writer(&Sandbox::default());
    let poll = |at, count| {
        let args = [Value::I32(at), Value::I32(count)];
        instance.call("poll", &args).unwrap().remove(0)
    };
    assert_eq!(poll(100, 0), Value::I32(28), "nothing to wait for");
    assert_eq!(poll(100, -1), Value::I32(28), "too many");
    assert_eq!(poll(65_530, 1), Value::I32(21), "outside of memory");
    assert_eq!(poll(-1, 4096), Value::I32(21), "outside of memory");
}

#[test]
fn the_clock_that_goes_forward_is_the_one_that_sleeps_end_by() {
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "clock_time_get"
            (func $now (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
            (func $poll (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func $time (result i64) (drop (call $now (i32.const 1) (i64.const 1) (i32.const 0)))
            (i64.load (i32.const 0)))
        (func (export "early") (result i32) (local $until i64)
            (local.set $until (i64.add (call $time) (i64.const 5000000)))
            (i32.store (i32.const 116) (i32.const 1)) (i64.store (i32.const 124) (local.get $until))
            (i32.store16 (i32.const 140) (i32.const 1))
            (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0)))
            (i64.lt_u (call $time) (local.get $until))))"#;
    let sandbox = Sandbox::from(Policy::none().with_clock(Clock::Real));
    let store = Store::with(&Engine::shared().unwrap(), &sandbox).unwrap();
    // sleeps: WASI comes into the store long after it was made
    std::thread::sleep(Duration::from_millis(30));
    let module = Module::new(wat).unwrap();
    let guest = store.instantiate(&module, &Imports::new()).unwrap();
    assert_eq!(guest.call("early", &[]).unwrap(), [Value::I32(0)]);
}

const FILES: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_create_directory"
        (func $make (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 100) "a")
    (func $open_one (param $dir i32) (param $flags i32) (result i32)
        (call $open (local.get $dir) (i32.const 0) (i32.const 100) (i32.const 1) (local.get $flags)
            (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
    (func (export "open") (param $flags i32) (result i32)
        (call $open_one (i32.const 3) (local.get $flags)))
    (func (export "flood") (param $times i32)
        (loop $again
            (drop (call $open_one (i32.const 3) (i32.const 1)))
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
    (func (export "nest") (param $times i32) (result i32) (local $dir i32) (local $next i32)
        (local.set $dir (i32.const 3))
        (loop $again
            (if (call $make (local.get $dir) (i32.const 100) (i32.const 1))
                (then (return (i32.const 1))))
            (if (call $open_one (local.get $dir) (i32.const 2)) (then (return (i32.const 2))))
            (local.set $next (i32.load (i32.const 0)))
            (if (i32.ne (local.get $dir) (i32.const 3))
                (then (drop (call $close (local.get $dir)))))
            (local.set $dir (local.get $next))
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
        (i32.const 0)))"#;

fn files(sandbox: &Sandbox) -> Instance {
    let module = Module::new(FILES).unwrap();
    module.instantiate_with(&Imports::new(), sandbox).unwrap()
}

/// The folders in memory of this process that are there now.
fn memory_folders() -> usize {
    let start = format!("landbridge-memory-{}-", std::process::id());
    let places = [std::path::PathBuf::from("/dev/shm"), std::env::temp_dir()];
    let entries = places
        .iter()
        .filter_map(|place| std::fs::read_dir(place).ok());
    let names = entries.flatten().flatten().map(|entry| entry.file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with(&start))
        .count()
}

#[test]
fn a_folder_in_memory_goes_with_its_store_however_deep_it_is() {
    let none: [(&str, &str); 0] = [];
    let policy = Policy::none().with_memory_dir("/tmp", none, Access::Write);
    let guest = files(&policy.unwrap().into());
    // Deeper than there may be files open, and deeper than a path may be long.
    assert_eq!(
        guest.call("nest", &[Value::I32(8000)]).unwrap(),
        [Value::I32(0)]
    );
    assert!(memory_folders() > 0);
    guest.close();
    drop(guest);
    assert_eq!(memory_folders(), 0);
}

#[cfg(unix)]
#[test]
fn what_is_swept_is_never_a_link() {
    let place = match std::path::Path::new("/dev/shm") {
        shm if shm.is_dir() => shm.to_owned(),
        _ => std::env::temp_dir(),
    };
    let name = format!("landbridge-treasure-{}", std::process::id());
    let treasure = std::env::temp_dir().join(name);
    std::fs::create_dir(&treasure).unwrap();
    std::fs::write(treasure.join("file"), "mine").unwrap();
    // What another user could make there, who waits until it is old.
    let trap = place.join(format!("landbridge-memory-0-{}", std::process::id()));
    std::fs::create_dir(&trap).unwrap();
    for inside in ["files", "landbridge-memory-files", "0"] {
        std::os::unix::fs::symlink(&treasure, trap.join(inside)).unwrap();
    }
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    std::fs::File::open(&trap)
        .unwrap()
        .set_modified(old)
        .unwrap();
    // In another process, since a process sweeps once.
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let makes_one = "a_folder_in_memory_goes_with_its_store_however_deep_it_is";
    child.args(["--exact", makes_one]);
    let ran = child.output().unwrap();
    let kept = std::fs::read(treasure.join("file"));
    std::fs::remove_dir_all(&trap).unwrap();
    std::fs::remove_dir_all(&treasure).unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stdout)
    );
    assert_eq!(kept.unwrap(), b"mine");
}

#[test]
fn refusals_are_noted_up_to_a_number() {
    let host = std::env::temp_dir();
    let sandbox = Sandbox {
        policy: Policy::none().with_read_only_dir("/d", host).unwrap(),
        stdio: Stdio {
            refusals: Output::Capture,
            ..Stdio::default()
        },
        ..Sandbox::default()
    };
    let guest = files(&sandbox);
    guest.call("flood", &[Value::I32(20_000)]).unwrap();
    let text = String::from_utf8(guest.store().refusals()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 10_000);
    assert_eq!(
        lines[0],
        r#"refused: path_open "a" below "/d": not permitted"#
    );
    assert_eq!(lines[9_999], "refused: more, which is not listed");
    assert!(guest.store().refusals().is_empty());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_granted_folder_is_not_opened() {
    let folder = std::env::temp_dir().join(format!("landbridge-pipe-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let pipe = folder.join("a");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let policy = Policy::none().with_dir("/d", &folder, Access::Write);
    let guest = files(&policy.unwrap().into());
    // Nobody is at its other end: opening it would wait for ever.
    assert_eq!(
        guest.call("open", &[Value::I32(0)]).unwrap(),
        [Value::I32(63)]
    );
    std::fs::remove_file(&pipe).unwrap();
    assert_eq!(
        guest.call("open", &[Value::I32(0)]).unwrap(),
        [Value::I32(44)]
    );
    assert_eq!(
        guest.call("open", &[Value::I32(1)]).unwrap(),
        [Value::I32(0)]
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_sleep_until_a_time_knows_how_far_a_clock_of_steps_is() {
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "clock_time_get"
            (func $now (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
            (func $poll (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "sleep") (result i32)
            ;; One question more, and the clock is past the hour that is slept until.
            (drop (call $now (i32.const 1) (i64.const 1) (i32.const 0)))
            (i32.store (i32.const 116) (i32.const 1))
            (i64.store (i32.const 124) (i64.const 3600000000000))
            (i32.store16 (i32.const 140) (i32.const 1))
            (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0))))"#;
    let hour = 3_600_000_000_000;
    let policy = Policy::none().with_clock(Clock::Stepped {
        start: 0,
        step: hour,
    });
    let limits = Limits {
        timeout: Some(Duration::from_secs(60)),
        ..Limits::default()
    };
    let sandbox = Sandbox {
        policy,
        limits,
        ..Sandbox::default()
    };
    let guest = Module::new(wat).unwrap();
    let guest = guest.instantiate_with(&Imports::new(), &sandbox).unwrap();
    assert_eq!(guest.call("sleep", &[]).unwrap(), [Value::I32(0)]);
}

#[test]
fn texts_that_no_guest_can_be_given_are_refused() {
    let none = Policy::none;
    let wrong = [
        (none().with_args(["p", "a\0b"]), "args[1] has a zero byte"),
        (none().with_env("", "1"), "no name"),
        (
            none().with_env("A=B", "1"),
            "the variable \"A=B\" has a \"=\"",
        ),
        (none().with_env("A\0", "1"), "has a zero byte"),
        (
            none().with_env("A", "\0"),
            "the variable \"A\" has a zero byte",
        ),
        (none().with_read_only_dir("/a\0", "."), "the folder"),
        (
            none().with_dir("/a", "x\0", Access::Write),
            "the path of the folder \"/a\"",
        ),
        (
            none().with_memory_dir("/\0", [("a", "1")], Access::Read),
            "the folder",
        ),
    ];
    for (made, part) in wrong {
        let error = made.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type);
        assert!(error.message().contains(part), "{error}");
    }
    let policy = none().with_env("A", "").unwrap().with_args(["", "="]);
    assert_eq!(policy.unwrap().args(), ["", "="]);
}

#[test]
fn a_file_that_holds_no_policy_is_named_and_read_to_a_bound() {
    let device = Policy::from_file("/dev/zero").unwrap_err();
    assert_eq!(device.kind(), ErrorKind::Type);
    assert!(
        device.message().starts_with("/dev/zero: the policy: "),
        "{device}"
    );
}
