(module $wants
  (import "env" "log" (func (param i32 i64)))
  (import "env" "memory" (memory 1 2))
  (import "env" "table" (table 3 externref))
  (import "env" "global" (global (mut f32)))
  (import "other" "now" (func (result f64))))
