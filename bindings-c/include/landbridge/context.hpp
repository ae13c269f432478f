// Where a host function was called from.

#ifndef LANDBRIDGE_CONTEXT_HPP
#define LANDBRIDGE_CONTEXT_HPP

#include <cstddef>
#include <string>
#include <variant>

#include "out.hpp"
#include "store.hpp"
#include "text.hpp"

namespace landbridge {

class Func;
class Memory;
class Table;
class Global;
class Tag;
class Loan;

// Something that an instance exports or an import takes.
using Extern = std::variant<Func, Memory, Table, Global, Tag>;

// Where a host function was called from. Valid during that call only, and on its thread.
class Context {
 public:
  explicit Context(const lb_context_t *context) noexcept : context_(context) {}

  // An export of the instance that called: mostly its memory. Throws NotFound.
  Extern exported(const std::string &name) const;
  // The same for a memory.
  Memory memory(const std::string &name = "memory") const;
  // The name by which the module imports the function, such as "env.log".
  std::string name() const {
    return detail::text_of([&](char *name, size_t size) { return lb_context_name(context_, name, size); });
  }
  // The store that the guest runs in.
  Store store() const { return Store(detail::made<lb_store_t>(lb_context_store, context_)); }
  // Lends the call, for another thread to answer; see Loan.
  Loan lend() const;

 private:
  const lb_context_t *context_;
};

}  // namespace landbridge

#endif
