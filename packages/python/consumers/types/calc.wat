(module $calc
  (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (func (export "half") (param $x f64) (result f64) local.get 0 f64.const 2 f64.div)
  (func (export "pair") (param i64) (result i64 f32) local.get 0 f32.const 1)
  (func (export "class") (param externref))
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (global (export "count") (mut i32) (i32.const 0)))
