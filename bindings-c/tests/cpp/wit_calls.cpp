// Calls of components: signatures of C++, values that are known when a program runs, errors, what the program lends.

#include "wit_paint.h"

#include <bit>
#include <cmath>
#include <limits>

using namespace std::chrono_literals;
using paint::Boom;
using paint::Circle;
using paint::Order;
using paint::Shape;

namespace {

struct Unordered {
  std::vector<uint8_t> coats;
  std::string colour;
};

struct Misspelt {
  std::string color;
  std::vector<uint8_t> coats;
  std::optional<std::string> note;
};

}  // namespace

template <>
struct landbridge::Wit<Unordered> {
  static constexpr auto fields = landbridge::fields("coats", &Unordered::coats, "colour", &Unordered::colour);
};

template <>
struct landbridge::Wit<Misspelt> {
  static constexpr auto fields =
      landbridge::fields("color", &Misspelt::color, "coats", &Misspelt::coats, "note", &Misspelt::note);
};

namespace {

void hello() {
  auto greet = Module::load(guide + "greet.wat").instantiate();
  auto hello = greet.wit_func<std::string(std::string_view)>("hello");
  CHECK(hello("Ada") == "Hello, Ada!" && hello("") == "Hello, !");
  CHECK(greet.wit_call("hello", {"Ada"}) == WitValue("Hello, Ada!"));
  const std::string large(100'000, 'x');
  CHECK(hello(large) == "Hello, " + large + "!");
  CHECK(greet.wit_func("hello").type().text() == "func(name: string) -> string");
  CHECK(greet.wit_func<std::string(const std::string &)>("hello")("Ada") == "Hello, Ada!");
  CHECK(greet.wit_func<std::string(const char *)>("hello")("Ada") == "Hello, Ada!");

  WitCall<std::string> later = hello.call_async("Ada");
  CHECK(later.get() == "Hello, Ada!" && later.is_done() && later.wait_for(0s));
  CHECK(greet.wit_func("hello").call_async({"Bob"}).get() == WitValue("Hello, Bob!"));
  Pool pool(Module::load(guide + "greet.wat"));
  CHECK(pool.wit_call("hello", {"Ada"}) == WitValue("Hello, Ada!"));
  CHECK(pool.wit_call_async(greet.wit_func("hello"), {"Ada"}).get() == WitValue("Hello, Ada!"));
}

void signatures() {
  auto greet = Module::load(guide + "greet.wat").instantiate();
  auto it = paint::make();
  const auto wrong = [&]<class Signature>(const Instance &of, const char *name, Signature *) {
    return words<TypeError>([&] { (void)of.wit_func<Signature>(name); });
  };
  using std::string;
  CHECK(wrong(greet, "hello", static_cast<uint32_t (*)(string)>(nullptr)) ==
        "hello: result: the function gives string, not u32");
  CHECK(wrong(greet, "hello", static_cast<string (*)(std::span<const uint8_t>)>(nullptr)) ==
        "hello: args[0]: the function takes string, not list<u8>");
  CHECK(wrong(greet, "hello", static_cast<string (*)()>(nullptr)) ==
        "hello: the function takes 1 argument, not 0: it is func(name: string) -> string");
  CHECK(wrong(greet, "hello", static_cast<void (*)(string)>(nullptr)) ==
        "hello: result: the function gives string, not nothing");
  CHECK(wrong(it, "shapes#cost", static_cast<uint32_t (*)(const Misspelt &)>(nullptr)) ==
        "shapes#cost: args[0]: the record has no field \"color\"; did you mean \"colour\"?");
  CHECK(wrong(it, "shapes#cost", static_cast<uint32_t (*)(const Unordered &)>(nullptr)) ==
        "shapes#cost: args[0]: field \"note\" of the record is missing");
  CHECK(wrong(it, "shapes#cost", static_cast<string (*)(const Order &)>(nullptr)) ==
        "shapes#cost: result.ok: the function gives u32, not string");
  CHECK(wrong(it, "shapes#cost", static_cast<WitResult<uint32_t, uint32_t> (*)(const Order &)>(nullptr)) ==
        "shapes#cost: result.err: the function gives string, not u32");
  CHECK(wrong(it, "shapes#canvas.draw", static_cast<void (*)(Resource, const Shape &)>(nullptr)) ==
        "shapes#canvas.draw: args[0]: the function takes borrow<canvas>, not a resource that is given");
  CHECK(throws<NotFound>([&] { (void)greet.wit_func<void()>("helo"); }));
  CHECK(throws<Unsupported>([&] { (void)Module::from_text("(module)").instantiate().wit_func("hello"); }));
}

void records_and_errors() {
  auto it = paint::make();
  auto area = it.wit_func<double(const Shape &)>("demo:paint/shapes@1.2.0#area");
  CHECK(area(std::tuple(2.0, 3.0)) == 6 && area(paint::Nothing()) == 0 && std::abs(area(Circle{1}) - 3.14159) < 0.001);
  auto cost = it.wit_func<uint32_t(const Order &)>("shapes#cost");
  CHECK(cost({"red", {1, 2}}) == 3600);
  try {
    cost({"blue", {1}});
    CHECK(false);
  } catch (const WitError &error) {
    CHECK(error.kind() == Kind::wit && error.payload<std::string>() == "there is no blue");
    CHECK(error.what() == std::string("err(\"there is no blue\")") && error.payload() == WitValue("there is no blue"));
    CHECK(words<TypeError>([&] { (void)error.payload<uint32_t>(); }) == "value: expected u32, got string");
  }
  auto either = it.wit_func<WitResult<uint32_t, std::string>(const Order &)>("shapes#cost");
  CHECK(either({"red", {1}}).value() == 1200 && either({"blue", {1}}).error() == "there is no blue");
  CHECK(throws<WitError>([&] { cost.call_async({"blue", {1}}).get(); }) && cost.call_async({"red", {1}}).get() == 1200);
}

void wrong_values() {
  auto it = paint::make();
  const WitFunc cost = it.wit_func("shapes#cost");
  const auto order = [](WitValue coats) { return WitValue::record({{"colour", "red"}, {"coats", std::move(coats)}}); };
  CHECK(words<RangeError>([&] { cost.call({order(WitValue::list({2, 300}))}); }) == "args[0].coats[1]: 300 does not fit in u8");
  CHECK(words<TypeError>([&] { cost.call({order("x")}); }) == "args[0].coats: expected list<u8>, got string");
  CHECK(words<TypeError>([&] { cost.call({WitValue::record({{"colour", "red"}})}); }) ==
        "args[0]: field \"coats\" of order is missing");
  CHECK(words<TypeError>([&] { cost.call({"x"}); }) == "args[0]: expected order, got string");
  CHECK(words<TypeError>([&] { cost.call({}); }) ==
        "shapes#cost takes 1 argument, got 0: it is func(order: order) -> result<u32, string>");
  CHECK(words<TypeError>([&] { it.wit_call("shapes#area", {WitValue::variant("cirle", 1.0)}); }) ==
        "args[0]: shape has no case \"cirle\"; did you mean \"circle\"?");
  // With types of C++ few values can be wrong; the place is found all the same.
  auto typed = it.wit_func<uint32_t(const Order &)>("shapes#cost");
  CHECK(words<TypeError>([&] { typed({"red", {1}, "\xc3("}); }) ==
        "args[0].note: expected string, got bytes that are not UTF-8");
  // Nothing was entered, and nothing is broken.
  CHECK(typed({"red", {1}}) == 1200);
}

void values() {
  const Order ada{"red", {1, 2}, "quick"};
  const WitValue value = WitValue::of(ada);
  CHECK(value.text() == "{colour: \"red\", coats: [1, 2], note: some(\"quick\")}" && value.as<Order>() == ada);
  CHECK(*value.field("colour") == WitValue("red") && !value.field("color") && value == WitValue::of(ada));
  CHECK(WitValue::list({WitValue::none(), WitValue::some(5)}).text() == "[none, some(5)]");
  CHECK(WitValue::list({WitValue::ok(1), WitValue::err("x")}).text() == "[ok(1), err(\"x\")]");
  CHECK(WitValue::list({WitValue::variant("a"), WitValue::variant("b", 1)}).text() == "[a, b(1)]");
  CHECK(WitValue::tuple({true, U'x', 1.5f, WitValue::flags({"a", "b"})}).text() == "(true, 'x', 1.5, {a, b})");
  CHECK(WitValue(std::vector<double>{1.5, 2.25}).text() == "[1.5, 2.25]" && WitValue(uint64_t{1}).as<int8_t>() == 1);
  CHECK(words<RangeError>([] { (void)WitValue(300).as<uint8_t>(); }) == "value: 300 does not fit in u8");
  CHECK((WitValue(std::vector<uint16_t>(5000, 7)).as<std::vector<uint16_t>>() == std::vector<uint16_t>(5000, 7)));
  auto it = paint::make();
  const WitType order = it.wit_func("shapes#cost").type().params[0].type;
  CHECK(order.parse("{colour: \"red\", coats: []}").as<Order>() == Order{"red", {}} && order.name() == "order");
  CHECK(order.interface() == "demo:paint/shapes@1.2.0" && order.parts()[1].type.text() == "list<u8>");
  CHECK(throws<TypeError>([&] { (void)order.parse("{colour: 1}"); }) && order.format(value) == value.text());
}

void callables() {
  auto it = paint::make();
  auto cost = it.wit_func<uint32_t(const Order &)>("shapes#cost");
  try {
    cost({"boom", {1}});
    CHECK(false);
  } catch (const Boom &boom) {
    try {
      std::rethrow_exception(paint::thrown);
    } catch (const Boom &original) {
      CHECK(&boom == &original);  // the very object
    }
  }
  CHECK(throws<Poisoned>([&] { cost({"red", {1}}); }));

  // Each way to say the same.
  const auto with = [](auto callable) {
    Imports lent;
    lent.wit_func("prices", "price", std::move(callable)).wit_resource("journals", "journal");
    lent.wit_func("journals", "[method]journal.write", &paint::Journal::write);
    return paint::make(lent).wit_func<uint32_t(const Order &)>("shapes#cost")({"red", {1}});
  };
  using Outcome = WitResult<uint32_t, std::string>;
  CHECK(with([](const std::string &colour) -> Outcome { return colour == "red" ? Outcome(5) : Err("no"); }) == 5);
  CHECK(with([](const Context &context, std::string colour) {
          return static_cast<uint32_t>(colour.size() + context.name().size());
        }) == 3 + std::string("demo:paint/prices@1.2.0#price").size());
  CHECK(with([](const Context &, std::span<const WitValue> args) -> WitValue { return args[0].text().size(); }) == 5);
  CHECK(with([](const Context &, const WitFuncType &type, std::span<const WitValue>) -> WitValue {
          return WitValue::ok(type.text().size());
        }) == std::string("func(colour: string) -> result<u32, string>").size());
  CHECK(with([owned = std::make_unique<uint32_t>(9)](std::string_view) { return *owned; }) == 9);
  CHECK(throws<WitError>([&] { with([](std::string_view) -> Outcome { return Err("no"); }); }));
  CHECK(words<TypeError>([&] { with([](std::string_view) -> uint32_t { throw WitError(5); }); }) ==
        "result of demo:paint/prices@1.2.0#price.err: expected string, got s32");
  CHECK(words<RangeError>([&] { with([](const Context &, std::span<const WitValue>) -> WitValue { return -1; }); }) ==
        "result of demo:paint/prices@1.2.0#price.ok: -1 does not fit in u32");
}

void links() {
  const auto linked = [](auto callable) {
    Imports lent = paint::imports();
    lent.wit_func("prices", "price", std::move(callable));
    return words<LinkError>([&] { (void)paint::make(lent); });
  };
  CHECK(linked([](uint32_t) { return 1u; }) ==
        "demo:paint/prices@1.2.0#price is func(colour: string) -> result<u32, string>, not func(u32) -> u32: args[0]: the "
        "guest passes string, not u32");
  CHECK(linked([](std::string_view) { return std::string(); }).ends_with("result.ok: the guest expects u32, not string"));
  const std::string missing = words<LinkError>([] { (void)paint::make(Imports()); });
  CHECK(missing.find("prices@1.2.0#price: func(colour: string) -> result<u32, string>") != std::string::npos);
}

// What was moved from, what stands for nothing, text that is none, values that are too deep, names that stand twice in a list.
void edges() {
  auto it = paint::make();
  auto area = it.wit_func<double(const Shape &)>("shapes#area");
  const auto moved = std::move(area);
  CHECK(area(Circle{1}) == moved(Circle{1}) && area.func().name() == "shapes#area");
  auto call = moved.call_async(Circle{1});
  const auto other = std::move(call);
  CHECK(throws<TypeError>([&] { call.get(); }) && other.get() > 3);

  const WitType none = it.wit_func("shapes#canvas.draw").type().result;
  CHECK(!none && none.text().empty() && none.name().empty() && none.parts().empty() && none.sort() == WitSort::nothing);
  CHECK(throws<TypeError>([&] { none.parse("1"); }) && throws<TypeError>([&] { none.format(1); }));

  const auto hello = Module::load(guide + "greet.wat").instantiate().wit_func<std::string(const char *)>("hello");
  CHECK(words<TypeError>([&] { hello(nullptr); }) == "args[0]: expected string, got nothing");

  CHECK(words<TypeError>([] { (void)WitValue::of(std::vector<std::string>{"a", "\xff", "b", "c", "d", "e"}); })
            .starts_with("value[1]: expected string, got bytes"));
  CHECK(words<RangeError>([] { (void)WitValue::of(std::vector<char32_t>{0xd800}); }) == "value[0]: 0xd800 does not fit in char");

  WitValue deep = 1;
  for (int i = 0; i < 1000; ++i) deep = WitValue::some(std::move(deep));
  CHECK(words<LimitExceeded>([&] { (void)deep.text(); }) == "value: a value is more than 200 deep");
  const auto named = [](const char *name) { return WitValue::enumerator(name); };
  CHECK(WitValue::list({named("a"), named("b"), named("b"), named("a")}).text() == "[a, b, b, a]");
}

// Calls while the program ends, when what its thread kept for calls is gone.
struct Late {
  std::optional<Instance> greet;
  std::optional<TypedWitFunc<std::string(std::string_view)>> hello;
  ~Late() {
    if (!hello || (*hello)("Ada") != "Hello, Ada!") std::_Exit(1);
  }
};
Late late;

}  // namespace

int main() {
  late.greet.emplace(Module::load(guide + "greet.wat").instantiate());
  late.hello.emplace(late.greet->wit_func<std::string(std::string_view)>("hello"));
  hello();
  signatures();
  records_and_errors();
  wrong_values();
  values();
  callables();
  links();
  edges();
  return finish();
}
