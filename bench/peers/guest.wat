;; The guest of the peers: what bench.wat has, and text that goes in and out.
(module
  (import "env" "inc" (func $inc (param i32) (result i32)))
  (memory (export "memory") 20)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  ;; Calls the host n times and returns what it counted.
  (func (export "callbacks") (param $n i32) (result i32)
    (local $i i32)
    (loop $again
      (local.set $i (call $inc (local.get $i)))
      (br_if $again (i32.lt_s (local.get $i) (local.get $n))))
    (local.get $i))
  ;; Copies a text to another place and returns where.
  (func (export "echo") (param $at i32) (param $length i32) (result i32)
    (memory.copy (i32.const 4096) (local.get $at) (local.get $length))
    (i32.const 4096)))
