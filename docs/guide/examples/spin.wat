;; Never ends. The function has three names.
(module $spin
  (func $spin (export "spin") (export "run") (export "loop") (loop (br 0))))
