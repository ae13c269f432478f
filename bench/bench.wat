(module $bench
  (import "env" "inc" (func $inc (param i32) (result i32)))
  (memory (export "memory") 17)
  (func (export "add_i32") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add_i64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "add_f64") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
  ;; Calls the host n times and returns what it counted.
  (func (export "callbacks") (param $n i32) (result i32)
    (local $i i32)
    (loop $again
      (local.set $i (call $inc (local.get $i)))
      (br_if $again (i32.lt_s (local.get $i) (local.get $n))))
    (local.get $i)))
