// The standard streams of guests.

#ifndef LANDBRIDGE_STDIO_HPP
#define LANDBRIDGE_STDIO_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "error.hpp"

namespace landbridge {

namespace detail {
class RawSandbox;
}

// What a guest reads.
class Input {
 public:
  // Nothing: it is at its end.
  Input() = default;
  // The process's own.
  static Input inherit() { return Input(LB_STREAM_INHERIT, {}); }
  static Input file(const std::filesystem::path &path) { return Input(LB_STREAM_FILE, path.string()); }
  static Input bytes(std::string bytes) { return Input(LB_STREAM_BYTES, std::move(bytes)); }
  static Input bytes(std::span<const std::byte> bytes) {
    return Input::bytes(std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  }

  // The struct of landbridge.h; lives as long as this object.
  lb_input_t get() const noexcept { return {from_, text_.c_str(), text_.data(), text_.size()}; }

 private:
  Input(lb_stream_t from, std::string text) : from_(from), text_(std::move(text)) {}
  lb_stream_t from_ = LB_STREAM_NONE;
  std::string text_ = {};  // the path or the bytes
};

// Where what a guest writes goes.
class Output {
 public:
  // Nowhere; the last of it is kept for Error::output().
  Output() = default;
  // The process's own.
  static Output inherit() { return Output(LB_STREAM_INHERIT); }
  // Kept for Store::take_stdout(), Store::take_stderr() or Store::take_refusals().
  static Output capture() { return Output(LB_STREAM_CAPTURE); }
  // A file, which is made, or emptied if it is there.
  static Output file(const std::filesystem::path &path) {
    Output made(LB_STREAM_FILE);
    made.path_ = path.string();
    return made;
  }
  // A callable that takes a std::string_view, or a std::span<const std::byte>: it is called with what a guest writes,
  // on the thread of the call that reached it. It cannot enter the guest's store: that throws Busy. It may throw
  // anything, which ends the guest and arrives at the outermost call as that very object.
  template <class F>
  static Output to(F callable) {
    return calling(LB_STREAM_CALLBACK, std::move(callable));
  }
  // The same with each line of text, as a std::string_view: UTF-8, in which what is invalid is replaced, without the
  // line's end. A line of more than 64 KiB comes in parts of that size, and a last line without an end when the call of
  // the guest ends.
  template <class F>
    requires std::is_invocable_v<F &, std::string_view>
  static Output lines(F callable) {
    return calling(LB_STREAM_LINES, std::move(callable));
  }

 private:
  template <class F>
  static Output calling(lb_stream_t to, F callable) {
    Output made(to);
    auto shared = std::make_shared<F>(std::move(callable));
    made.write_ = [shared](std::span<const std::byte> bytes) {
      if constexpr (std::is_invocable_v<F &, std::string_view>) {
        (*shared)(std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
      } else {
        (*shared)(bytes);
      }
    };
    return made;
  }

  using Write = std::function<void(std::span<const std::byte>)>;
  friend class detail::RawSandbox;

  explicit Output(lb_stream_t to) noexcept : to_(to) {}
  static lb_error_t *write(void *data, const uint8_t *bytes, size_t length) noexcept {
    LANDBRIDGE_TRY {
      (*static_cast<Write *>(data))(std::as_bytes(std::span(bytes, length)));
      return nullptr;
    } LANDBRIDGE_CATCH_ALL {
      return detail::caught();
    }
  }
  static void drop(void *data) { delete static_cast<Write *>(data); }

  lb_stream_t to_ = LB_STREAM_NONE;
  std::string path_ = {};
  Write write_ = {};
};

// A guest's standard streams. By default stdin is at its end, and what is written is dropped.
struct Stdio {
  Input in = {};
  Output out = {};
  Output err = {};
  // Lines about what WASI refused, each such as
  //
  //     refused: path_open "../x" below "/data": not permitted
  //
  // Inherited means the process's stderr. They are not counted as output; after 10,000 lines a store tells no more.
  // What a guest chose in them has no control characters.
  Output refusals = {};

  // The process's own streams; what is refused is not told.
  static Stdio inherit() { return {Input::inherit(), Output::inherit(), Output::inherit(), {}}; }
};

}  // namespace landbridge

#endif
