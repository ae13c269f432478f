// Frames as they cross: lent for a call, and what takes a result.

#ifndef LANDBRIDGE_WIT_CROSSING_HPP
#define LANDBRIDGE_WIT_CROSSING_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "error.hpp"
#include "store.hpp"
#include "wit_dynamic.hpp"
#include "wit_frame.hpp"
#include "wit_resource.hpp"
#include "wit_type.hpp"
#include "wit_wrong.hpp"

namespace landbridge::detail {

// A writer whose buffer was used before by this thread. A call within a call has one of its own.
class SpareWriter {
 public:
  SpareWriter() : frame_(taken()) {}
  SpareWriter(const SpareWriter &) = delete;
  SpareWriter &operator=(const SpareWriter &) = delete;
  ~SpareWriter() {
    frame_->clear();
    if (!is_over && spare().size() < most_spare) spare().push_back(std::move(frame_));
  }
  FrameWriter &operator*() const noexcept { return *frame_; }

 private:
  struct Spare : std::vector<std::unique_ptr<FrameWriter>> {
    Spare() { reserve(most_spare); }
    ~Spare() { is_over = true; }
  };
  static constexpr size_t most_spare = 4;
  // Whether the thread has none any more, since it ends: destructors of objects with static lifetime may call still.
  static inline thread_local bool is_over = false;

  static Spare &spare() {
    static thread_local Spare spare;
    return spare;
  }
  static std::unique_ptr<FrameWriter> taken() {
    if (is_over || spare().empty()) return std::make_unique<FrameWriter>();
    auto last = std::move(spare().back());
    spare().pop_back();
    return last;
  }

  std::unique_ptr<FrameWriter> frame_;
};

// A frame that is lent to the library. Objects in it are the library's from then on.
class Lending {
 public:
  explicit Lending(FrameWriter &frame) {
    objects_.reserve(frame.objects().size());
    for (const HostObject &object : frame.objects()) objects_.push_back({new HostObject(object), &drop_object});
    raw_ = {frame.data(),   frame.bytes().size(), frame.blobs().data(), frame.blobs().size(),
            objects_.data(), objects_.size()};
  }
  const lb_wit_frame_t *get() const noexcept { return &raw_; }

 private:
  std::vector<lb_wit_object_t> objects_;
  lb_wit_frame_t raw_;
};

// Closes the resources that a frame gives away, from a place on: nobody will.
inline void give_up(FrameReader frame, size_t from, const StoreRef &store, auto roots) noexcept {
  LANDBRIDGE_TRY {
    FrameWalk walk(frame, [&](const WitPlace &, const WitType &type, FrameReader &reader) {
      if (type.sort() != WitSort::own || reader.at() < from) return;
      FrameReader ahead = reader;
      const uint64_t handle = ahead.number<uint64_t>();
      if (handle >> 32 != 0) Resource(store, handle, true);
    });
    roots(walk);
  } LANDBRIDGE_CATCH_ALL {
    // The frame is malformed, and nothing of it can be known.
  }
}

// The error of a resource that is not what a type of C++ asks for, with its place.
[[noreturn]] inline void wrong_resource(const std::string &before, FrameReader frame, const WrongResource &wrong, auto roots) {
  FrameWalk walk(frame, [&](const WitPlace &place, const WitType &, FrameReader &reader) {
    if (reader.at() == wrong.at) LANDBRIDGE_THROW(TypeError(before + place.text() + ": " + wrong.text));
  });
  roots(walk);
  LANDBRIDGE_THROW(TypeError(before + wrong.text));
}

// Takes the result of a call, as `Read` reads it.
template <class Read>
class Receiver final : public Blobs {
 public:
  Receiver(Read read, const Makers &makers, const StoreRef &store, const WitType &type)
      : read_(read), makers_(makers), store_(store), type_(type) {}

  lb_wit_sink_t sink() noexcept { return {sizeof(lb_wit_sink_t), this, nullptr, &result, &take}; }

  std::span<const uint8_t> bytes(uint32_t index) override { return kept_.at(index).bytes(); }
  Kept *kept(uint32_t index) override { return &kept_.at(index); }

 private:
  static lb_error_t *take(void *data, const void *bytes, size_t length, size_t each) noexcept {
    LANDBRIDGE_TRY {
      auto &self = *static_cast<Receiver *>(data);
      self.kept_.push_back(self.makers_.make(static_cast<const uint8_t *>(bytes), length, each));
      return nullptr;
    } LANDBRIDGE_CATCH_ALL {
      return caught();
    }
  }

  static lb_error_t *result(void *data, const lb_wit_frame_t *frame) noexcept {
    LANDBRIDGE_TRY {
      static_cast<Receiver *>(data)->read(*frame);
      return nullptr;
    } LANDBRIDGE_CATCH_ALL {
      return caught();
    }
  }

  void read(const lb_wit_frame_t &frame) {
    Handles handles(store_, {frame.objects, frame.nobjects});
    FrameReader reader({frame.bytes, frame.length}, this, &handles);
    const FrameReader begin = reader;
    const auto roots = [&](FrameWalk &walk) { walk.value(WitPlace("result"), type_); };
    LANDBRIDGE_TRY {
      read_(reader);
      reader.end();
    } LANDBRIDGE_CATCH(const WrongResource &wrong) {
      give_up(begin, wrong.at, store_, roots);
      wrong_resource("", begin, wrong, roots);
    } LANDBRIDGE_CATCH_ALL {
      // What a type of the program's threw: what was not read yet is nobody's.
      give_up(begin, reader.at(), store_, roots);
      LANDBRIDGE_RETHROW;
    }
  }

  Read read_;
  const Makers &makers_;
  const StoreRef &store_;
  const WitType &type_;
  std::vector<Kept> kept_;
};

}  // namespace landbridge::detail

#endif
