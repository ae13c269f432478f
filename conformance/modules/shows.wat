;; Takes a thing of demo:app/things and lends it to its host, which may be given things of another component so.
(component
  (import "demo:app/things" (instance $h (export "thing" (type (sub resource)))))
  (alias export $h "thing" (type $thing))
  (import "see" (func $see (param "it" (borrow $thing))))
  (core func $see (canon lower (func $see)))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "see" (func $see (param i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "show") (param i32) (call $see (local.get 0)) (call $drop (local.get 0))))
  (core instance $m (instantiate $m (with "" (instance (export "see" (func $see)) (export "drop" (func $drop))))))
  (func (export "show") (param "it" (borrow $thing)) (canon lift (core func $m "show"))))
