;; A program of WASI: writes its environment, then the file greeting.txt of its first folder; its exit code is
;; the error of opening the file.
(module $greet
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "greeting.txt\n") (data (i32.const 32) "no greeting\n")
  (func $write (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $length))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "_start") (local $error i32)
    (drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
    (drop (call $environ_get (i32.const 100) (i32.const 1000)))
    (if (i32.load (i32.const 0)) (then
      (call $write (i32.const 1000) (i32.sub (i32.load (i32.const 4)) (i32.const 1)))
      (call $write (i32.const 28) (i32.const 1))))
    (local.set $error (call $path_open (i32.const 3) (i32.const 1) (i32.const 16) (i32.const 12) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 12)))
    (if (local.get $error) (then (call $write (i32.const 32) (i32.const 12)) (call $exit (local.get $error))))
    (i32.store (i32.const 0) (i32.const 1000)) (i32.store (i32.const 4) (i32.const 1000))
    (drop (call $fd_read (i32.load (i32.const 12)) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $write (i32.const 1000) (i32.load (i32.const 8))))
  (func (export "spin") (loop $again (br $again))))
