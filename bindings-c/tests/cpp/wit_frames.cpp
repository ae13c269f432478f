// Types of C++ as types of WIT: what each is called, and the bytes it crosses as. No guest is needed.

#include <landbridge/wit_described.hpp>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "check.h"

using namespace landbridge;
using detail::Codec;
using detail::FrameReader;
using detail::FrameWriter;
using detail::WrongAt;

namespace app {

struct Person {
  std::string name;
  std::optional<uint8_t> age;
  bool operator==(const Person &) const = default;
};

struct Circle {
  double radius;
  bool operator==(const Circle &) const = default;
};

struct Nowhere {
  bool operator==(const Nowhere &) const = default;
};

struct Shape : std::variant<Circle, Person, Nowhere, double> {
  using variant::variant;
};

enum class Color { red, dark_blue };

enum class Access : uint16_t { read = 1, write = 2, run = 4 };

enum class Many : uint8_t {};

}  // namespace app

template <>
struct landbridge::Wit<app::Person> {
  static constexpr auto fields = landbridge::fields("name", &app::Person::name, "age", &app::Person::age);
  static constexpr std::string_view name = "person";
};

template <>
struct landbridge::Wit<app::Circle> {
  static constexpr auto holds = &app::Circle::radius;
};

template <>
struct landbridge::Wit<app::Shape> {
  static constexpr auto cases = landbridge::names("circle", "owned-by", "nowhere", "other");
};

template <>
struct landbridge::Wit<app::Color> {
  static constexpr auto names = landbridge::names("red", "dark-blue");
};

template <>
struct landbridge::Wit<app::Access> {
  static constexpr auto flags = landbridge::names("read", "write", "run");
};

template <>
struct landbridge::Wit<app::Many> {
  static constexpr std::array<std::string_view, 33> names = [] {
    std::array<std::string_view, 33> all;
    all.fill("x");
    return all;
  }();
};

namespace {

using namespace app;

// What a view of a blob is read from.
class OwnBlobs final : public detail::Blobs {
 public:
  explicit OwnBlobs(const FrameWriter &frame, const detail::Makers &makers) {
    for (auto blob : frame.blobs()) kept_.push_back(makers.make(static_cast<const uint8_t *>(blob.data), blob.bytes, blob.each));
  }
  std::span<const uint8_t> bytes(uint32_t index) override { return kept_.at(index).bytes(); }
  detail::Kept *kept(uint32_t index) override { return &kept_.at(index); }

 private:
  std::vector<detail::Kept> kept_;
};

std::string bytes_of(const FrameWriter &frame) {
  return {reinterpret_cast<const char *>(frame.bytes().data()), frame.bytes().size()};
}

// The bytes that it crosses as, if they are read as the same.
template <class T>
std::string crossed(const T &it) {
  FrameWriter frame;
  Codec<T>::write(frame, it);
  detail::Makers makers;
  Codec<T>::bulk(makers);
  OwnBlobs blobs(frame, makers);
  FrameReader reader(frame.bytes(), &blobs);
  const bool same = Codec<T>::read(reader) == it;
  reader.end();
  return same ? bytes_of(frame) : "another value";
}

template <size_t N>
std::string bytes(const char (&text)[N]) {
  return std::string(text, N - 1);
}

void values() {
  CHECK(crossed(true) == bytes("\1") && crossed(int8_t{-1}) == "\xff" && crossed(uint16_t{0x1234}) == "\x34\x12");
  CHECK(crossed(int64_t{-2}) == "\xfe\xff\xff\xff\xff\xff\xff\xff" && crossed(1.0f) == bytes("\0\0\x80\x3f"));
  CHECK(crossed(2ll) == crossed(int64_t{2}) && crossed(2ul) == crossed(uint64_t{2}));
  CHECK(crossed(U'\U0010ffff') == bytes("\xff\xff\x10\0"));
  CHECK(crossed(std::string("Zo\xc3\xab")) == bytes("\4\0\0\0Zo\xc3\xab"));
  CHECK(crossed(std::vector<uint16_t>{1, 2}) == bytes("\2\0\0\0\1\0\2\0"));
  CHECK(crossed(std::vector<bool>{true, false}) == bytes("\2\0\0\0\1\0"));
  CHECK(crossed(std::vector<std::vector<uint8_t>>{{1}, {}}) == bytes("\2\0\0\0\1\0\0\0\1\0\0\0\0"));
  CHECK(crossed(std::tuple(uint8_t{1}, std::string("a"))) == bytes("\1\1\0\0\0a"));
  CHECK(crossed(std::pair(uint8_t{1}, false)) == bytes("\1\0"));
  using Nested = std::optional<std::optional<uint8_t>>;
  CHECK(crossed(Nested()) == bytes("\0") && crossed(Nested(std::optional<uint8_t>())) == bytes("\1\0"));
  CHECK(crossed(Nested(std::optional<uint8_t>(5))) == bytes("\1\1\5"));
  using Result = WitResult<uint8_t, std::string>;
  CHECK(crossed(Result(7)) == bytes("\0\7") && crossed(Result(Err("no"))) == bytes("\1\2\0\0\0no"));
  CHECK(crossed(WitResult<void, uint8_t>()) == bytes("\0") && crossed(WitResult<void, uint8_t>(Err(3))) == bytes("\1\3"));
  CHECK((crossed(WitResult<void, void>(Err(std::monostate()))) == bytes("\1")));
}

void described() {
  CHECK(crossed(Person{"Ada", 36}) == bytes("\3\0\0\0Ada\1\x24"));
  CHECK(crossed(Shape(Circle{0.0})) == bytes("\0\0\0\0\0\0\0\0\0") && crossed(Shape(Nowhere())) == bytes("\2"));
  CHECK(crossed(Shape(std::in_place_index<3>, 0.0)) == bytes("\3\0\0\0\0\0\0\0\0"));
  CHECK(crossed(Shape(Person{"", {}})) == bytes("\1\0\0\0\0\0"));
  CHECK(crossed(Color::dark_blue) == bytes("\1"));
  CHECK((crossed(Flags<Color>{Color::red, Color::dark_blue}) == bytes("\3") && Flags<Color>().is_empty()));
  CHECK(crossed(static_cast<Access>(5)) == bytes("\5"));
  CHECK(crossed(Flags<Many>(static_cast<Many>(32))) == bytes("\0\0\0\0\1\0\0\0"));
}

void types() {
  CHECK(Codec<Person>::type().text() == "person" && Codec<Person>::type().parts()[1].type.text() == "option<u8>");
  CHECK(Codec<std::vector<std::byte>>::type().text() == "list<u8>" && Codec<long long>::type().text() == "s64");
  CHECK(Codec<std::span<const float>>::type().text() == "list<f32>");
  CHECK((Codec<WitResult<void, std::string>>::type().text() == "result<_, string>"));
  CHECK((Codec<WitResult<bool, void>>::type().text() == "result<bool>"));
  CHECK((Codec<std::tuple<char32_t, uint64_t>>::type().text() == "tuple<char, u64>"));
  const WitType &shape = Codec<Shape>::type();
  CHECK(shape.parts().size() == 4 && shape.parts()[0].type.text() == "f64" && !shape.parts()[2].type);
  CHECK(Codec<Person>::made && !Codec<std::string_view>::made && !Codec<std::vector<std::string_view>>::made);
}

void blobs() {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1023}, size_t{1024}, size_t{5000}}) {
    const std::string text(size, 'x');
    CHECK(crossed(text).size() == (size < 1024 ? 4 + size : 8));
    const std::vector<uint32_t> numbers(size, 7);
    CHECK(crossed(numbers).size() == (size < 256 ? 4 + 4 * size : 8));
    CHECK(crossed(std::vector<std::string>{text, "a", text}).size() == 9 + 2 * (size < 1024 ? 4 + size : 8));
  }
  // What is large is not copied.
  const std::vector<double> large(1000, 1.5);
  FrameWriter frame;
  Codec<std::span<const double>>::write(frame, large);
  CHECK(frame.blobs().size() == 1 && frame.blobs()[0].data == large.data());
  frame.clear();
  CHECK(frame.at() == 0 && frame.blobs().empty());
}

// Where, and what is wrong.
template <class T>
std::pair<size_t, WrongAt::What> wrong(const T &it) {
  FrameWriter frame;
  try {
    Codec<T>::write(frame, it);
  } catch (const WrongAt &wrong) {
    return {wrong.at, wrong.what};
  }
  return {SIZE_MAX, WrongAt::empty};
}

void wrong_values() {
  using Texts = std::tuple<uint8_t, std::string>;
  CHECK((wrong(Texts(1, "\xff")) == std::pair<size_t, WrongAt::What>(1, WrongAt::text)));
  CHECK(wrong(char32_t{0xd800}).second == WrongAt::character && wrong(char32_t{0x110000}).second == WrongAt::character);
  CHECK(wrong(static_cast<Color>(2)).second == WrongAt::number && wrong(static_cast<Access>(8)).second == WrongAt::number);
  CHECK(wrong(static_cast<Color>(-1)).second == WrongAt::number);
  for (const char *text : {"\x80", "\xc1\x81", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5",
                           "\xc3", "\xe2\x82", "12345678\xff", "12345678\xe2\x82x", "\xf0\x90\x80", "abc\xc3("}) {
    CHECK(wrong(std::string(text)).second == WrongAt::text);
  }
  for (const char *text : {"", "\x7f", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
                           "\xf4\x8f\xbf\xbf", "1234567\xe2\x82\xac" "12345678"}) {
    CHECK(wrong(std::string(text)).first == SIZE_MAX);
  }
}

template <class T, size_t N>
bool refused(const char (&frame)[N]) {
  return throws<TypeError>([&] {
    FrameReader reader({reinterpret_cast<const uint8_t *>(frame), N - 1});
    (void)Codec<T>::read(reader);
    reader.end();
  });
}

// Frames that are malformed.
void broken_frames() {
  CHECK(refused<uint32_t>("\1\0\0") && refused<bool>("\2") && refused<Color>("\2") && refused<uint8_t>("\1\2"));
  CHECK(refused<std::string>("\2\0\0\0a") && refused<std::string>("\xff\xff\xff\xff\0\0\0\0"));
  CHECK(refused<std::vector<std::string>>("\xfe\xff\xff\xff") && refused<Shape>("\4"));
  CHECK(refused<std::vector<uint64_t>>("\xff\xff\xff\x7f") && refused<std::optional<bool>>("\1"));
}

}  // namespace

int main() {
  values();
  described();
  types();
  blobs();
  wrong_values();
  broken_frames();
  return finish();
}
