;; Counts its steps in a global that you provide, and marks the first byte of a memory that you provide.
(module $counter
  (import "env" "memory" (memory 1))
  (import "env" "count" (global $count (mut i64)))
  (func (export "step")
    (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (i32.store8 (i32.const 0) (i32.const 7))))
