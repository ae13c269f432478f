// Engines, which compile.

#ifndef LANDBRIDGE_ENGINE_HPP
#define LANDBRIDGE_ENGINE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "handle.hpp"

namespace landbridge {

// How an engine is made.
struct EngineOptions {
  // generated: cpp.options
  // Bytes of native stack a call may use at most; 0 for the default, 512 KiB. A thread with a smaller stack gives less.
  size_t stack_bytes = 0;
  // Whether a running guest can be interrupted. Costs a check at each loop iteration and function entry of the guest;
  // without it closing and cancelling wait for the guest to return.
  bool interruptible = true;
  // Where compiled code is kept for the next process: empty for the user's cache folder, "off" for nowhere, else a
  // folder. It is kept in landbridge/modules of the folder, which is made if it is not there; nothing else in the
  // folder is touched. The cache is not used where others could change its files: if the folder or one above it belongs
  // to another user than this one or root, or if its group or others may write to it. A sticky folder, such as /tmp,
  // may be above it. A cache that cannot be used is never an error: then modules are compiled.
  std::filesystem::path cache = {};
  // Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not part of WebAssembly
  // 3.0.
  bool wide_arithmetic = false;
  // Whether modules may have memories in pages of one byte, a proposal that is not part of WebAssembly 3.0.
  bool custom_page_sizes = false;
  // The most threads that run asynchronous calls at a time, at least 1; 0 for the default, 4 more than the machine has
  // cores, and 32 at most. Each is started when it is needed, and ends when it had nothing to do for 10 seconds. A
  // guest that waits for an asynchronous host function holds one.
  size_t call_threads = 0;
  // Whether traps may come by signals of the operating system (exceptions on Windows). Without, guests' code checks
  // each access of memory, each division and each null itself and runs slower, and no handler is installed by this
  // engine: for programs whose own handlers cannot live with others. The traps are the same ones.
  bool signal_handlers = true;
  // How much more work compiling a module may be than its size explains; 0 for the default, 1,000,000, and UINT64_MAX
  // for no bound. It keeps a small module from holding the compiler for minutes or taking all memory. A unit is about a
  // microsecond of one core or 250 bytes that are held, whichever is more. Each byte of a function explains 8 units,
  // any other byte 2; Inspection reports what a module costs. One that costs more is refused (LimitExceeded) before
  // anything is compiled; what a cache or a precompiled file holds is loaded whatever it costs.
  uint64_t compile_cost = 0;
  // How many bytes a memory may grow to, and how much address space it takes; 0 for the default, 4 GiB. With the
  // default each memory takes all of it, and code need not check addresses of 32 bits. With less, code checks each
  // address and runs slower, and a memory takes only what it can need: this option, its declared maximum or what
  // Limits::memory_bytes leaves, whichever is least; a memory that starts larger has the size it starts with. With
  // more, 64-bit memories may grow to this size; with the default a 64-bit memory may grow to 64 GiB if it is the first
  // of its store. Where the process may have less than 64 GiB of address space (RLIMIT_AS, ulimit -v), the default is a
  // sixteenth of that.
  uint64_t memory_reservation_bytes = 0;
  // Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector instructions do the same
  // everywhere. Code with floats runs a little slower.
  bool deterministic = false;
  // How many instances of pools can be in slots at a time; 0 for the default, none. A slot is room that the engine
  // keeps ready, so an instance in it is made several times faster. A slot takes 8 to 12 GiB of address space, and
  // memory only for what is used in it. Where the process has less address space, there are fewer slots. An instance
  // that does not fit, or for which no slot is free, is made without one; the counts of a pool say how many were made
  // in slots. The guide to pools says what fits.
  size_t pool_slots = 0;
  // end generated
};

// Compiles modules. Most programs use the shared one.
class Engine : public detail::Handle<lb_engine_t, lb_engine_release> {
 public:
  using Handle::Handle;

  // Throws Unsupported if the options contradict each other.
  explicit Engine(const EngineOptions &options) {
    lb_engine_options_t raw = LB_ENGINE_OPTIONS;
    const std::string cache = options.cache.string();
    if (!cache.empty()) raw.cache = cache.c_str();
    // generated: cpp.options_raw
    raw.interruptible = options.interruptible;
    raw.stack_bytes = options.stack_bytes;
    raw.wide_arithmetic = options.wide_arithmetic;
    raw.custom_page_sizes = options.custom_page_sizes;
    raw.call_threads = options.call_threads;
    raw.signal_handlers = options.signal_handlers;
    raw.compile_cost = options.compile_cost;
    raw.memory_reservation_bytes = options.memory_reservation_bytes;
    raw.deterministic = options.deterministic;
    raw.pool_slots = options.pool_slots;
    // end generated
    detail::check(lb_engine_new(&raw, &handle_));
  }

  // The engine that is used where none is named.
  static const Engine &shared() noexcept {
    static const Engine engine;
    return engine;
  }

  // The handle of landbridge.h, or null for the shared one.
  const lb_engine_t *pointer() const noexcept { return handle_.id != 0 ? &handle_ : nullptr; }
};

}  // namespace landbridge

#endif
