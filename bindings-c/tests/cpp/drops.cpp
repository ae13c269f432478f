// Destructors of objects that a guest's collector lets go of: they may call into the store.

#include <landbridge.hpp>
#include <memory>

#include "check.h"

using namespace landbridge;

namespace {

int made, dropped, wrong;
Instance *guest;
Store *store;

struct Object {
  int number = made++;
  bool *alive = nullptr;

  ~Object() {
    dropped++;
    if (alive) *alive = false;
    if (!guest) return;
    try {
      if (guest->call<int64_t>("number") != 4242) wrong++;
      if (dropped % 100 == 0) store->gc();
    } catch (const std::exception &e) {
      std::printf("in a destructor: %s\n", e.what());
      wrong++;
    }
  }
};

void garbage() {
  Imports imports;
  imports.func("e", "fresh", [] { return ExternRef(std::make_shared<Object>()); });
  auto instance = Module::from_text(R"((module (import "e" "fresh" (func $fresh (result externref)))
      (type $s (struct (field i64) (field externref)))
      (global $g (mut (ref null $s)) (ref.null $s))
      (func (export "keep") (param externref) (global.set $g (struct.new $s (i64.const 4242) (local.get 0))))
      (func (export "number") (result i64) (struct.get $s 0 (global.get $g)))
      (func (export "churn") (param i32)
        (loop $l (drop (struct.new $s (i64.const 1) (call $fresh)))
          (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))))").instantiate(imports);
  auto its = instance.store();
  bool alive = true;
  {
    auto kept = std::make_shared<Object>();
    kept->alive = &alive;
    instance.call<void>("keep", ExternRef(kept));
  }
  guest = &instance, store = &its;
  for (int i = 0; i < 10; i++) {
    instance.call<void>("churn", 2000);
    its.gc();
    CHECK(alive && instance.call<int64_t>("number") == 4242);
  }
  CHECK(dropped > 1000 && wrong == 0);
  guest = nullptr, store = nullptr;
  instance.close();
  CHECK(!alive && dropped == made);
}

}  // namespace

int main() {
  garbage();
  return finish();
}
