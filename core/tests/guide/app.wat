(module $app
  (import "env" "log" (func $log (param i32 i32)))
  (import "env" "now" (func $now (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello")
  (func $run (export "run") (result i64)
    (call $log (i32.const 16) (i32.const 5))
    (call $now)))
