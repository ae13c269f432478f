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
#include "messages.hpp"
#include "out.hpp"
#include "text.hpp"

namespace landbridge {

// How much the guests of one store may use; what is not there is not bounded. A limit of 0 is a RangeError
// where it is used.
struct Limits {
  // generated: cpp.limits
  // Bytes that all memories of the store and its garbage-collected heap may have together. A guest that asks for more
  // gets -1 from memory.grow, and may go on. If it traps then, or if the program asks for more, the error is
  // MemoryLimit.
  std::optional<uint64_t> memory_bytes = {};
  // Elements that all tables of the store may have together. More are refused as for memory. Error: LimitExceeded.
  std::optional<uint64_t> table_elements = {};
  // Instances that may be made in the store. Error: LimitExceeded.
  std::optional<uint64_t> instances = {};
  // Fuel that guests may use until you give more with Store::set_fuel(). Error: FuelExhausted. An instruction uses
  // about one unit, and the same call uses the same fuel on every machine and in every host. Modules are compiled a
  // second time, with code that counts.
  std::optional<uint64_t> fuel = {};
  // Bytes that guests may write to stdout and stderr together. Error: LimitExceeded. If you do not set it, at most 16
  // MiB are captured.
  std::optional<uint64_t> output_bytes = {};
  // Bytes that guests may write into files of granted folders, all together. They count when they are written:
  // overwriting or removing gives nothing back. Each file, folder and link that is made counts as 4096. Holes count,
  // too: whatever makes a file longer counts, by any descriptor. A write beyond the limit gives the guest WASI's error
  // NOSPC (51). If you do not set it and the policy has folders in memory, it is 64 MiB.
  std::optional<uint64_t> written_bytes = {};
  // Files and folders that guests may have open at once, not counting granted folders. One more gives the guest WASI's
  // error MFILE (33). If you do not set it, it is 1024.
  std::optional<uint64_t> open_files = {};
  // How long a call from the program may take, with all that it calls. Error: Timeout. The guest is ended within a few
  // milliseconds, also while it sleeps. Two things are finished first: a host function that it called, and one
  // instruction that fills memory, which takes 1 to 2 milliseconds for each MiB. Needs an engine that can interrupt
  // guests.
  std::optional<std::chrono::milliseconds> timeout = {};
  // Bytes that one call of a component's function may copy to the guest, and as many back; likewise when a component
  // calls the program. Strings and lists of numbers count as their bytes; in other lists that a component returns, each
  // element counts as at least 8. Arguments that are too large are refused before the call, and a component that
  // returns too much is ended. Error: LimitExceeded. If you do not set it, it is 128 MiB.
  std::optional<uint64_t> transfer_bytes = {};
  // Handles of resources that the components of the store may hold at once, and as many that the program may hold or
  // have given them. Error: LimitExceeded. A borrow counts until its call ends, and a component's resource that the
  // program holds counts for both. If you do not set it, it is 100,000.
  std::optional<uint64_t> handles = {};
  // end generated

  // The struct of landbridge.h. Throws RangeError.
  lb_limits_t get() const {
    lb_limits_t raw = LB_LIMITS;
    // generated: cpp.limits_raw
    raw.memory_bytes = raw_of(memory_bytes);
    raw.table_elements = raw_of(table_elements);
    raw.instances = raw_of(instances);
    raw.fuel = raw_of(fuel);
    raw.output_bytes = raw_of(output_bytes);
    raw.written_bytes = raw_of(written_bytes);
    raw.open_files = raw_of(open_files);
    raw.timeout_ms = raw_of(timeout);
    raw.transfer_bytes = raw_of(transfer_bytes);
    raw.handles = raw_of(handles);
    // end generated
    return raw;
  }
  bool operator==(const Limits &) const = default;

  // As JSON, the same bytes in every host language. Nothing is said of what is not bounded. Throws RangeError.
  std::string to_json() const {
    const lb_limits_t raw = get();
    return detail::told_by(lb_limits_to_json, &raw);
  }
  // Such as {"memory_bytes": 1048576, "timeout_ms": 500}. What has no key is not bounded, and a part of a millisecond
  // counts as a whole one. Throws TypeError, which says which key is unknown or wrong, and RangeError if a limit is 0.
  static Limits from_json(std::string_view json) {
    lb_limits_t raw = LB_LIMITS;
    detail::check(lb_limits_from_json(detail::c_name(std::string(json)).c_str(), &raw));
    Limits limits;
    // generated: cpp.limits_of
    limits.memory_bytes = limit_of(raw.memory_bytes);
    limits.table_elements = limit_of(raw.table_elements);
    limits.instances = limit_of(raw.instances);
    limits.fuel = limit_of(raw.fuel);
    limits.output_bytes = limit_of(raw.output_bytes);
    limits.written_bytes = limit_of(raw.written_bytes);
    limits.open_files = limit_of(raw.open_files);
    limits.timeout = time_of(raw.timeout_ms);
    limits.transfer_bytes = limit_of(raw.transfer_bytes);
    limits.handles = limit_of(raw.handles);
    // end generated
    return limits;
  }

 private:
  static std::optional<uint64_t> limit_of(uint64_t raw) {
    return raw ? std::optional<uint64_t>(raw) : std::nullopt;
  }
  static constexpr auto MOST_MS = std::chrono::milliseconds::max().count();
  static std::optional<std::chrono::milliseconds> time_of(uint64_t raw) {
    if (raw > static_cast<uint64_t>(MOST_MS)) {
      LANDBRIDGE_THROW(detail::messages::out_of_range("timeout_ms", std::to_string(raw), "0", std::to_string(MOST_MS)));
    }
    return raw ? std::optional(std::chrono::milliseconds(static_cast<int64_t>(raw))) : std::nullopt;
  }
  static uint64_t raw_of(std::optional<std::chrono::milliseconds> limit) {
    if (limit && limit->count() < 0) {
      LANDBRIDGE_THROW(detail::messages::out_of_range("timeout", std::to_string(limit->count()), "0", std::to_string(MOST_MS)));
    }
    return limit ? raw_of(std::optional(static_cast<uint64_t>(limit->count()))) : 0;
  }
  static uint64_t raw_of(std::optional<uint64_t> limit) {
    // In landbridge.h it would be no limit.
    if (limit == 0) LANDBRIDGE_THROW(RangeError("a limit cannot be 0; leave it out for no limit"));
    return limit.value_or(0);
  }
};

// What the guests of a store use and used.
struct Usage {
  // generated: cpp.usage
  // Bytes that all memories and the garbage-collected heap have now.
  uint64_t memory_bytes;
  // The most bytes they ever had.
  uint64_t peak_memory_bytes;
  // Elements that all tables have now.
  uint64_t table_elements;
  // Instances that were made.
  uint64_t instances;
  // Bytes written to stdout and stderr.
  uint64_t output_bytes;
  // Bytes written into files of granted folders, counted as Limits::written_bytes says.
  uint64_t written_bytes;
  // Files and folders that guests have open now, granted folders aside.
  uint64_t open_files;
  // Fuel used since it was last set; nothing in a store without that limit.
  std::optional<uint64_t> fuel_used;
  // How long the last call from the program took, in steps of about a millisecond; zero if it took less.
  std::chrono::nanoseconds last_call;
  // Handles of resources that the program holds now or has given to components; handles of the components' own are not
  // counted.
  uint64_t handles;
  // end generated

  static Usage of(const lb_usage_t &raw) {
    return {
        // generated: cpp.usage_of
        raw.memory_bytes,
        raw.peak_memory_bytes,
        raw.table_elements,
        raw.instances,
        raw.output_bytes,
        raw.written_bytes,
        raw.open_files,
        raw.fuel_used == LB_NO_FUEL ? std::nullopt : std::optional<uint64_t>(raw.fuel_used),
        std::chrono::nanoseconds(raw.last_call_ns),
        raw.handles,
        // end generated
    };
  }
  bool operator==(const Usage &) const = default;
};

}  // namespace landbridge

#endif
