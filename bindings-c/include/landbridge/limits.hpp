// How much guests may use, and what they use.

#ifndef LANDBRIDGE_LIMITS_HPP
#define LANDBRIDGE_LIMITS_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "error.hpp"
#include "text.hpp"

namespace landbridge {

// How much the guests of one store may use; what is not there is not bounded. A limit of 0 is a RangeError
// where it is used.
struct Limits {
  // Bytes that all memories and the guests' heap may have together. memory.grow gives -1 beyond; throws
  // MemoryLimit if the guest traps for that, or the program asked.
  std::optional<uint64_t> memory_bytes = {};
  // Elements that all tables may have together: table.grow gives -1 beyond, likewise LimitExceeded.
  std::optional<uint64_t> table_elements = {};
  // Instances that may be made in the store; LimitExceeded.
  std::optional<uint64_t> instances = {};
  // Fuel that guests may use until Store::set_fuel() gives more; FuelExhausted. About one unit an instruction,
  // and the same for the same call on every machine.
  std::optional<uint64_t> fuel = {};
  // Bytes that guests may write to their standard streams together; LimitExceeded. What is captured is at most
  // 16 MiB without this limit.
  std::optional<uint64_t> output_bytes = {};
  // Bytes that guests may write into files of granted folders, all together and counted as they are written: what is
  // overwritten or removed is not given back. Each file, folder and link that is made counts as 4096. A hole counts as
  // what is written: it is what a file becomes longer by, in whatever way and by whichever descriptor. What goes past
  // it gives the guest WASI's error NOSPC (51). Without this limit it is 64 MiB if the policy has folders in memory.
  std::optional<uint64_t> written_bytes = {};
  // Files and folders that guests may have open at once, granted folders aside; one more gives the guest WASI's error
  // MFILE (33). 1024 without this limit.
  std::optional<uint64_t> open_files = {};
  // How long a call of the program's may take, with all that it calls; Timeout. A guest is ended within a few
  // milliseconds; a callable that it called returns first.
  std::optional<std::chrono::milliseconds> timeout = {};

  // The struct of landbridge.h. Throws RangeError.
  lb_limits_t get() const {
    lb_limits_t raw = LB_LIMITS;
    raw.memory_bytes = raw_of(memory_bytes);
    raw.table_elements = raw_of(table_elements);
    raw.instances = raw_of(instances);
    raw.fuel = raw_of(fuel);
    raw.output_bytes = raw_of(output_bytes);
    raw.written_bytes = raw_of(written_bytes);
    raw.open_files = raw_of(open_files);
    if (timeout && timeout->count() < 0) throw RangeError("a timeout cannot be negative");
    if (timeout) raw.timeout_ms = raw_of(static_cast<uint64_t>(timeout->count()));
    return raw;
  }
  bool operator==(const Limits &) const = default;

  // As JSON, the same bytes in every host language. Nothing is said of what is not bounded. Throws RangeError.
  std::string to_json() const {
    const lb_limits_t raw = get();
    return detail::text_of([&](char *json, size_t size) {
      size_t length = 0;
      detail::check(lb_limits_to_json(&raw, json, size, &length));
      return length;
    });
  }
  // Such as {"memory_bytes": 1048576, "timeout_ms": 500}. What has no key is not bounded, and a part of a millisecond
  // counts as a whole one. Throws TypeError, which says which key is unknown or wrong, and RangeError if a limit is 0.
  static Limits from_json(std::string_view json) {
    lb_limits_t raw = LB_LIMITS;
    detail::check(lb_limits_from_json(detail::c_name(std::string(json)).c_str(), &raw));
    Limits limits;
    limits.memory_bytes = limit_of(raw.memory_bytes);
    limits.table_elements = limit_of(raw.table_elements);
    limits.instances = limit_of(raw.instances);
    limits.fuel = limit_of(raw.fuel);
    limits.output_bytes = limit_of(raw.output_bytes);
    limits.written_bytes = limit_of(raw.written_bytes);
    limits.open_files = limit_of(raw.open_files);
    if (raw.timeout_ms > static_cast<uint64_t>(std::chrono::milliseconds::max().count())) {
      throw RangeError("timeout_ms: " + std::to_string(raw.timeout_ms) + " is too long");
    }
    if (raw.timeout_ms) limits.timeout = std::chrono::milliseconds(static_cast<int64_t>(raw.timeout_ms));
    return limits;
  }

 private:
  static std::optional<uint64_t> limit_of(uint64_t raw) {
    return raw ? std::optional<uint64_t>(raw) : std::nullopt;
  }
  static uint64_t raw_of(std::optional<uint64_t> limit) {
    // In landbridge.h it would be no limit.
    if (limit == 0) throw RangeError("a limit cannot be 0; leave it out for no limit");
    return limit.value_or(0);
  }
};

// What the guests of a store use and used.
struct Usage {
  uint64_t memory_bytes;                // that all memories and the guests' heap have now
  uint64_t peak_memory_bytes;           // the most they ever had
  uint64_t table_elements;              // that all tables have now
  uint64_t instances;                   // that were made
  std::optional<uint64_t> fuel_used;    // since it was last given; nothing in a store without that limit
  uint64_t output_bytes;                // written to standard streams
  uint64_t written_bytes;               // into files of granted folders, counted as the limit of this name says
  uint64_t open_files;                  // that guests have open now, with folders, granted folders aside
  std::chrono::nanoseconds last_call;   // how long it took, in steps of about a millisecond; 0 if less

  static Usage of(const lb_usage_t &raw) {
    return {raw.memory_bytes, raw.peak_memory_bytes, raw.table_elements, raw.instances,
            raw.fuel_used == LB_NO_FUEL ? std::nullopt : std::optional<uint64_t>(raw.fuel_used), raw.output_bytes,
            raw.written_bytes, raw.open_files, std::chrono::nanoseconds(raw.last_call_ns)};
  }
  bool operator==(const Usage &) const = default;
};

}  // namespace landbridge

#endif
