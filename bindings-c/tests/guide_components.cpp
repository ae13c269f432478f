// The programs of the guide's pages on components; they are cut from here. Runs in core/tests/guide.

#include <cassert>
#include <iostream>
#include <landbridge.hpp>
#include <memory>
#include <stdexcept>

// [types]
struct Order {                                                        // record order
  std::string colour;
  std::vector<uint8_t> coats;
  std::optional<std::string> note;
};
template <>
struct landbridge::Wit<Order> {
  static constexpr auto fields = landbridge::fields("colour", &Order::colour, "coats", &Order::coats, "note", &Order::note);
};

struct Circle { double radius; };
template <>
struct landbridge::Wit<Circle> {
  static constexpr auto holds = &Circle::radius;                      // the case holds an f64
};
using Rectangle = std::tuple<double, double>;
struct Nothing {};
struct Shape : std::variant<Circle, Rectangle, Nothing> {             // variant shape
  using variant::variant;
};
template <>
struct landbridge::Wit<Shape> {
  static constexpr auto cases = landbridge::names("circle", "rectangle", "nothing");
};
// [end types]

// [journal]
struct Journal {
  std::vector<std::string> lines;
  void write(std::string line) { lines.push_back(std::move(line)); }
};
// [end journal]

static uint32_t price(std::string_view colour) {
  if (colour == "red") return 1200;
  throw landbridge::WitError("there is no " + std::string(colour));
}

static landbridge::Imports lent() {
  landbridge::Imports imports;
  imports.wit_func("prices", "price", price);
  imports.wit_func("journals", "journal.write", &Journal::write);
  return imports;
}

static landbridge::Instance open() { return landbridge::Module::load("paint.wat").instantiate(lent()); }

static void values() {
  auto paint = open();
  // [values]
  auto area = paint.wit_func<double(Shape)>("shapes#area");           // looked up and checked once
  auto cost = paint.wit_func<uint32_t(Order)>("shapes#cost");         // ok is what it gives, err is thrown
  double round = area(Circle{2});
  uint32_t cents = cost({"red", {2, 1}, std::nullopt});
  // [end values]
  assert(round > 12.5 && round < 12.6 && cents == 3600);

  // [dynamic]
  using landbridge::WitValue;
  auto order = WitValue::record({{"colour", "red"}, {"coats", std::vector<uint8_t>{2, 1}}});
  WitValue given = paint.wit_call("shapes#cost", {order});            // no types of your own
  // [end dynamic]
  assert(given.as<uint32_t>() == 3600);
}

static void names() {
  auto paint = open();
  // [names]
  auto area = paint.wit_func("demo:paint/shapes@1.2.0#area");         // the full name; shapes#area is the same
  std::cout << area.type().text() << "\n";                            // func(of: shape) -> f64
  // [end names]
  assert(area.type().text() == "func(of: shape) -> f64");

  // [texts]
  const landbridge::WitType &shape = area.type().params[0].type;
  landbridge::WitValue value = shape.parse("rectangle((2, 1.5))");
  std::string text = shape.format(landbridge::WitValue::variant("nothing"));
  // [end texts]
  assert(text == "nothing" && value.held());
}

static void errors() {
  auto paint = open();
  std::string told;
  // [err]
  auto cost = paint.wit_func<uint32_t(Order)>("shapes#cost");
  try {
    cost({"gold", {1}, std::nullopt});
  } catch (const landbridge::WitError &error) {
    told = error.payload().as<std::string>();                         // there is no gold: the value of err
  }
  // [end err]
  assert(told == "there is no gold");

  std::string kept;
  // [expected]
  using Cost = landbridge::WitResult<uint32_t, std::string>;          // as std::expected is
  auto try_cost = paint.wit_func<Cost(Order)>("shapes#cost");
  Cost given = try_cost({"gold", {1}, std::nullopt});
  if (!given) kept = given.error();
  // [end expected]
  assert(kept == told);

  // [wrong]
  using landbridge::WitValue;
  auto order = WitValue::record({{"colour", "red"}, {"coats", WitValue::list({2, 300})}});
  try {
    paint.wit_call("shapes#cost", {order});
  } catch (const landbridge::RangeError &error) {
    told = error.what();                                              // args[0].coats[1]: 300 does not fit in u8
  }
  // [end wrong]
  assert(told == "args[0].coats[1]: 300 does not fit in u8");
}

static void lending() {
  // [lend]
  landbridge::Imports imports;
  imports.wit_func("prices", "price", [](std::string_view colour) -> uint32_t {
    if (colour == "red") return 1200;
    throw landbridge::WitError("there is no " + std::string(colour)); // the guest gets err("there is no ...")
  });
  imports.wit_func("journals", "journal.write", &Journal::write);     // Journal &, then what write() takes
  auto paint = landbridge::Module::load("paint.wat").instantiate(imports);
  // [end lend]
  assert(paint.wit_func<uint32_t(Order)>("shapes#cost")({"red", {1}, {}}) == 1200);

  // [failures]
  struct Lost : std::runtime_error { using runtime_error::runtime_error; };
  landbridge::Imports failing;
  failing.wit_func("prices", "price", [](std::string_view) -> uint32_t { throw Lost("the price list is lost"); });
  failing.wit_func("journals", "journal.write", &Journal::write);
  auto broken = landbridge::Module::load("paint.wat").instantiate(failing);
  auto cost = broken.wit_func<uint32_t(Order)>("shapes#cost");
  try {
    cost({"red", {1}, {}});
  } catch (const Lost &lost) {
    std::cout << lost.what() << "\n";                                 // the very object; broken has ended
  }
  // [end failures]
  try {
    cost({"red", {1}, {}});
    assert(false);
  } catch (const landbridge::Poisoned &) {
  }
}

static void resources() {
  auto paint = open();
  // [resource]
  using landbridge::Resource;
  auto make = paint.wit_func<Resource(uint32_t)>("shapes#canvas");
  auto draw = paint.wit_func<void(const Resource &, Shape)>("shapes#canvas.draw");
  Resource canvas = make(80);                                         // moves, and does not copy
  draw(canvas, Circle{1});
  canvas.close();                                                     // the guest's destructor runs; ~Resource does it a little later
  // [end resource]
  assert(canvas.is_closed() && paint.wit_func<uint32_t()>("shapes#canvas.count")() == 0);

  canvas = make(80);
  // [host-resource]
  auto sign = paint.wit_func<void(const Resource &, std::shared_ptr<Journal>)>("shapes#canvas.sign");
  auto journal = std::make_shared<Journal>();
  sign(canvas, journal);                                              // the guest calls write
  std::cout << journal->lines[0] << "\n";                             // signed
  // [end host-resource]
  assert(journal->lines == std::vector<std::string>{"signed"});
}

static void asynchronous_calls() {
  auto module = landbridge::Module::load("greet.wat");
  auto hello = module.instantiate().wit_func<std::string(std::string_view)>("hello");
  // [async]
  landbridge::WitCall<std::string> call = hello.call_async("Ada");    // on a thread of the library's
  std::string text = call.get();                                      // or co_await it
  // [end async]
  assert(text == "Hello, Ada!");

  // [pool]
  landbridge::Pool pool(module, {}, {}, {.max = 4});
  landbridge::WitValue given = pool.wit_call("hello", {"Ada"});       // from any thread
  // [end pool]
  assert(given.as<std::string>() == text);
}

static void stores() {
  auto imports = lent();
  // [composition]
  landbridge::Store store;
  auto dealer = store.instantiate(landbridge::Module::load("dealer.wat"));
  imports.instance("demo:paint/prices", dealer);                      // the interface that it exports
  auto paint = store.instantiate(landbridge::Module::load("paint.wat"), imports);
  auto cost = paint.wit_func<uint32_t(Order)>("shapes#cost");
  uint32_t cents = cost({"blue", {2}, std::nullopt});                 // the dealer's price
  // [end composition]
  assert(cents == 1000);

  // [limits]
  landbridge::Sandbox sandbox{.limits = {.timeout = std::chrono::milliseconds(500), .transfer_bytes = 1 << 20, .handles = 100}};
  auto greet = landbridge::Module::load("greet.wat").instantiate({}, sandbox);
  // [end limits]
  try {
    greet.wit_func<std::string(std::string)>("hello")(std::string(2 << 20, 'a'));
    assert(false);
  } catch (const landbridge::LimitExceeded &) {
  }
}

int main() {
  values();
  names();
  errors();
  lending();
  resources();
  asynchronous_calls();
  stores();
  std::cout << "7 passed, 0 failed\n";
}
