"""Guests that the tests share, as text."""

import time

CALC = """(module $calc
  (memory (export "memory") 1 4)
  (global (export "count") (mut i32) (i32.const 7))
  (table (export "objects") 2 5 externref)
  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "addf") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
  (func (export "half") (param f32) (result f32) (local.get 0))
  (func (export "whole") (param f64) (result f64) (local.get 0))
  (func (export "vector") (param v128) (result v128) (local.get 0))
  (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $down (export "down") (call $down))
  (func (export "nothing"))
  (func (export "spin") (i32.store8 (i32.const 65535) (i32.const 1)) (loop (br 0))))"""


def begun(guest):
    """A function that tells, while the guest runs too, whether the `spin` of an instance of CALC has begun."""
    view = memoryview(guest.exports.memory)
    return lambda: view[65535] == 1


def wait_until(holds):
    """Waits for what another thread does, for half a minute at most."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)  # sleeps: a poll


HOST = """(module $host
  (import "env" "f" (func $f (param i32) (result i32)))
  (func $inner (export "inner") (param i32) (result i32) (call $f (local.get 0)))
  (func $div (export "div") (param i32) (result i32) (i32.div_s (i32.const 60) (local.get 0)))
  (func (export "many") (param $n i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $f (local.get $n))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "spin_then") (param $n i32) (result i32)
    (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 30000000))))
    (call $f (local.get $n))))"""

REFS = """(module
  (table $t (export "t") 4 externref)
  (func (export "keep") (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (export "give") (param i32) (result externref) (table.get $t (local.get 0)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "call") (param i32) (result i32) (local.get 0)))"""

HEAP = """(module $heap
  (type $point (struct (field $at (mut i32)) (field $y f64)))
  (type $packed (struct (field (mut i8)) (field (mut i16)) (field (mut anyref))))
  (type $floats (struct (field (mut f32)) (field (mut f64)) (field (mut v128))))
  (type $bytes (array (mut i8)))
  (global (export "kept") (mut anyref) (ref.null any))
  (table (export "things") 2 8 anyref)
  (func (export "point") (param i32 f64) (result (ref $point)) (struct.new $point (local.get 0) (local.get 1)))
  (func (export "packed") (param i32 i32) (result structref)
    (struct.new $packed (local.get 0) (local.get 1) (ref.null any)))
  (func (export "floats") (result structref) (struct.new_default $floats))
  (func (export "bytes") (param i32) (result arrayref) (array.new_default $bytes (local.get 0)))
  (func (export "x") (param (ref null $point)) (result i32) (struct.get $point $at (local.get 0)))
  (func (export "any") (param anyref) (result anyref) (local.get 0))
  (func (export "eq") (param eqref) (result eqref) (local.get 0))
  (func (export "i31_get") (param i31ref) (result i32) (i31.get_s (local.get 0)))
  (func (export "extern") (param externref) (result externref) (local.get 0))
  (func (export "outward") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "inward") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func (export "garbage") (param i32)
    (loop $more
      (drop (array.new_default $bytes (i32.const 1000)))
      (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"""

THROWER = """(module $thrower
  (type $host (func (param i32)))
  (import "env" "f" (func $f (type $host)))
  (tag $number (export "number") (param i32 i64))
  (tag $object (export "object") (param externref))
  (tag $nested (export "nested") (param exnref))
  (func $throw (export "throw") (param i32 i64) (throw $number (local.get 0) (local.get 1)))
  (func (export "throw_object") (param externref) (throw $object (local.get 0)))
  (func (export "throw_nested") (param exnref) (throw $nested (local.get 0)))
  (func (export "throw_ref") (param exnref) (throw_ref (local.get 0)))
  (func $through (export "through") (param i32) (call $f (local.get 0)))
  (func (export "catch") (param i32) (result i32 i64)
    (block $caught (result i32 i64)
      (try_table (catch $number $caught) (call $f (local.get 0)))
      (i32.const 0) (i64.const 0)))
  (func (export "caught") (param i32) (result exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $f (local.get 0)))
      (ref.null exn)))
  (func (export "again") (param i32)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $f (local.get 0)))
      (return))
    (throw_ref))
  (func (export "same") (param exnref) (result exnref) (local.get 0)))"""

PROGRAM = """(module $program
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "hello\\n")
  (func $write (export "write") (param $fd i32)
    (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 6))
    (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $sleep (export "sleep") (param $ms i64)
    (i64.store (i32.const 124) (i64.mul (local.get $ms) (i64.const 1000000)))
    (i32.store (i32.const 116) (i32.const 1))
    (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0))))
  (func $spin (export "spin") (loop (br 0)))
  (func $one (export "one") (result i32) (i32.const 1))
  (func $exit (export "exit") (param i32) (call $proc_exit (local.get 0)))
  (func $_start (export "_start")
    (call $write (i32.const 1)) (call $write (i32.const 2))
    (drop (call $sizes (i32.const 16) (i32.const 20)))
    (call $proc_exit (i32.load (i32.const 16)))))"""
"""Greets on both streams, and exits with the number of its arguments."""
