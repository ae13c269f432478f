(module $app
  (import "env" "read_line" (func $read_line (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (result i32) (call $read_line (i32.const 64))))
