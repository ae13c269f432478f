;; A program of WASI that does nothing, for hosts that run nothing but programs.
(module
  (memory (export "memory") 1)
  (func (export "_start")))
