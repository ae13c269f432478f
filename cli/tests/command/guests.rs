//! Guests in WebAssembly text.

pub(crate) const CALC: &str = r#"(module $calc
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
    (func (export "half") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5)))
    (func (export "same") (param f32) (result f32) local.get 0)
    (func (export "swap") (param i32 f64) (result f64 i32) local.get 1 local.get 0)
    (func (export "turn") (param v128) (result v128) (v128.not (local.get 0)))
    (func (export "keep") (param externref) (result externref) local.get 0)
    (func (export "small") (param i31ref) (result i31ref) local.get 0)
    (func $divide (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "loop") (loop $l (br $l)))
    (func (export "nothing"))
    (memory (export "memory") 1 2)
    (func (export "grow") (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)))
    (tag $tag (export "tag") (param i32))
    (func (export "throw") (throw $tag (i32.const 1))))"#;

/// Copies its input to its output, a few bytes at a time, and ends with exit code 7.
pub(crate) const CAT: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (loop $more
            (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 16))
            (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (i32.store (i32.const 4) (i32.load (i32.const 8)))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
            (br_if $more (i32.load (i32.const 8))))
        (call $exit (i32.const 7))))"#;

/// Writes its arguments and its environment, each with a zero byte behind it.
pub(crate) const ECHO: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $env (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func $tell
        (i32.store (i32.const 0) (i32.const 1000))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start")
        (drop (call $sizes (i32.const 12) (i32.const 4)))
        (drop (call $args (i32.const 100) (i32.const 1000)))
        (call $tell)
        (drop (call $env_sizes (i32.const 12) (i32.const 4)))
        (drop (call $env (i32.const 100) (i32.const 1000)))
        (call $tell)))"#;

/// Ends with the error number of a clock, times ten, and that of random numbers.
pub(crate) const NEEDS: &str = r#"(module
    (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "clock") (result i64)
        (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 0))) (i64.load (i32.const 0)))
    (func (export "random") (result i64)
        (drop (call $random (i32.const 0) (i32.const 8))) (i64.load (i32.const 0)))
    (func (export "_start") (call $exit (i32.add
        (i32.mul (i32.const 10) (i32.ne (i32.const 0) (call $clock (i32.const 0) (i64.const 1) (i32.const 0))))
        (i32.ne (i32.const 0) (call $random (i32.const 0) (i32.const 8)))))))"#;

/// Makes the file `new` in its first folder, and ends with the error number.
pub(crate) const MAKE: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 100) "new")
    (func (export "_start") (call $exit
        (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 3) (i32.const 1)
            (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0)))))"#;

/// Ends with the error number of opening `old` in its first folder to read it.
pub(crate) const OPEN: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 100) "old")
    (func (export "_start") (call $exit
        (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 3) (i32.const 0)
            (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))))"#;

/// Never ends.
pub(crate) const FOREVER: &str =
    r#"(module $forever (func $work (export "_start") (loop $l (br $l))))"#;

/// Writes without end.
pub(crate) const FLOOD: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (i32.store (i32.const 4) (i32.const 1024))
        (loop $l (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $l))))"#;

/// Waits a minute.
pub(crate) const SLEEP: &str = r#"(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (i32.store (i32.const 116) (i32.const 1)) (i64.store (i32.const 124) (i64.const 60000000000))
        (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0)))))"#;

/// A component of functions with texts, records, variants and results.
pub(crate) const PEOPLE: &str = r#"(component $people
    (type $person-shape (record (field "name" string) (field "age" u8) (field "email" (option string))))
    (import "person" (type $person (eq $person-shape)))
    (type $shape-shape (variant (case "circle" f64) (case "point")))
    (core module $code
        (memory (export "memory") 1)
        (global $top (mut i32) (i32.const 1024))
        (data (i32.const 16) "Hello, ")
        (func $room (export "room") (param i32 i32 i32 i32) (result i32)
            (global.get $top)
            (global.set $top (i32.add (i32.add (global.get $top) (local.get 3)) (i32.const 15)))
            (global.set $top (i32.and (global.get $top) (i32.const -16))))
        (func $hello (export "hello") (param $at i32) (param $length i32) (result i32)
            (local $to i32)
            (local.set $to (call $room (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $length) (i32.const 7))))
            (memory.copy (local.get $to) (i32.const 16) (i32.const 7))
            (memory.copy (i32.add (local.get $to) (i32.const 7)) (local.get $at) (local.get $length))
            (i32.store (i32.const 0) (local.get $to))
            (i32.store (i32.const 4) (i32.add (local.get $length) (i32.const 7)))
            (i32.const 0))
        (func (export "greet") (param i32 i32 i32 i32 i32 i32) (result i32)
            (call $hello (local.get 0) (local.get 1)))
        (func (export "same") (param i32 i32 i32 i32 i32 i32) (result i32)
            (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))
            (i32.store8 (i32.const 8) (local.get 2)) (i32.store (i32.const 12) (local.get 3))
            (i32.store (i32.const 16) (local.get 4)) (i32.store (i32.const 20) (local.get 5))
            (i32.const 0))
        (func (export "half") (param i32) (result i32)
            (i32.store8 (i32.const 0) (i32.and (local.get 0) (i32.const 1)))
            (i32.store (i32.const 4) (i32.shr_u (local.get 0) (i32.const 1)))
            (i32.const 0))
        (func (export "count") (param i32 i32 i32 i32) (result i32) (local.get 1))
        (func (export "area") (param i32 f64) (result f64) (f64.mul (local.get 1) (local.get 1)))
        (func (export "nothing"))
        (func (export "trap") unreachable))
    (core instance $code (instantiate $code))
    (alias core export $code "memory" (core memory $memory))
    (alias core export $code "room" (core func $room))
    (func (export "hello") (param "name" string) (result string)
        (canon lift (core func $code "hello") (memory $memory) (realloc $room)))
    (func (export "greet") (param "who" $person) (result string)
        (canon lift (core func $code "greet") (memory $memory) (realloc $room)))
    (func (export "same") (param "who" $person) (result $person)
        (canon lift (core func $code "same") (memory $memory) (realloc $room)))
    (func (export "half") (param "number" u32) (result (result u32 (error u32)))
        (canon lift (core func $code "half") (memory $memory)))
    (func (export "count") (param "numbers" (list f32)) (param "more" (option u32)) (result u32)
        (canon lift (core func $code "count") (memory $memory) (realloc $room)))
    (func (export "nothing") (canon lift (core func $code "nothing")))
    (func (export "trap") (canon lift (core func $code "trap")))
    (func $area (param "of" $shape-shape) (result f64) (canon lift (core func $code "area")))
    (component $shapes
        (type $shape-shape (variant (case "circle" f64) (case "point")))
        (import "shape" (type $given (eq $shape-shape)))
        (import "area" (func $area (param "of" $given) (result f64)))
        (export $shape "shape" (type $given))
        (export "area" (func $area) (func (param "of" $shape) (result f64))))
    (instance $shapes (instantiate $shapes
        (with "shape" (type $shape-shape)) (with "area" (func $area))))
    (export "demo:app/shapes@1.2.0" (instance $shapes)))"#;

/// A program of WASI 0.2.
pub(crate) const COMMAND_0_2: &str = r#"(component
    (import "wasi:cli/environment@0.2.3" (instance (export "get-arguments" (func (result (list string))))))
    (core module $m (func (export "f") (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func $run (result (result)) (canon lift (core func $i "f")))
    (instance $r (export "run" (func $run)))
    (export "wasi:cli/run@0.2.3" (instance $r)))"#;

/// An assertion of the engine's validator fails on it.
pub(crate) const PANICS: &str = r#"(component
    (component $c
        (type $t (instance (type $u u32) (export "t" (type (eq $u)))))
        (import "a" (instance (type $t)))
        (import "b" (instance (type $t))))
    (type $u u32)
    (instance $i (export "t" (type $u)))
    (instance (instantiate $c (with "a" (instance $i)) (with "b" (instance $i)))))"#;
