// The component that the tests of components call: it echoes what it is given.

#ifndef STRINGS_H
#define STRINGS_H

static const char STRINGS[] =
    "(component\n"
    "(import \"demo:app/host\" (instance $host\n"
    "(export \"shout\" (func (param \"text\" string) (result string)))))\n"
    "(alias export $host \"shout\" (func $shout))\n"
    "(core module $libc\n"
    "(memory (export \"memory\") 1)\n"
    "(global $next (mut i32) (i32.const 64))\n"
    "(func (export \"realloc\") (param i32 i32 i32 i32) (result i32)\n"
    "(local $at i32)\n"
    "(local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1))) (i32.sub (i32.const 0) (local.get 2))))\n"
    "(global.set $next (i32.add (local.get $at) (local.get 3)))\n"
    "(if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))\n"
    "(then (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))))\n"
    "(local.get $at)))\n"
    "(core instance $libc (instantiate $libc))\n"
    "(core func $shout (canon lower (func $shout) (memory (core memory $libc \"memory\")) (realloc (core func $libc \"realloc\"))))\n"
    "(core module $m\n"
    "(import \"libc\" \"memory\" (memory 1))\n"
    "(import \"host\" \"shout\" (func $shout (param i32 i32 i32)))\n"
    "(func (export \"echo\") (param i32 i32) (result i32)\n"
    "(i32.store (i32.const 0) (local.get 0))\n"
    "(i32.store (i32.const 4) (local.get 1))\n"
    "(i32.const 0))\n"
    "(func (export \"through\") (param i32 i32) (result i32)\n"
    "(call $shout (local.get 0) (local.get 1) (i32.const 8))\n"
    "(i32.const 8))\n"
    "(func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))\n"
    "(func (export \"trap\") unreachable))\n"
    "(core instance $m (instantiate $m (with \"libc\" (instance $libc)) (with \"host\" (instance (export \"shout\" (func $shout))))))\n"
    "(func (export \"echo\") (param \"text\" string) (result string)\n"
    "(canon lift (core func $m \"echo\") (memory (core memory $libc \"memory\")) (realloc (core func $libc \"realloc\"))))\n"
    "(func (export \"through\") (param \"text\" string) (result string)\n"
    "(canon lift (core func $m \"through\") (memory (core memory $libc \"memory\")) (realloc (core func $libc \"realloc\"))))\n"
    "(func (export \"bytes\") (param \"it\" (list u8)) (result (list u8))\n"
    "(canon lift (core func $m \"echo\") (memory (core memory $libc \"memory\")) (realloc (core func $libc \"realloc\"))))\n"
    "(func (export \"names\") (param \"it\" (list string)) (result (list string))\n"
    "(canon lift (core func $m \"echo\") (memory (core memory $libc \"memory\")) (realloc (core func $libc \"realloc\"))))\n"
    "(func (export \"add\") (param \"a\" u8) (param \"b\" u8) (result u32) (canon lift (core func $m \"add\")))\n"
    "(func (export \"trap\") (canon lift (core func $m \"trap\"))))\n";

#endif
