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
  bool interruptible = true;  // whether a guest that runs can be interrupted
  size_t stack_bytes = 0;     // of native stack that a call may use at most; 0 for the default
  // Where compiled code is kept, so that the next process need not compile the same module: the user's cache
  // folder, or "off" for nowhere, or a folder. It is kept in landbridge/modules of the folder; nothing else in it is
  // touched. It is not used where others could change what lies there: if it or a folder above it belongs to somebody
  // else than this user or root, or if the group or others may write to it. A sticky folder, as /tmp is, may be above it.
  std::filesystem::path cache = {};
  bool wide_arithmetic = false;    // whether modules may use 128-bit sums and products
  bool custom_page_sizes = false;  // whether modules may have memories in pages of one byte
  // The most threads that run asynchronous calls at a time, each started when it is needed; 0 for the default, 4 more
  // than the machine has cores, and 32 at most.
  size_t call_threads = 0;
  // Whether traps may come by signals of the operating system (exceptions on Windows). Without, guests' code checks
  // each access of memory, each division and each null itself and runs slower, and no handler is installed by this
  // engine: for programs whose own handlers cannot live with others. The traps are the same ones.
  bool signal_handlers = true;
  // How much more work than its size accounts for compiling a module may be; 0 for the default, 1,000,000, and
  // UINT64_MAX for no bound. A unit is about a microsecond of one core or 250 bytes that are held, whichever is more, and
  // each byte of a function accounts for 8, any other for 2;
  // Inspection tells what a module costs. A module that costs more is refused with Limit before anything is compiled;
  // what a cache or a precompiled file has is loaded whatever it costs.
  uint64_t compile_cost = 0;
  // The most bytes that a memory may grow to, and address space that it takes; 0 for the default, 4 GiB, where each
  // memory takes all of it and code need not check addresses of 32 bits. With less, code checks each address and runs
  // slower, and a memory takes what it can need: this, its declared maximum or what the store's limit leaves, whichever
  // is least; one that starts larger has what it starts with. With more, 64-bit memories may grow so far; with the
  // default they may too, up to 64 GiB, if they are the first of their store. Where the process may have less than
  // 64 GiB of address space (RLIMIT_AS, ulimit -v), the default is a sixteenth of that.
  uint64_t memory_reservation_bytes = 0;
  // Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector instructions do the same
  // everywhere. Code with floats runs a little slower.
  bool deterministic = false;
};

// Compiles modules. Most programs use the shared one.
class Engine : public detail::Handle<lb_engine_t, lb_engine_release> {
 public:
  using Handle::Handle;

  // Throws Unsupported if the options contradict each other.
  explicit Engine(const EngineOptions &options) {
    lb_engine_options_t raw = LB_ENGINE_OPTIONS;
    raw.interruptible = options.interruptible;
    raw.stack_bytes = options.stack_bytes;
    const std::string cache = options.cache.string();
    if (!cache.empty()) raw.cache = cache.c_str();
    raw.wide_arithmetic = options.wide_arithmetic;
    raw.custom_page_sizes = options.custom_page_sizes;
    raw.call_threads = options.call_threads;
    raw.signal_handlers = options.signal_handlers;
    raw.compile_cost = options.compile_cost;
    raw.memory_reservation_bytes = options.memory_reservation_bytes;
    raw.deterministic = options.deterministic;
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
