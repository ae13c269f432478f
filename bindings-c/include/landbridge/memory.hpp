// Linear memories, and views of them.

#ifndef LANDBRIDGE_MEMORY_HPP
#define LANDBRIDGE_MEMORY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "handle.hpp"
#include "out.hpp"
#include "store.hpp"
#include "text.hpp"
#include "types.hpp"

namespace landbridge {

// The bytes of a memory in place, kept mapped while this object lives, whatever else is closed or
// grown. After growth it shows the first part.
class View {
 public:
  explicit View(lb_view_t view) noexcept : view_(view) {}
  View(View &&other) noexcept : view_(std::exchange(other.view_, lb_view_t{})) {}
  View &operator=(View &&other) noexcept {
    std::swap(view_, other.view_);
    return *this;
  }
  ~View() {
    if (view_.id != 0) lb_error_free(lb_view_release(view_));
  }

  std::span<std::byte> span() const noexcept {
    return {reinterpret_cast<std::byte *>(view_.data), view_.length};
  }

 private:
  lb_view_t view_;
};

// A linear memory.
class Memory : public detail::Item<lb_memory_t, lb_memory_release, lb_memory_same> {
 public:
  using Item::Item;

  // Makes a memory that modules in this store can import. Throws LimitExceeded.
  Memory(const Store &store, const MemoryType &type) {
    const lb_memory_type_t raw = type.get();
    detail::check(lb_memory_new(store.get(), &raw, &handle_));
  }

  // All its bytes in place, as it is now. The span is good until the store is closed or nothing of it
  // is held any more, also after growth (then it shows the first part); a view() is good for longer.
  std::span<std::byte> span() const { return view().span(); }

  View view() const { return View(detail::made<lb_view_t>(lb_memory_view, handle_)); }

  // Copies out. Throws OutOfBounds.
  void read(uint64_t offset, std::span<std::byte> bytes) const {
    detail::check(lb_memory_read(handle_, offset, bytes.data(), bytes.size()));
  }
  // The same as a text.
  std::string read_string(uint64_t offset, size_t length) const {
    // No room is made for more than there can be: a length is often what a guest says.
    std::string text(length <= size_bytes() ? length : 0, '\0');
    detail::check(lb_memory_read(handle_, offset, text.data(), length));
    return text;
  }
  // A text of so many bytes, which must be UTF-8. Throws TypeError, saying where it is not, and OutOfBounds.
  std::string read_text(uint64_t offset, size_t length) const {
    // No room is made for more than there is: a length is often what a guest says.
    const uint64_t size = size_bytes();
    const bool is_there = offset <= size && length <= size - offset;
    return text_of(is_there ? length + 1 : 1, [&](char *text, size_t room, size_t *whole) {
      return lb_memory_read_text(handle_, offset, length, text, room, whole);
    });
  }
  // A text up to its zero byte, which is searched for in most bytes, in 1 MiB if that is 0. Throws OutOfBounds if there
  // is none, TypeError.
  std::string read_c_string(uint64_t offset, size_t most = 0) const {
    return text_of(256, [&](char *text, size_t room, size_t *whole) {
      return lb_memory_read_c_string(handle_, offset, most, text, room, whole);
    });
  }
  // Writes a text, which must be UTF-8, without a zero byte behind it, and returns how many bytes it has. Throws
  // OutOfBounds, and then nothing is written; TypeError.
  size_t write_text(uint64_t offset, std::string_view text) const {
    return detail::made<size_t>(lb_memory_write_text, handle_, offset, detail::c_name(std::string(text)).c_str());
  }
  // Copies in. Throws OutOfBounds, and then nothing is written.
  void write(uint64_t offset, std::span<const std::byte> bytes) const {
    detail::check(lb_memory_write(handle_, offset, bytes.data(), bytes.size()));
  }
  void write(uint64_t offset, std::string_view text) const {
    detail::check(lb_memory_write(handle_, offset, text.data(), text.size()));
  }

  // Grows by pages and returns the former size in pages. Throws MemoryLimit.
  uint64_t grow(uint64_t pages) const { return detail::made<uint64_t>(lb_memory_grow, handle_, pages); }
  uint64_t size_bytes() const { return detail::made<uint64_t>(lb_memory_size_bytes, handle_); }
  uint64_t size_pages() const { return detail::made<uint64_t>(lb_memory_size_pages, handle_); }
  MemoryType type() const { return MemoryType::of(detail::made<lb_memory_type_t>(lb_memory_type, handle_)); }

 private:
  // The guest may have made it longer between two reads.
  template <class Read>
  static std::string text_of(size_t room, Read read) {
    std::string text;
    for (size_t whole = room - 1;; room = whole + 1) {
      text.resize(room);
      detail::check(read(text.data(), room, &whole));
      text.resize(std::min(whole, room));
      if (whole < room) return text;
    }
  }
};

}  // namespace landbridge

#endif
