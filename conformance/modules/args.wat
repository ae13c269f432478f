;; A program that writes its arguments, each with a zero behind it. `trap` as the last one traps, `loop` goes on for ever.
(module $args
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $last i32)
    (drop (call $args_sizes_get (i32.const 0) (i32.const 12)))
    (drop (call $args_get (i32.const 100) (i32.const 1000)))
    (i32.store (i32.const 8) (i32.const 1000))
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
    (local.set $last (i32.load (i32.load (i32.add (i32.const 96) (i32.shl (i32.load (i32.const 0)) (i32.const 2))))))
    (if (i32.eq (local.get $last) (i32.const 0x70617274)) (then unreachable))
    (if (i32.eq (local.get $last) (i32.const 0x706f6f6c)) (then (loop $again (br $again))))))
