// Resources of components: what the program has, gives, lends and lets go of, and all that may be done wrong with them.

#include "wit_paint.h"

using paint::Journal;
using paint::Shape;

namespace {

// The functions of canvases.
struct Canvases {
  explicit Canvases(const Instance &of)
      : instance(of),
        make(of.wit_func<Resource(uint32_t)>("shapes#canvas")),
        painted(of.wit_func<double(const Resource &)>("shapes#canvas.painted")),
        draw(of.wit_func<void(const Resource &, const Shape &)>("shapes#canvas.draw")),
        sign(of.wit_func<void(const Resource &, std::shared_ptr<Journal>)>("shapes#canvas.sign")),
        count(of.wit_func<uint32_t()>("shapes#canvas.count")) {}

  const Instance &instance;
  TypedWitFunc<Resource(uint32_t)> make;
  TypedWitFunc<double(const Resource &)> painted;
  TypedWitFunc<void(const Resource &, const Shape &)> draw;
  TypedWitFunc<void(const Resource &, std::shared_ptr<Journal>)> sign;
  TypedWitFunc<uint32_t()> count;
};

void lives() {
  const auto it = paint::make();
  Canvases canvases(it);
  Resource canvas = canvases.make(80);
  canvases.draw(canvas, std::tuple(2.0, 3.0));
  CHECK(canvases.painted(canvas) == 6 && canvases.count() == 1 && !canvas.is_closed() && canvas);
  Resource moved = std::move(canvas);
  CHECK(!canvas && canvas.is_closed() && canvases.painted(moved) == 6);
  moved.close();
  moved.close();
  CHECK(moved.is_closed() && canvases.count() == 0);
  {
    const Resource dropped = canvases.make(1);
    CHECK(canvases.count() == 1);
  }
  CHECK(canvases.count() == 0);  // closed by the next call
  std::vector<Resource> many;
  for (uint32_t i = 0; i < 100; ++i) many.push_back(canvases.make(i));
  CHECK(canvases.count() == 100);
  many.clear();
  CHECK(canvases.count() == 0);
}

void misuse() {
  const auto it = paint::make();
  Canvases canvases(it);
  Resource canvas = canvases.make(80);
  canvas.close();
  CHECK(throws<Closed>([&] { canvases.painted(canvas); }));
  CHECK(words<TypeError>([&] { canvases.painted(Resource()); }) == "args[0]: expected borrow<canvas>, got nothing");
  CHECK(words<TypeError>([&] { it.wit_call("shapes#canvas.painted", {5}); }) == "args[0]: expected borrow<canvas>, got s32");
  CHECK(throws<TypeError>([&] { it.wit_call("shapes#canvas.painted", {WitValue::object(std::make_shared<Journal>())}); }));

  const auto other = paint::make();
  Resource strange = Canvases(other).make(1);
  CHECK(throws<WrongStore>([&] { canvases.painted(strange); }));
  CHECK(throws<WrongStore>([&] { it.wit_call("shapes#canvas.painted", {std::move(strange)}); }));

  // Handles that were made up.
  const Resource real = canvases.make(2);
  const Resource made_up(real.store_ref(), real.handle() + (uint64_t{1} << 32), false);
  CHECK(throws<Closed>([&] { canvases.painted(made_up); }));

  // The store is gone.
  Resource last = canvases.make(3);
  it.close();
  CHECK(last.is_closed() && throws<Closed>([&] { canvases.painted(last); }));
  CHECK(throws<Closed>([&] { canvases.make(4); }));
}

void values() {
  const auto it = paint::make();
  Canvases canvases(it);
  const WitValue value = it.wit_call("shapes#canvas", {80});
  it.wit_call("shapes#canvas.draw", {value, WitValue::variant("rectangle", WitValue::tuple({1.0, 2.0}))});
  CHECK(it.wit_call("shapes#canvas.painted", {value}) == WitValue(2.0));
  CHECK(throws<TypeError>([&] { (void)value.text(); }));
  Resource taken = value.as<Resource>();  // which has it from now on
  CHECK(canvases.painted(taken) == 2 && words<TypeError>([&] { (void)value.as<Resource>(); }) ==
                                            "value: expected a resource that is given, got nothing");
  CHECK(throws<TypeError>([&] { (void)WitValue(1).as<Resource>(); }));
}

struct Easel {
  Resource canvas;
};

// A class whose objects cannot be made.
struct Unmade : Resource {
  explicit Unmade(Resource of) : Resource(std::move(of)) { throw paint::Boom{2}; }
};

}  // namespace

template <>
struct landbridge::Wit<Easel> {
  static constexpr auto fields = landbridge::fields("canvas", &Easel::canvas);
};

namespace {

// Resources in values of types of C++.
void wholes() {
  const auto it = paint::make(), other = paint::make();
  Canvases canvases(it), strange(other);
  {
    const Easel easel{canvases.make(80)};
    const WitValue value = WitValue::of(easel);
    const Resource lent = value.field("canvas")->as<Resource>();
    CHECK(canvases.painted(lent) == 0 && canvases.painted(easel.canvas) == 0);
  }
  CHECK(canvases.count() == 0);
  CHECK(WitError(Easel{canvases.make(80)}).what() == std::string("err(...)"));

  const WitValue canvas = canvases.make(1);
  CHECK(it.wit_func<double(ResourceRef)>("shapes#canvas.painted")(canvas.as<ResourceRef>()) == 0);
  const WitValue both = WitValue::list({canvas, strange.make(2)});
  CHECK(words<WrongStore>([&] { (void)both.as<std::vector<Resource>>(); }).starts_with("value[1]: "));
  CHECK(canvases.count() == 1 && strange.count() == 1);
}

// What was not read yet when a type of the program's throws is let go of.
void unmade() {
  const auto twins = Module::from_text(R"((component
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "two") (result i32)
        (i32.store (i32.const 0) (call $new (i32.const 1)))
        (i32.store (i32.const 4) (call $new (i32.const 2)))
        (i32.const 0)))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $exported "r" (type $r))
    (func (export "two") (result (tuple (own $exported) (own $exported)))
      (canon lift (core func $i "two") (memory (core memory $i "memory"))))))");
  const auto it = twins.instantiate({}, Sandbox{.limits = {.handles = 10}});
  const auto two = it.wit_func<std::tuple<Unmade, Resource>()>("two");
  for (int i = 0; i < 20; ++i) CHECK(throws<paint::Boom>([&] { two(); }));
}

void objects() {
  const auto it = paint::make();
  Canvases canvases(it);
  const Resource canvas = canvases.make(80);
  auto journal = std::make_shared<Journal>();
  canvases.sign(canvas, journal);
  CHECK(journal->lines == std::vector<std::string>{"signed"} && journal.use_count() == 1);
  it.wit_call("shapes#canvas.sign", {it.wit_call("shapes#canvas", {1}), WitValue::object(journal)});
  CHECK(journal->lines.size() == 2 && journal.use_count() == 1);
  CHECK(words<TypeError>([&] { canvases.sign(canvas, nullptr); }) == "args[1]: expected borrow<journal>, got nothing");
  // An object of another class, which only the function that it comes to can tell.
  const WitValue text = WitValue::object(std::make_shared<std::string>("x"));
  CHECK(words<TypeError>([&] { it.wit_call("shapes#canvas.sign", {it.wit_call("shapes#canvas", {1}), text}); }) ==
        "demo:paint/journals@1.2.0#[method]journal.write: args[0]: the resource is an object of another class of the host");
  CHECK(throws<Poisoned>([&] { canvases.count(); }));
}

// A callable that the component calls while its resource is lent to it.
void at_work() {
  std::optional<Instance> it;
  std::string closing, entering;
  Resource canvas;
  Imports lent;
  lent.wit_func("prices", "price", paint::price);
  lent.wit_func("journals", "[method]journal.write", [&](Journal &, std::string_view) {
    closing = words<Busy>([&] { canvas.close(); });
    entering = words<Busy>([&] { it->wit_call("shapes#canvas.count", {}); });
  });
  it.emplace(paint::make(lent));
  Canvases canvases(*it);
  canvas = canvases.make(80);
  canvases.sign(canvas, std::make_shared<Journal>());
  CHECK(!closing.empty() && closing.find("another") != 0 && closing != "nothing was thrown");
  CHECK(entering.find("another") != 0 && entering != "nothing was thrown");
  CHECK(canvases.count() == 1 && canvases.painted(canvas) == 0);  // nothing is broken
}

}  // namespace

int main() {
  lives();
  misuse();
  values();
  wholes();
  unmade();
  objects();
  at_work();
  return finish();
}
