;; Calls `open`, which you provide, and catches the exception `denied`.
(module $files
  (import "env" "denied" (tag $denied (param i32)))
  (import "env" "open" (func $open))
  (func (export "run") (result i32)
    (block $caught (result i32)
      (try_table (catch $denied $caught) (call $open))
      (i32.const 0))))
