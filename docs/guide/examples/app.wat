;; Passes a text of its memory to `log`, a function that you provide.
(module $app
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello")
  (func $run (export "run") (call $log (i32.const 16) (i32.const 5))))
