;; A program of WASI: makes the folder `old` in its first folder, and asks for random numbers.
(module $notes
  (import "wasi_snapshot_preview1" "path_create_directory" (func $make_dir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "old")
  (func (export "_start")
    (drop (call $make_dir (i32.const 3) (i32.const 16) (i32.const 3)))
    (drop (call $random (i32.const 0) (i32.const 8)))))
