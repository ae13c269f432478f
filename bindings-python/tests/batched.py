"""What tests of batches map."""

MATH = """(module
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
    (func (export "mul32") (param f32 f32) (result f32) (f32.mul (local.get 0) (local.get 1)))
    (func (export "mul") (param f64 f64) (result f64) (f64.mul (local.get 0) (local.get 1)))
    (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "both") (param i32 i32) (result i32 i64)
        (i32.sub (local.get 0) (local.get 1)) (i64.extend_i32_s (i32.mul (local.get 0) (local.get 1))))
    (func (export "mixed") (param i32 f64) (result f64) (f64.add (f64.convert_i32_s (local.get 0)) (local.get 1)))
    (global $count (mut i32) (i32.const 0))
    (func (export "next") (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
    (func (export "note") (param i32) (global.set $count (i32.add (global.get $count) (local.get 0))))
    (func (export "count") (result i32) (global.get $count))
    (func (export "id") (param externref) (result externref) (local.get 0))
    (memory (export "memory") 1))"""

TYPES = {"i32": ("i4", "add"), "i64": ("i8", "add64"), "f32": ("f4", "mul32"), "f64": ("f8", "mul")}
