;; Returns a number that you provide, and takes an object.
(module $retry
  (import "config" "retries" (global $retries i32))
  (import "config" "owner" (global externref))
  (func (export "retries") (result i32) (global.get $retries)))
