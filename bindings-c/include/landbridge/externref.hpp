// Objects of the host that guests hold.

#ifndef LANDBRIDGE_EXTERNREF_HPP
#define LANDBRIDGE_EXTERNREF_HPP

#include <memory>
#include <utility>

#include "handle.hpp"
#include "value.hpp"

namespace landbridge {

class AnyRef;

// An object of the host that guests can hold, pass on and give back, but not look into. Copies are
// the same object. The empty one is the null reference.
class ExternRef
    : public detail::Reference<lb_externref_t, lb_externref_release, lb_externref_same, lb_externref_clone> {
 public:
  using Reference::Reference;

  // An object for guests; it lives as long as one of them or a copy of this holds it.
  template <class T>
  explicit ExternRef(std::shared_ptr<T> object) {
    std::unique_ptr<Cell> cell(new Cell{std::move(object), detail::TypeId::of<T>()});
    detail::check(lb_externref_new(cell.release(), &drop, &handle_));
  }

  // Makes an object for guests.
  template <class T, class... Args>
  static ExternRef make(Args &&...args) {
    return ExternRef(std::make_shared<T>(std::forward<Args>(args)...));
  }

  // Makes one of what an anyref is, as extern.convert_any does: a guest can turn it back.
  static ExternRef from_any(const AnyRef &any);

  // What the guest made it of, if that is of its own heap; null for an object of the host.
  AnyRef any() const;

  // The object, if it was made of a shared_ptr<T>; else null.
  template <class T>
  std::shared_ptr<T> object() const {
    auto [data, ours] = parts();
    if (!ours) return nullptr;
    auto *cell = static_cast<Cell *>(data);
    return cell->type == detail::TypeId::of<T>() ? std::static_pointer_cast<T>(cell->object) : nullptr;
  }

  // The address of the object, whoever made it; null for the null reference and for what is of a guest's heap.
  void *address() const {
    auto [data, ours] = parts();
    return ours ? static_cast<Cell *>(data)->object.get() : data;
  }

  // Whether both are the same object.
  friend bool operator==(const ExternRef &one, const ExternRef &other) {
    if (one.handle_.id == other.handle_.id || lb_externref_same(one.handle_, other.handle_)) return true;
    void *address = one.address();
    return address && address == other.address();
  }

 private:
  struct Cell {
    std::shared_ptr<void> object;
    detail::TypeId type;
  };
  static void drop(void *data) { delete static_cast<Cell *>(data); }

  std::pair<void *, bool> parts() const {
    if (!*this) return {nullptr, false};
    void *data;
    lb_drop_t owner;
    lb_error_t *error = lb_externref_data(handle_, &owner, &data);
    if (lb_error_kind(error) == LB_KIND_TYPE) {
      lb_error_free(error);
      return {nullptr, false};
    }
    detail::check(error);
    return {data, owner == &drop};
  }
};

namespace detail {

template <>
struct Leaf<ExternRef>
    : ReferenceLeaf<ExternRef, Type::externref, lb_externref_t, &lb_bits_t::externref> {};

}  // namespace detail

}  // namespace landbridge

#endif
