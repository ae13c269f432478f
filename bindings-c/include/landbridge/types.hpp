// Types of values, of imports and exports, and of objects of the guest's heap.

#ifndef LANDBRIDGE_TYPES_HPP
#define LANDBRIDGE_TYPES_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../landbridge.h"
#include "text.hpp"

namespace landbridge {

// The type of a value.
enum class Type : uint32_t {
  // generated: cpp.types
  i32 = LB_TYPE_I32,
  i64 = LB_TYPE_I64,
  f32 = LB_TYPE_F32,
  f64 = LB_TYPE_F64,
  v128 = LB_TYPE_V128,
  funcref = LB_TYPE_FUNCREF,
  externref = LB_TYPE_EXTERNREF,
  anyref = LB_TYPE_ANYREF,
  eqref = LB_TYPE_EQREF,
  i31ref = LB_TYPE_I31REF,
  structref = LB_TYPE_STRUCTREF,
  arrayref = LB_TYPE_ARRAYREF,
  exnref = LB_TYPE_EXNREF,
  nullref = LB_TYPE_NULLREF,
  nullfuncref = LB_TYPE_NULLFUNCREF,
  nullexternref = LB_TYPE_NULLEXTERNREF,
  nullexnref = LB_TYPE_NULLEXNREF,
  // end generated
};

// The name that the WebAssembly text format gives a type.
inline std::string_view name(Type type) noexcept { return lb_type_name(static_cast<uint32_t>(type)); }

// The widest type whose values can meet this one's: a number's own, or one of funcref, externref, anyref and
// exnref.
inline Type top(Type type) noexcept { return static_cast<Type>(lb_type_top(static_cast<uint32_t>(type))); }

// The signature of a function.
struct FuncType {
  std::vector<Type> params;
  std::vector<Type> results;

  static FuncType of(const lb_func_type_t &type) {
    auto types = [](const lb_type_t *all, size_t count) {
      std::vector<Type> found;
      for (size_t i = 0; i < count; ++i) found.push_back(static_cast<Type>(all[i]));
      return found;
    };
    return {types(type.params, type.nparams), types(type.results, type.nresults)};
  }
  // The struct of landbridge.h; lives as long as this object.
  lb_func_type_t get() const {
    return {reinterpret_cast<const lb_type_t *>(params.data()), params.size(),
            reinterpret_cast<const lb_type_t *>(results.data()), results.size()};
  }
  // "(i32, i64) -> (f32)"
  std::string text() const { return detail::text_of(lb_func_type_text, get()); }
  bool operator==(const FuncType &) const = default;
};

namespace detail {

inline std::optional<uint64_t> max_of(uint64_t max) {
  return max == LB_NO_MAX ? std::nullopt : std::optional<uint64_t>(max);
}

}  // namespace detail

// The type of a linear memory, in pages.
struct MemoryType {
  uint64_t min = 0;
  std::optional<uint64_t> max = {};
  bool is_64 = false;
  uint64_t page_bytes = 65536;

  static MemoryType of(const lb_memory_type_t &type) {
    return {type.min, detail::max_of(type.max), type.is_64, type.page_bytes};
  }
  lb_memory_type_t get() const { return {min, max.value_or(LB_NO_MAX), page_bytes, is_64}; }
  // "memory 1 2"
  std::string text() const { return detail::text_of(lb_memory_type_text, get()); }
  bool operator==(const MemoryType &) const = default;
};

// The type of a table.
struct TableType {
  Type element = Type::funcref;
  uint64_t min = 0;
  std::optional<uint64_t> max = {};
  bool is_64 = false;

  static TableType of(const lb_table_type_t &type) {
    return {static_cast<Type>(type.element), type.min, detail::max_of(type.max), type.is_64};
  }
  lb_table_type_t get() const { return {min, max.value_or(LB_NO_MAX), static_cast<uint32_t>(element), is_64}; }
  // "table 1 funcref"
  std::string text() const { return detail::text_of(lb_table_type_text, get()); }
  bool operator==(const TableType &) const = default;
};

// The type of a global.
struct GlobalType {
  Type content = Type::i32;
  bool is_mutable = false;

  static GlobalType of(const lb_global_type_t &type) {
    return {static_cast<Type>(type.content), type.is_mutable};
  }
  lb_global_type_t get() const { return {static_cast<uint32_t>(content), is_mutable}; }
  // "global (mut i32)"
  std::string text() const { return detail::text_of(lb_global_type_text, get()); }
  bool operator==(const GlobalType &) const = default;
};

// The type of an exception tag: its payload.
struct TagType {
  std::vector<Type> params;

  static TagType of(const lb_func_type_t &type) { return {FuncType::of(type).params}; }
  lb_func_type_t get() const {
    return {reinterpret_cast<const lb_type_t *>(params.data()), params.size(), nullptr, 0};
  }
  // "tag (i32)"
  std::string text() const {
    return detail::text_of(lb_extern_type_text, lb_extern_type_t{LB_SORT_TAG, {get()}});
  }
  bool operator==(const TagType &) const = default;
};

// The type of an import or export, with its text, such as "func (i32) -> ()".
struct ExternType {
  std::variant<FuncType, MemoryType, TableType, GlobalType, TagType> type;
  std::string text;

  static ExternType of(const lb_extern_type_t &type) {
    auto text = detail::text_of(lb_extern_type_text, type);
    switch (type.sort) {
      case LB_SORT_FUNC: return {FuncType::of(type.of.func), text};
      case LB_SORT_MEMORY: return {MemoryType::of(type.of.memory), text};
      case LB_SORT_TABLE: return {TableType::of(type.of.table), text};
      case LB_SORT_GLOBAL: return {GlobalType::of(type.of.global), text};
      default: return {TagType::of(type.of.func), text};
    }
  }
};

// What a module asks its host for.
struct ImportType {
  std::string module;
  std::string name;
  ExternType type;
};

// What a module exports.
struct ExportType {
  std::string name;
  ExternType type;
};

namespace detail {

inline std::vector<ImportType> imports_of(std::span<const lb_import_t> all) {
  std::vector<ImportType> imports;
  for (const lb_import_t &one : all) {
    imports.push_back({name_of(one.module), name_of(one.name), ExternType::of(one.type)});
  }
  return imports;
}

inline std::vector<ExportType> exports_of(std::span<const lb_export_t> all) {
  std::vector<ExportType> exports;
  for (const lb_export_t &one : all) exports.push_back({name_of(one.name), ExternType::of(one.type)});
  return exports;
}

}  // namespace detail

// A field of a struct, or what the elements of an array are.
struct FieldType {
  Type type;               // of the values that are read and written
  unsigned packed_bits;    // 8 or 16 if only so many bits of an i32 are stored; else 0
  bool is_mutable;
  bool operator==(const FieldType &) const = default;
};

// The type of an object of the guest's heap, with its text, such as "(struct (mut i32) f64)".
struct GcType {
  Type sort;                      // structref or arrayref
  std::vector<FieldType> fields;  // of an array: the one of all its elements
  std::string text;

  static GcType of(const lb_gc_type_t &type) {
    GcType made{static_cast<Type>(type.sort), {}, {}};
    for (const lb_field_type_t &field : std::span(type.fields, type.nfields)) {
      made.fields.push_back({static_cast<Type>(field.type), field.packed_bits, field.is_mutable});
    }
    made.text = detail::text_of(lb_gc_type_text, type);
    return made;
  }
  bool operator==(const GcType &) const = default;
};

}  // namespace landbridge

#endif
