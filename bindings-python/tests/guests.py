"""Guests that the tests share, as text."""

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
  (func (export "spin") (loop (br 0))))"""

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
