;; Reads and writes a memory that you provide.
(module $user
  (import "env" "memory" (memory 1))
  (func (export "put") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0))))
