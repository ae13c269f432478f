// landbridge.h - load WebAssembly modules and call them, from C and from every language that can call C.
//
//     lb_module_t module; lb_instance_t calc; lb_func_t add;
//     lb_error_t *err = lb_module_load_file(NULL, "calc.wasm", &module);
//     if (!err) err = lb_instance_new(module, NULL, &calc);
//     if (!err) err = lb_instance_func(calc, "add", &add);
//     lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
//     if (!err) err = lb_func_call(add, args, 2, result, 1);
//     if (err) {
//       fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
//       lb_error_free(err);
//     }
//
// What is true of all functions:
//
// - A function that can fail returns an error or NULL; see "Errors". Its out parameters, which come
//   last, are zero then, unless said otherwise.
// - Objects are handles; see "Objects". What a function hands out is the caller's to release.
// - Texts are UTF-8 and end with a zero byte. What is passed in is copied if it is needed later. A zero byte
//   inside of a name, which WebAssembly allows, is written as the two bytes 0xC0 0x80, in both directions.
// - Sizes, offsets and lengths are in bytes, sizes of memories also in pages of 64 KiB.
// - Every function may be called from every thread, at any time, also from a host function.
// - A thread must not end inside of these functions, nor inside of what they call: by pthread_exit, by
//   pthread_cancel, by a C++ exception or by longjmp. The process ends then. Around calls on a thread that may
//   be cancelled, switch that off with pthread_setcancelstate.
// - Coroutines with a stack of their own may call if the stack has a guard page. While a host function has not
//   returned, the other coroutines of its thread get LB_KIND_BUSY from every function that enters a store.
// - Misuse is an ordinary error: NULL where an object is needed (LB_KIND_TYPE), a stale or made-up
//   handle, a wrong type or number of values. C cannot check two things, so you must: that a
//   pointer leads to as many elements as you say, and that an lb_error_t is freed once.
//
// C++ programs may prefer landbridge.hpp, which is built on this header.
//
// Generated from the sources by `make header`; do not edit.

#ifndef LANDBRIDGE_H
#define LANDBRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// The version of this header, for the preprocessor: 1000000 for each major version, 1000 for each minor one,
/// and the patch. lb_version() tells that of the library that is loaded.
#define LB_VERSION @NUMBER@
#define LB_VERSION_STRING "@VERSION@"

/// The result must be looked at.
#if defined(__cplusplus) && __cplusplus >= 201703L
#define LB_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define LB_MUST_USE __attribute__((warn_unused_result))
#else
#define LB_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif
