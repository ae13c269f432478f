// Whatever an instance exports or an import takes.

#ifndef LANDBRIDGE_EXTERN_HPP
#define LANDBRIDGE_EXTERN_HPP

#include <string>
#include <utility>
#include <variant>

#include "context.hpp"
#include "error.hpp"
#include "func.hpp"
#include "global.hpp"
#include "memory.hpp"
#include "messages.hpp"
#include "out.hpp"
#include "table.hpp"
#include "tag.hpp"
#include "text.hpp"

namespace landbridge {

namespace detail {

inline Extern extern_of(const lb_extern_t &item) {
  switch (item.sort) {
    case LB_SORT_FUNC: return Func(item.of.func);
    case LB_SORT_MEMORY: return Memory(item.of.memory);
    case LB_SORT_TABLE: return Table(item.of.table);
    case LB_SORT_GLOBAL: return Global(item.of.global);
    default: return Tag(item.of.tag);
  }
}

inline lb_extern_t lent(const Func &func) noexcept { return lb_extern_func(func.get()); }
inline lb_extern_t lent(const Memory &memory) noexcept { return lb_extern_memory(memory.get()); }
inline lb_extern_t lent(const Table &table) noexcept { return lb_extern_table(table.get()); }
inline lb_extern_t lent(const Global &global) noexcept { return lb_extern_global(global.get()); }
inline lb_extern_t lent(const Tag &tag) noexcept { return lb_extern_tag(tag.get()); }
inline lb_extern_t lent(const Extern &item) noexcept {
  return std::visit([](const auto &one) { return lent(one); }, item);
}

}  // namespace detail

inline Extern Context::exported(const std::string &name) const {
  return detail::extern_of(detail::made<lb_extern_t>(lb_context_export, context_, detail::c_name(name).c_str()));
}

inline Memory Context::memory(const std::string &name) const {
  Extern item = exported(name);
  if (auto *memory = std::get_if<Memory>(&item)) return std::move(*memory);
  constexpr const char *sorts[] = {"func", "memory", "table", "global", "tag"};
  LANDBRIDGE_THROW(detail::messages::other_sort("\"" + name + "\"", sorts[item.index()], "memory"));
}

}  // namespace landbridge

#endif
