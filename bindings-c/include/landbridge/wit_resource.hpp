// Resources of components, and objects of the program's that cross as such.

#ifndef LANDBRIDGE_WIT_RESOURCE_HPP
#define LANDBRIDGE_WIT_RESOURCE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "error.hpp"
#include "out.hpp"
#include "store.hpp"
#include "wit.hpp"
#include "wit_frame.hpp"
#include "wit_type.hpp"

namespace landbridge {

namespace detail {

// The store of resources: with a number, so that it is known again.
struct ResourceStore {
  explicit ResourceStore(Store of) : store(std::move(of)), number(made<uint64_t>(lb_store_number, store.get()) + 1) {}

  Store store;
  uint64_t number;  // never 0
  // What the classes of resources find their functions in, if there are such.
  mutable std::weak_ptr<const void> owner = {};
};
using StoreRef = std::shared_ptr<const ResourceStore>;

}  // namespace detail

// A resource of a component, which stays where it is. It moves but does not copy. By value, as an argument, it is given
// away; as a `const Resource &` it is borrowed for the call.
//
// close() runs the guest's destructor now, and tells its errors. What is only destroyed is closed by the next call of a
// component of its store: a destructor of C++ neither waits nor throws.
class Resource {
 public:
  // None.
  Resource() noexcept = default;
  Resource(Resource &&other) noexcept
      : store_(std::move(other.store_)), handle_(std::exchange(other.handle_, 0)), is_own_(other.is_own_) {}
  Resource &operator=(Resource &&other) noexcept {
    std::swap(store_, other.store_);
    std::swap(handle_, other.handle_);
    std::swap(is_own_, other.is_own_);
    return *this;
  }
  ~Resource() {
    if (handle_ != 0 && is_own_) lb_error_free(lb_wit_resource_drop(store_->store.get(), handle_));
  }

  // Lets go of it: the guest's destructor runs now, or when the calls of components of this store that are at work have
  // returned. Closing twice is no error, and neither is closing what was given away or is only borrowed. Throws Busy while it is borrowed by
  // a call that is at work; what ends the destructor.
  void close() {
    if (handle_ == 0 || !is_own_) return;
    detail::closed(lb_wit_resource_close(store_->store.get(), handle_));
    is_own_ = false;
  }

  // Whether it can be used no more: it is empty, was closed or given away, or its store was closed. Takes the store's turn.
  bool is_closed() const {
    if (handle_ == 0) return true;
    bool has = false;
    lb_error_t *error = lb_wit_resource_has(store_->store.get(), handle_, &has);
    if (error && lb_error_kind(error) == LB_KIND_CLOSED) {
      lb_error_free(error);
      return true;
    }
    detail::check(error);
    return !has;
  }

  // Whether there is one, closed or not; a moved-from one is none.
  explicit operator bool() const noexcept { return handle_ != 0; }
  // The number that it crosses as, of its store.
  uint64_t handle() const noexcept { return handle_; }
  // Its store. There must be one.
  const Store &store() const noexcept { return store_->store; }

  // Takes over a handle of landbridge.h.
  Resource(detail::StoreRef store, uint64_t handle, bool is_own) noexcept
      : store_(std::move(store)), handle_(handle), is_own_(is_own) {}
  // Gives the handle of landbridge.h up to the caller.
  uint64_t take() noexcept { return std::exchange(handle_, 0); }
  // For codecs.
  const detail::StoreRef &store_ref() const noexcept { return store_; }

 private:
  detail::StoreRef store_;
  uint64_t handle_ = 0;
  bool is_own_ = true;
};

// A borrowed resource, for where a `const Resource &` cannot stand: a `borrow<R>` within a record or a list. Good as
// long as what it was made of; in a host function, until that returns.
class ResourceRef {
 public:
  ResourceRef() noexcept = default;
  ResourceRef(const Resource &resource) noexcept : store_(resource.store_ref()), handle_(resource.handle()) {}
  ResourceRef(detail::StoreRef store, uint64_t handle) noexcept : store_(std::move(store)), handle_(handle) {}

  uint64_t handle() const noexcept { return handle_; }
  const detail::StoreRef &store_ref() const noexcept { return store_; }

 private:
  detail::StoreRef store_;
  uint64_t handle_ = 0;
};

namespace detail {

// Thrown where a resource is not what the type of C++ asks for. Who knows the types tells the place.
struct WrongResource {
  size_t at;
  std::string text;
};

// What resources of a frame are made with.
class Handles {
 public:
  Handles(StoreRef store, std::span<const lb_wit_object_t> objects, bool owns = true) noexcept
      : store_(std::move(store)), objects_(objects), owns_(owns) {}

  const StoreRef &store() const noexcept { return store_; }
  // Whether who reads a resource that is given has it from then on.
  bool owns() const noexcept { return owns_; }
  // The object of a handle, or null if it is that of a guest's resource.
  const HostObject *object(uint64_t handle, const FrameReader &frame) const {
    if (handle >> 32 != 0) return nullptr;
    if (handle >= objects_.size()) frame.wrong("there is no such object");
    return static_cast<const HostObject *>(objects_[handle].data);
  }

 private:
  StoreRef store_;
  std::span<const lb_wit_object_t> objects_;
  bool owns_;
};

inline void drop_object(void *data) { delete static_cast<HostObject *>(data); }

inline Handles &handles_of(const FrameReader &frame) {
  if (!frame.handles()) frame.wrong("no resource can be here");
  return *frame.handles();
}

// The handle of a guest's resource.
inline uint64_t guest_handle(FrameReader &frame) {
  const size_t at = frame.at();
  const uint64_t handle = frame.number<uint64_t>();
  if (handles_of(frame).object(handle, frame)) {
    LANDBRIDGE_THROW(WrongResource{at, "the resource is an object of the host, not one of a component"});
  }
  return handle;
}

// A Resource or a ResourceRef.
inline void write_handle(FrameWriter &frame, const auto &it) {
  frame.handle(it.handle(), it.store_ref() ? it.store_ref()->number : 0);
  if (StoreRef *told = frame.told_store(); told && !*told && it.store_ref()) [[unlikely]] {
    *told = it.store_ref();
    frame.for_store((*told)->number);
  }
}

inline const WitType &resource_type(WitSort sort) {
  static const WitType own = WitType::of(WitSort::own, "a resource that is given");
  static const WitType borrow = WitType::of(WitSort::borrow, "a resource that is lent");
  static const WitType either = WitType::of(either_resource, "a resource");
  return sort == WitSort::own ? own : sort == WitSort::borrow ? borrow : either;
}

template <>
struct Codec<Resource> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return resource_type(WitSort::own); }
  static void write(FrameWriter &frame, const Resource &it) { write_handle(frame, it); }
  static Resource read(FrameReader &frame) {
    const uint64_t handle = guest_handle(frame);
    return Resource(handles_of(frame).store(), handle, true);
  }
  static constexpr void bulk(Makers &) {}
};

template <>
struct Codec<ResourceRef> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return resource_type(WitSort::borrow); }
  static void write(FrameWriter &frame, const ResourceRef &it) { write_handle(frame, it); }
  static ResourceRef read(FrameReader &frame) {
    const uint64_t handle = guest_handle(frame);
    return ResourceRef(handles_of(frame).store(), handle);
  }
  static constexpr void bulk(Makers &) {}
};

// A class of its own for a resource, such as `landbridge types --cpp` writes: it derives from Resource, and is made of one.
template <class T>
concept ResourceClass = std::derived_from<T, Resource> && !std::same_as<T, Resource>;

template <ResourceClass T>
struct Codec<T> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return Codec<Resource>::type(); }
  static void write(FrameWriter &frame, const T &it) { Codec<Resource>::write(frame, it); }
  static T read(FrameReader &frame) { return T(Codec<Resource>::read(frame)); }
  static constexpr void bulk(Makers &) {}
};

// What the functions of a resource's class are found in. Throws TypeError if the resource came another way.
template <class Owner>
std::shared_ptr<const Owner> owner_of(const Resource &resource) {
  auto owner = resource ? resource.store_ref()->owner.lock() : nullptr;
  if (!owner) LANDBRIDGE_THROW(TypeError("the resource has no functions: it did not come from the exports of its component"));
  return std::static_pointer_cast<const Owner>(std::move(owner));
}

// An object of the program's, given or borrowed: both share it.
template <class T>
  requires std::is_class_v<T>
struct Codec<std::shared_ptr<T>> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return resource_type(either_resource); }
  static void write(FrameWriter &frame, const std::shared_ptr<T> &it) {
    if (!it) [[unlikely]] return frame.wrong(WrongAt::empty);
    frame.object({std::const_pointer_cast<std::remove_const_t<T>>(it), TypeId::of<T>()});
  }
  static std::shared_ptr<T> read(FrameReader &frame) {
    const size_t at = frame.at();
    const HostObject *object = handles_of(frame).object(frame.number<uint64_t>(), frame);
    if (!object) LANDBRIDGE_THROW(WrongResource{at, "the resource is of a component, not an object of the host"});
    if (!(object->type == TypeId::of<T>())) LANDBRIDGE_THROW(WrongResource{at, "the resource is an object of another class of the host"});
    return std::static_pointer_cast<T>(object->object);
  }
  static constexpr void bulk(Makers &) {}
};

}  // namespace detail

}  // namespace landbridge

#endif
