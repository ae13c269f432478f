// What a module is, told without compiling it.

#ifndef LANDBRIDGE_INSPECT_HPP
#define LANDBRIDGE_INSPECT_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "text.hpp"
#include "types.hpp"

namespace landbridge {

// Something that a module asks of WASI.
struct Ask {
  // "args", "env", "clock", "random", "files", "stdin", "streams", "poll", "exit", "sockets", "signals", "yield" or
  // "http".
  // "stdin" and "streams" may mean files where "files" is there too; stdout and stderr are "streams", since one function
  // writes to both.
  std::string what;
  std::vector<std::string> functions;  // that it asks by, in the order of its imports
};

// A section that is not part of the standard.
struct CustomSection {
  std::string name;
  std::vector<std::byte> bytes;
};

// Something that took part in making a module.
struct Producer {
  std::string field;  // "language", "sdk" or "processed-by"
  std::string name;
  std::string version;
};

// What a module is and will ask for, told without compiling it. It may use features that the engine does not
// have: you see which, and only loading it fails.
struct Inspection {
  std::optional<std::string> name;              // in its name section
  std::vector<ImportType> imports;              // what it asks its host for, in its own order
  std::vector<Ask> asks;                        // what it asks of WASI, as far as its imports tell
  std::optional<std::string> built_for;         // such as JavaScript, and what to do, if its imports tell
  std::vector<ExportType> exports;              // what it exports, in its own order
  std::vector<MemoryType> memories;             // all of them, imported ones first
  std::vector<std::string> features;            // beyond WebAssembly 1.0, without which it is not valid
  uint64_t compile_cost = 0;                    // how much more work compiling it is than its size accounts for
  std::vector<CustomSection> custom_sections;   // in the module's order
  std::vector<Producer> producers;              // what made it, as it says
  std::vector<std::string> target_features;     // that its compiler was told to use, such as "+simd128"
  std::optional<std::string> wit;               // what a component imports and exports, as text of WIT
  std::string json;                             // what to_json() gives

  // All of it as JSON, the same bytes in every host language: an object of the members by their names, in the order of
  // these. Types are texts; of a custom section there is how many bytes it has.
  const std::string &to_json() const { return json; }
};

namespace detail {

using InspectionHandle = Handle<lb_inspection_t, lb_inspection_release>;

// Reads an array of an inspection, one by one.
template <class C, class Make>
auto list_of(const InspectionHandle &from, lb_error_t *(*read)(lb_inspection_t, const C **, size_t *), Make make) {
  const std::span<const C> all = lent_by<C>(read, from.get());
  std::vector<decltype(make(all[0]))> list;
  for (const C &one : all) list.push_back(make(one));
  return list;
}

inline Ask ask_of(const lb_ask_t &raw) {
  Ask ask{raw.what, {}};
  for (const char *function : std::span(raw.functions, raw.count)) ask.functions.push_back(name_of(function));
  return ask;
}

inline Inspection inspection_of(lb_error_t *error, lb_inspection_t handle) {
  check(error);
  const InspectionHandle from(handle);
  return {
      name_or_none(made<const char *>(lb_inspection_name, handle)),
      imports_of(lent_by<lb_import_t>(lb_inspection_imports, handle)),
      list_of(from, lb_inspection_asks, ask_of),
      name_or_none(made<const char *>(lb_inspection_built_for, handle)),
      exports_of(lent_by<lb_export_t>(lb_inspection_exports, handle)),
      list_of(from, lb_inspection_memories, MemoryType::of),
      list_of(from, lb_inspection_features, [](auto &it) { return std::string(it); }),
      made<uint64_t>(lb_inspection_compile_cost, handle),
      list_of(from, lb_inspection_custom_sections,
              [](auto &it) {
                auto bytes = std::as_bytes(std::span(it.bytes, it.length));
                return CustomSection{name_of(it.name), {bytes.begin(), bytes.end()}};
              }),
      list_of(from, lb_inspection_producers,
              [](auto &it) { return Producer{name_of(it.field), name_of(it.name), name_of(it.version)}; }),
      list_of(from, lb_inspection_target_features, [](auto &it) { return name_of(it); }),
      name_or_none(made<const char *>(lb_inspection_wit, handle)),
      made<const char *>(lb_inspection_json, handle),
  };
}

}  // namespace detail

// Inspects what a string names or is, as Module::load() takes it. Throws IoError, CompileError.
inline Inspection inspect(const char *source) {
  lb_inspection_t handle;
  lb_error_t *error = lb_inspect(source, &handle);
  return detail::inspection_of(error, handle);
}
inline Inspection inspect(const std::string &source) { return inspect(detail::c_name(source).c_str()); }
inline Inspection inspect(std::string_view source) { return inspect(std::string(source)); }
// Inspects a file of bytes or of WebAssembly text. Throws IoError, CompileError.
inline Inspection inspect(const std::filesystem::path &path) {
  lb_inspection_t handle;
  lb_error_t *error = lb_inspect_file(path.string().c_str(), &handle);
  return detail::inspection_of(error, handle);
}
// Inspects bytes. Throws CompileError.
inline Inspection inspect_bytes(std::span<const std::byte> bytes) {
  lb_inspection_t handle;
  lb_error_t *error = lb_inspect_bytes(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), &handle);
  return detail::inspection_of(error, handle);
}
// Inspects WebAssembly text. Throws CompileError.
inline Inspection inspect_text(std::string_view text) { return inspect_bytes(std::as_bytes(std::span(text))); }

}  // namespace landbridge

#endif
