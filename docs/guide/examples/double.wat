;; Calls `add` of calc.wasm.
(module $double
  (import "calc" "add" (func $add (param i32 i32) (result i32)))
  (func (export "double") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))
