;; A small instance with data, as compilers make them: a page of memory, 4 KiB of it written at the start, a table, two globals.
(module
  (memory (export "memory") 2)
  (table (export "table") 4 funcref)
  (global $top (mut i32) (i32.const 65536))
  (global (export "heap") i32 (i32.const 8192))
  (data (i32.const 1024) "Data that stands in the memory of a new instance.")
  (data (i32.const 5000) "And more of it, on another page of the machine.")
  (elem (i32.const 0) $answer)
  (func $answer (export "answer") (result i32) (i32.load8_u (i32.const 1024))))
