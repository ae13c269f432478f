// landbridge.hpp - load WebAssembly modules and call them, in C++20. Header-only, over landbridge.h.
//
//     auto calc = landbridge::Module::load("calc.wasm").instantiate();
//     auto add  = calc.func<int32_t(int32_t, int32_t)>("add");            // checked once, then a plain call
//     int five  = add(2, 3);                                              // throws landbridge::Trap, ...
//     std::span<std::byte> view = calc.memory("memory").span();
//
// What holds everywhere:
//
// - Objects own a handle: they move but do not copy, except for Func, ExternRef, GcRef and Exception, which
//   are values of guests too, and Policy. A destructor releases the handle and nothing else: what was made
//   from an object lives on, so any order of destruction is right. close() ends an instance or a store with
//   all that is in it.
// - Errors are exceptions, derived from landbridge::Error. An exception of any type that a host
//   function throws arrives at the outermost call as that very object.
// - A function whose name begins with try_ gives an Expected in place of an exception. With -fno-exceptions, use these:
//   any other error ends the program, see landbridge/throwing.hpp.
// - A call waits for its results; call_async() gives a Call<R> instead, whose call runs on a thread of the library's.
// - Everything may be used from several threads; those that meet on a store take turns. One C++ object
//   must not be moved, assigned or closed by one thread while another uses it.
// - Offsets and lengths are in bytes, sizes of memories also in pages of 64 KiB.
//
// i32 is int32_t or uint32_t, i64 is int64_t or uint64_t, f32 is float, f64 is double, v128 is V128 or any
// other std::array of numbers that has 16 bytes, funcref is Func, externref is ExternRef, anyref and what is
// narrower is AnyRef, a struct or array is GcRef as well, exnref is Exception; the empty one of each is the null
// reference. Several results are a std::tuple.
//
// Include this header; those in the folder landbridge are its parts, one noun each.

#ifndef LANDBRIDGE_HPP
#define LANDBRIDGE_HPP

#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error "landbridge.hpp needs C++20: compile with -std=c++20, or use landbridge.h"
#else

#include <cstring>
#include <string_view>

#include "landbridge/call.hpp"
#include "landbridge/context.hpp"
#include "landbridge/engine.hpp"
#include "landbridge/error.hpp"
#include "landbridge/exception.hpp"
#include "landbridge/expected.hpp"
#include "landbridge/extern.hpp"
#include "landbridge/externref.hpp"
#include "landbridge/func.hpp"
#include "landbridge/gc.hpp"
#include "landbridge/global.hpp"
#include "landbridge/handle.hpp"
#include "landbridge/hooks.hpp"
#include "landbridge/host.hpp"
#include "landbridge/imports.hpp"
#include "landbridge/inspect.hpp"
#include "landbridge/instance.hpp"
#include "landbridge/limits.hpp"
#include "landbridge/loading.hpp"
#include "landbridge/loan.hpp"
#include "landbridge/memory.hpp"
#include "landbridge/messages.hpp"
#include "landbridge/module.hpp"
#include "landbridge/policy.hpp"
#include "landbridge/pool.hpp"
#include "landbridge/program.hpp"
#include "landbridge/results.hpp"
#include "landbridge/sandbox.hpp"
#include "landbridge/stdio.hpp"
#include "landbridge/store.hpp"
#include "landbridge/table.hpp"
#include "landbridge/tag.hpp"
#include "landbridge/text.hpp"
#include "landbridge/throwing.hpp"
#include "landbridge/types.hpp"
#include "landbridge/value.hpp"
#include "landbridge/wit.hpp"
#include "landbridge/wit_crossing.hpp"
#include "landbridge/wit_described.hpp"
#include "landbridge/wit_dynamic.hpp"
#include "landbridge/wit_error.hpp"
#include "landbridge/wit_frame.hpp"
#include "landbridge/wit_func.hpp"
#include "landbridge/wit_host.hpp"
#include "landbridge/wit_resource.hpp"
#include "landbridge/wit_result.hpp"
#include "landbridge/wit_scalars.hpp"
#include "landbridge/wit_signature.hpp"
#include "landbridge/wit_type.hpp"
#include "landbridge/wit_value.hpp"
#include "landbridge/wit_wholes.hpp"
#include "landbridge/wit_wrong.hpp"

namespace landbridge {

// The version of the library that is loaded, such as "0.1.0".
inline std::string_view version() noexcept { return lb_version(); }

// Compares the headers with the library that is loaded; call it once, when your program starts. Throws Unsupported if the
// library is older.
inline void check_version() { detail::check(lb_check_version()); }

}  // namespace landbridge

#endif  // C++20

#endif  // LANDBRIDGE_HPP
