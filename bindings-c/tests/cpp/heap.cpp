// What an anyref is in C++: small integers, objects of the guest's heap, objects of the host; and vectors.

#include <landbridge.hpp>
#include <memory>

#include "check.h"

using namespace landbridge;

namespace {

const char *const MODULE = R"((module
  (type $point (struct (field $x (mut i32)) (field $y f64) (field (mut anyref))))
  (type $bytes (array (mut i8)))
  (import "env" "f" (func $f (param anyref) (result anyref)))
  (import "env" "g" (func $g (param structref) (result i32)))
  (global (export "kept") (mut anyref) (ref.null any))
  (func (export "point") (param i32 f64) (result (ref $point))
    (struct.new $point (local.get 0) (local.get 1) (ref.null any)))
  (func (export "x") (param (ref null $point)) (result i32) (struct.get $point $x (local.get 0)))
  (func (export "bytes") (param i32) (result (ref $bytes)) (array.new_default $bytes (local.get 0)))
  (func (export "none") (result (ref null $point)) (ref.null $point))
  (func (export "any") (param anyref) (result anyref) (local.get 0))
  (func (export "outward") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "f") (param anyref) (result anyref) (call $f (local.get 0)))
  (func (export "g") (param structref) (result i32) (call $g (local.get 0)))
  (func (export "add") (param v128 v128) (result v128) (f32x4.add (local.get 0) (local.get 1)))))";

static_assert(std::is_copy_constructible_v<GcRef> && std::is_copy_constructible_v<AnyRef>);
static_assert(std::is_nothrow_move_constructible_v<AnyRef> && std::is_nothrow_move_constructible_v<GcRef>);

Instance instance_of() {
  Imports imports;
  imports.func("env", "f", [](AnyRef any) { return any; });
  imports.func("env", "g", [](GcRef point) { return point ? point.at(0).as<int32_t>() : -1; });
  return Module::from_text(MODULE).instantiate(imports);
}

void objects() {
  auto guest = instance_of();
  GcRef point = guest.func<GcRef(int32_t, double)>("point")(3, 0.5);
  CHECK(point && point.sort() == Type::structref && point.size() == 3);
  CHECK(point.type().text == "(struct (mut i32) f64 (mut anyref))" && point.type().fields[0].is_mutable);
  point.set(0, 9);
  CHECK(point.at(0).as<int32_t>() == 9 && point.at(1).as<double>() == 0.5);
  CHECK(guest.func<int32_t(GcRef)>("x")(point) == 9 && guest.call<int32_t>("x", point) == 9);
  point.set(2, point);
  CHECK(point.at(2).as<GcRef>() == point && point.at(2).as<AnyRef>().object() == point);
  point.set(2, AnyRef(-5));
  CHECK(point.at(2).as<AnyRef>().i31() == -5 && point.at(2).type() == Type::i31ref);
  CHECK(throws<TypeError>([&] { point.at(2).as<GcRef>(); }));
  CHECK(throws<RangeError>([&] { point.set(2, AnyRef(1 << 30)); }));
  CHECK(throws<TypeError>([&] { point.set(1, 1.0); }));
  CHECK(throws<TypeError>([&] { point.set(0, 1.0); }));
  CHECK(throws<OutOfBounds>([&] { point.at(3); }));
  CHECK(throws<OutOfBounds>([&] { point.set(uint64_t{1} << 40, 1); }));
  GcRef copy = point, other = guest.func<GcRef(int32_t, double)>("point")(3, 0.5);
  CHECK(copy == point && !(other == point) && !(GcRef() == point) && GcRef() == GcRef());
  GcRef bytes = guest.call<GcRef>("bytes", 4);
  CHECK(bytes.sort() == Type::arrayref && bytes.size() == 4 && bytes.type().fields[0].packed_bits == 8);
  CHECK(!guest.call<GcRef>("none") && !guest.func<GcRef()>("none")());
  CHECK(throws<TypeError>([&] { guest.func<GcRef(GcRef)>("any"); }));
  CHECK(throws<TypeError>([&] { guest.call<GcRef>("any", AnyRef(3)); }));
  CHECK(throws<TypeError>([&] { guest.call<int32_t>("x", bytes); }));
  auto elsewhere = instance_of();
  CHECK(throws<WrongStore>([&] { elsewhere.call<int32_t>("x", point); }));
  guest.close();
  CHECK(throws<Closed>([&] { point.at(0); }));
  CHECK(copy == point);
}

void anyrefs() {
  auto guest = instance_of();
  auto same = guest.func<AnyRef(AnyRef)>("any");
  auto text = std::make_shared<std::string>("a text");
  GcRef point = guest.call<GcRef>("point", 1, 2.0);
  CHECK(!same(AnyRef()) && same(7).i31() == 7 && same(0) && same(point).object() == point);
  CHECK(same(ExternRef(text)).host().object<std::string>() == text && same(ExternRef(text)) == ExternRef(text));
  CHECK(same(7) == AnyRef(7) && !(same(7) == AnyRef(8)) && !(same(7) == point) && !(same(point) == AnyRef()));
  CHECK(!same(7).object() && !same(point).i31() && !same(point).host() && same(GcRef()) == AnyRef());
  auto back = guest.func<AnyRef(AnyRef)>("f");
  CHECK(back(point).object() == point && back(-1).i31() == -1 && !back({}) && back(ExternRef(text)).host() == ExternRef(text));
  CHECK(guest.call<int32_t>("g", point) == 1 && guest.call<int32_t>("g", GcRef()) == -1);
  CHECK(throws<TypeError>([&] { guest.call<int32_t>("g", guest.call<GcRef>("bytes", 1)); }));
  auto outward = guest.func<ExternRef(AnyRef)>("outward");
  ExternRef out = outward(point);
  CHECK(out.any().object() == point && out == outward(point) && out == ExternRef::from_any(point) && !out.address());
  CHECK(outward(3).any().i31() == 3 && outward(3) == outward(3) && !outward(AnyRef()) && !ExternRef().any());
  CHECK(AnyRef(out) == point && AnyRef(out).object() == point && same(out).object() == point && !AnyRef(ExternRef()));
  CHECK(!outward(ExternRef(text)).any() && outward(ExternRef(text)) == ExternRef(text));
  std::vector<Value> values{point, AnyRef(5), ExternRef(text), Value(AnyRef())}, copies = values;
  CHECK(copies[0].as<GcRef>() == point && copies[1].as<AnyRef>().i31() == 5 && !copies[3].as<GcRef>());
  CHECK(throws<TypeError>([&] { copies[2].as<AnyRef>(); }));
}

void releases() {
  auto guest = instance_of();
  auto text = std::make_shared<std::string>("a text");
  auto kept = guest.global("kept");
  kept.set(AnyRef(ExternRef(text)));
  guest.store().gc();
  CHECK(text.use_count() > 1 && kept.value().as<AnyRef>().host().object<std::string>() == text);
  GcRef point = guest.call<GcRef>("point", 1, 2.0);
  point.set(2, AnyRef(ExternRef(text)));
  kept.set(AnyRef());
  guest.store().gc();
  CHECK(text.use_count() > 1);
  point = GcRef();
  guest.store().gc();
  CHECK(text.use_count() == 1);
}

void vectors() {
  auto guest = instance_of();
  using Lanes = std::array<float, 4>;
  auto add = guest.func<Lanes(Lanes, Lanes)>("add");
  CHECK(add({1, 2, 3, 4}, {1, 1, 1, 1}) == Lanes{2, 3, 4, 5});
  V128 sum = guest.call<V128>("add", Lanes{1, 2, 3, 4}, Lanes{});
  CHECK(std::bit_cast<Lanes>(sum)[3] == 4 && Value(sum).as<Lanes>()[0] == 1);
  CHECK((Value(std::array<int16_t, 8>{-1}).as<V128>()[1] == 0xff));
}

void floats() {
  auto echo = Module::from_text(R"((module (func (export "f32") (param f32) (result f32) (local.get 0))
      (func (export "f64") (param f64) (result f64) (local.get 0))))").instantiate();
  for (uint32_t bits : {0x7fa00001u, 0xffc12345u, 0x80000000u}) {
    CHECK(std::bit_cast<uint32_t>(echo.call<float>("f32", std::bit_cast<float>(bits))) == bits);
  }
  for (uint64_t bits : {0x7ff4000000000001u, 0xfff8000000012345u, 0x8000000000000000u}) {
    CHECK(std::bit_cast<uint64_t>(echo.call<double>("f64", std::bit_cast<double>(bits))) == bits);
  }
}

}  // namespace

int main() {
  objects();
  anyrefs();
  releases();
  vectors();
  floats();
  return finish();
}
