;; A component that exports the interface `prices` of paint.wit: all paint is 5 euros a litre.
(component
  (core module $code
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "price") (param i32 i32) (result i32) (i32.store (i32.const 4) (i32.const 500)) (i32.const 0)))
  (core instance $code (instantiate $code))
  (func $price (param "colour" string) (result (result u32 (error string)))
    (canon lift (core func $code "price") (memory (core memory $code "memory")) (realloc (core func $code "realloc"))))
  (instance $prices (export "price" (func $price)))
  (export "demo:paint/prices@1.2.0" (instance $prices)))
