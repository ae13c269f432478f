;; The same for Extism, whose functions take no arguments: a function asks for its input and says where its output is.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/user" "inc" (func $inc (param i64) (result i64)))
  (memory (export "memory") 1)
  ;; Two numbers in, their sum out.
  (func (export "add") (result i32)
    (local $out i64)
    (local.set $out (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $out) (i64.add (call $input_load_u64 (i64.const 0)) (call $input_load_u64 (i64.const 8))))
    (call $output_set (local.get $out) (i64.const 8))
    (i32.const 0))
  (func (export "callbacks") (result i32)
    (local $i i64)
    (loop $again
      (local.set $i (call $inc (local.get $i)))
      (br_if $again (i64.lt_u (local.get $i) (call $input_load_u64 (i64.const 0)))))
    (i32.const 0))
  (func (export "echo") (result i32)
    (local $out i64) (local $i i64) (local $length i64)
    (local.set $length (call $input_length))
    (local.set $out (call $alloc (local.get $length)))
    (loop $again
      (call $store_u64 (i64.add (local.get $out) (local.get $i)) (call $input_load_u64 (local.get $i)))
      (local.set $i (i64.add (local.get $i) (i64.const 8)))
      (br_if $again (i64.lt_u (local.get $i) (local.get $length))))
    (call $output_set (local.get $out) (local.get $length))
    (i32.const 0))
  ;; Takes its input and does nothing with it.
  (func (export "take") (result i32) (i32.const 0))
  ;; Gives 1 MiB.
  (func (export "give") (result i32)
    (call $output_set (call $alloc (i64.const 1048576)) (i64.const 1048576))
    (i32.const 0)))
