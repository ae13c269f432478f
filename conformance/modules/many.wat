(module $many
  (tag (export "tag") (param i32))
  (memory (export "wide") i64 1 2)
  (global (export "any") (mut anyref) (ref.null any))
  (table (export "things") 1 (ref null struct))
  (func (export "take_any") (param anyref) (result i32) (ref.is_null (local.get 0)))
  (func (export "give_any") (result anyref) (ref.null any))
  (func (export "give_i31") (result externref) (extern.convert_any (ref.i31 (i32.const 3))))
  (func (export "two") (result i32) (i32.const 2)))
