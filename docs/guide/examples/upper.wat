(module $upper
  (memory (export "memory") 1)
  ;; Where there is room for so many bytes.
  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
  ;; Makes small letters of ASCII large ones.
  (func (export "upper") (param $at i32) (param $length i32)
    (local $letter i32)
    (loop $next
      (br_if 1 (i32.eqz (local.get $length)))
      (local.set $letter (i32.load8_u (local.get $at)))
      (if (i32.lt_u (i32.sub (local.get $letter) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (local.get $at) (i32.sub (local.get $letter) (i32.const 32)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br $next))))
