// Frames: the flat form in which values of WIT cross, in the order of their types.

#ifndef LANDBRIDGE_WIT_FRAME_HPP
#define LANDBRIDGE_WIT_FRAME_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "error.hpp"

namespace landbridge::detail {

static_assert(std::endian::native == std::endian::little, "frames are little-endian, and so is this library");

// A length that says that the number of a blob follows.
inline constexpr uint32_t is_blob = UINT32_MAX;

// From so many bytes on, a string or a list of numbers lies beside its frame, and is copied once.
inline constexpr size_t blob_min = 1024;

// How many bytes the number of a case takes, of so many.
constexpr size_t case_bytes(size_t cases) noexcept { return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4; }

// How many bytes so many flags take.
constexpr size_t flags_bytes(size_t flags) noexcept {
  return flags == 0 ? 0 : flags <= 8 ? 1 : flags <= 16 ? 2 : (flags + 31) / 32 * 4;
}

// What is wrong with a value that is being written. Who knows the types tells the place, and in words.
struct WrongAt {
  enum What { text, character, number, empty, store } what;
  size_t at;          // in the frame
  uint64_t given = 0;  // of a char or a number: its value; of a text: where it is wrong
};

// How a container of numbers or text takes bytes: they are copied once.
template <class C>
C container_of(const uint8_t *bytes, size_t length) {
  using T = typename C::value_type;
  if (reinterpret_cast<uintptr_t>(bytes) % alignof(T) == 0) {
    const T *items = reinterpret_cast<const T *>(bytes);
    return C(items, items + length / sizeof(T));
  }
  C items(length / sizeof(T), T());
  std::memcpy(items.data(), bytes, length);
  return items;
}

// A blob that a guest gave, as a container of C++.
class Kept {
 public:
  template <class C>
  static Kept of(const uint8_t *bytes, size_t length) {
    return Kept(std::make_unique<Of<C>>(container_of<C>(bytes, length)));
  }

  // The container, if it is such a one.
  template <class C>
  C *as() noexcept {
    return items_->tag() == &Of<C>::mark ? &static_cast<Of<C> *>(items_.get())->items : nullptr;
  }
  std::span<const uint8_t> bytes() const noexcept { return items_->bytes(); }

 private:
  struct Items {
    virtual ~Items() = default;
    virtual const char *tag() const noexcept = 0;
    virtual std::span<const uint8_t> bytes() const noexcept = 0;
  };

  template <class C>
  struct Of : Items {
    static constexpr char mark = 0;
    explicit Of(C all) : items(std::move(all)) {}
    const char *tag() const noexcept override { return &mark; }
    std::span<const uint8_t> bytes() const noexcept override {
      return {reinterpret_cast<const uint8_t *>(items.data()), items.size() * sizeof(items[0])};
    }
    C items;
  };

  explicit Kept(std::unique_ptr<Items> items) noexcept : items_(std::move(items)) {}

  std::unique_ptr<Items> items_;
};

// What is made of blobs, by how many bytes a number of theirs has: the first type of C++ that a result can have.
class Makers {
 public:
  template <class C>
  constexpr void add() {
    Make &known = make_[place(sizeof(typename C::value_type))];
    if (!known) known = &Kept::of<C>;
  }
  Kept make(const uint8_t *bytes, size_t length, size_t each) const {
    const Make known = make_[place(each)];
    return known ? known(bytes, length) : Kept::of<std::string>(bytes, length);
  }

 private:
  using Make = Kept (*)(const uint8_t *, size_t);
  static constexpr size_t place(size_t each) { return static_cast<size_t>(std::countr_zero(each)) & 3; }

  Make make_[4] = {};
};

// An object of the host that crosses as a resource: shared, and of a type that is known when it comes back.
struct HostObject {
  std::shared_ptr<void> object;
  TypeId type = {};

  friend bool operator==(const HostObject &one, const HostObject &other) noexcept { return one.object == other.object; }
};

struct ResourceStore;

// Writes values. What is large is borrowed, and must live until the frame was read.
class FrameWriter {
 public:
  FrameWriter() = default;
  FrameWriter(FrameWriter &&) = default;
  FrameWriter &operator=(FrameWriter &&) = default;

  void raw(const void *bytes, size_t count) {
    if (count != 0) std::memcpy(room(count), bytes, count);
  }
  template <class N>
    requires std::is_trivially_copyable_v<N>
  void number(N number) {
    std::memcpy(room(sizeof number), &number, sizeof number);
  }
  void boolean(bool truth) { *room(1) = truth; }
  // Which case it is, in 1, 2 or 4 bytes.
  void which(uint32_t which, size_t bytes) { raw(&which, bytes); }
  void count(size_t count) {
    if (count >= is_blob) [[unlikely]] LANDBRIDGE_THROW(LimitExceeded(std::to_string(count) + " elements are too many for a frame"));
    number(static_cast<uint32_t>(count));
  }
  // A string or a list of numbers.
  void bulk(const void *items, size_t count_of, size_t each) {
    const size_t bytes = count_of * each;
    if (bytes < blob_min) {
      uint8_t *to = room(4 + bytes);
      const uint32_t told = static_cast<uint32_t>(count_of);
      std::memcpy(to, &told, 4);
      if (bytes != 0) std::memcpy(to + 4, items, bytes);
      return;
    }
    blobs_.push_back({items, bytes, each});
    number(uint64_t{is_blob} | uint64_t{blobs_.size() - 1} << 32);
  }
  // The same of what does not live so long.
  void own(std::string text) {
    if (text.size() < blob_min) return bulk(text.data(), text.size(), 1);
    owned_.push_back(std::make_unique<std::string>(std::move(text)));
    bulk(owned_.back()->data(), owned_.back()->size(), 1);
  }
  // An object of the host, as its place in the list beside the frame.
  void object(HostObject object) {
    objects_.push_back(std::move(object));
    number(uint64_t{objects_.size() - 1});
  }

  // The handle of a guest's resource, of a store that has this number: which is that of the function, if it is for one.
  void handle(uint64_t handle, uint64_t store) {
    if (handle == 0) [[unlikely]] wrong(WrongAt::empty);
    if (store_ != 0 && store != store_) [[unlikely]] wrong(WrongAt::store);
    number(handle);
  }
  // Says which store the frame is for.
  void for_store(uint64_t number) noexcept { store_ = number; }
  // Has the store of the first handle told, where the frame is for none yet: there is but one in a value.
  void tell_store(std::shared_ptr<const ResourceStore> *to) noexcept { told_ = to; }
  std::shared_ptr<const ResourceStore> *told_store() const noexcept { return told_; }

  size_t at() const noexcept { return size_; }
  std::span<const uint8_t> bytes() const noexcept { return {bytes_.get(), size_}; }
  uint8_t *data() noexcept { return bytes_.get(); }
  std::span<const lb_wit_blob_t> blobs() const noexcept { return blobs_; }
  std::span<const HostObject> objects() const noexcept { return objects_; }

  // Makes it empty; the buffer stays, unless it is large.
  void clear() noexcept {
#ifdef LANDBRIDGE_NO_EXCEPTIONS
    wrong_.reset();
#endif
    size_ = 0;
    store_ = 0;
    told_ = nullptr;
    blobs_.clear();
    owned_.clear();
    objects_.clear();
    if (capacity_ > most_kept) {
      bytes_.reset();
      capacity_ = 0;
    }
  }

#ifndef LANDBRIDGE_NO_EXCEPTIONS
  [[noreturn]] void wrong(WrongAt::What what, uint64_t given = 0) const { throw WrongAt{what, size_, given}; }
#else
  // What is wrong is kept, and what is written after it is never sent.
  void wrong(WrongAt::What what, uint64_t given = 0) {
    if (!wrong_) wrong_ = WrongAt{what, size_, given};
  }
  // What is wrong first.
  const std::optional<WrongAt> &first_wrong() const noexcept { return wrong_; }

 private:
  std::optional<WrongAt> wrong_;
#endif

 private:
  static constexpr size_t most_kept = 64 << 10;

  uint8_t *room(size_t count) {
    if (capacity_ - size_ < count) [[unlikely]] grow(count);
    uint8_t *at = bytes_.get() + size_;
    size_ += count;
    return at;
  }
  void grow(size_t count) {
    size_t wanted = capacity_ < 256 ? 256 : 2 * capacity_;
    if (wanted - size_ < count) wanted = size_ + count;
    std::unique_ptr<uint8_t[]> larger(new uint8_t[wanted]);
    if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  }

  std::unique_ptr<uint8_t[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
  uint64_t store_ = 0;
  std::shared_ptr<const ResourceStore> *told_ = nullptr;
  std::vector<lb_wit_blob_t> blobs_;
  std::vector<std::unique_ptr<std::string>> owned_;
  std::vector<HostObject> objects_;
};

// Where a blob of a frame is that is being read.
class Blobs {
 public:
  virtual std::span<const uint8_t> bytes(uint32_t index) = 0;
  // The blob itself, if it may be moved out.
  virtual Kept *kept(uint32_t index) = 0;

 protected:
  ~Blobs() = default;
};

class Handles;

// Reads values. Who reads knows the types; that all is there is checked.
class FrameReader {
 public:
  explicit FrameReader(std::span<const uint8_t> bytes, Blobs *blobs = nullptr, Handles *handles = nullptr) noexcept
      : begin_(bytes.data()), at_(bytes.data()), end_(at_ + bytes.size()), blobs_(blobs), handles_(handles) {}

  const uint8_t *raw(size_t count) {
    if (static_cast<size_t>(end_ - at_) < count) [[unlikely]] wrong("bytes are missing");
    return std::exchange(at_, at_ + count);
  }
  template <class N>
    requires std::is_trivially_copyable_v<N>
  N number() {
    N number;
    std::memcpy(&number, raw(sizeof number), sizeof number);
    return number;
  }
  bool boolean() { return which(1, 2) != 0; }
  // Which case it is of so many.
  uint32_t which(size_t bytes, size_t of) {
    uint32_t which = 0;
    std::memcpy(&which, raw(bytes), bytes);
    if (which >= of) [[unlikely]] wrong("there is no such case");
    return which;
  }
  // How many elements follow, each of a byte or more.
  size_t count() {
    const size_t count = number<uint32_t>();
    if (count > static_cast<size_t>(end_ - at_)) [[unlikely]] wrong("elements are missing");
    return count;
  }
  // A string or a list of numbers.
  template <class C>
  C bulk() {
    using T = typename C::value_type;
    const uint32_t count = number<uint32_t>();
    if (count == is_blob) [[unlikely]] return beside<C>(number<uint32_t>());
    const size_t bytes = size_t{count} * sizeof(T);
    return container_of<C>(raw(bytes), bytes);
  }
  // The bytes of one, which live as long as the frame.
  std::span<const uint8_t> view(size_t each) {
    const uint32_t count = number<uint32_t>();
    if (count == is_blob) [[unlikely]] return blobs().bytes(number<uint32_t>());
    const size_t bytes = count * each;
    return {raw(bytes), bytes};
  }

  size_t at() const noexcept { return static_cast<size_t>(at_ - begin_); }
  bool is_at_end() const noexcept { return at_ == end_; }
  void end() const {
    if (at_ != end_) [[unlikely]] wrong("bytes are left");
  }
  Handles *handles() const noexcept { return handles_; }

  [[noreturn]] void wrong(const char *why) const {
    LANDBRIDGE_THROW(TypeError("the frame is malformed: " + std::string(why) + " (at byte " + std::to_string(at()) + " of " +
                    std::to_string(end_ - begin_) + ")"));
  }

 private:
  Blobs &blobs() const {
    if (!blobs_) wrong("there are no blobs");
    return *blobs_;
  }
  template <class C>
  C beside(uint32_t index) {
    if (Kept *kept = blobs().kept(index)) {
      if (C *items = kept->as<C>()) return std::move(*items);
    }
    const std::span<const uint8_t> bytes = blobs().bytes(index);
    return container_of<C>(bytes.data(), bytes.size());
  }

  const uint8_t *begin_;
  const uint8_t *at_;
  const uint8_t *end_;
  Blobs *blobs_;
  Handles *handles_;
};

}  // namespace landbridge::detail

#endif
