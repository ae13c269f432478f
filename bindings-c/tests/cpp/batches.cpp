// Batches: what can be a column, what comes back, and errors with rows.

#include <array>
#include <landbridge.hpp>
#include <numeric>
#include <vector>

#include "check.h"

using namespace landbridge;

static constexpr const char *CALC =
    "(module (import \"env\" \"seen\" (func $seen (param f64)))"
    " (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"
    " (func (export \"div\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))"
    " (func (export \"divmod\") (param i64 i64) (result i64 i64)"
    "  (i64.div_s (local.get 0) (local.get 1)) (i64.rem_s (local.get 0) (local.get 1)))"
    " (func (export \"see\") (param f64) (call $seen (local.get 0))))";

static double sum;

static Instance calc() {
  Imports imports;
  imports.func("env", "seen", [](double value) { sum += value; });
  return Module::from_text(CALC).instantiate(imports);
}

static void columns_and_values() {
  const auto instance = calc();
  const auto add = instance.func<int32_t(int32_t, int32_t)>("add");
  std::vector<int32_t> xs(10000);
  std::iota(xs.begin(), xs.end(), 0);
  const std::vector<int32_t> sums = add.map(xs, 10);
  CHECK(sums.size() == xs.size() && sums[0] == 10 && sums[9999] == 10009);
  CHECK(add.map(std::array<uint32_t, 2>{1, 2}, std::span<const int32_t>(xs).subspan(5, 2)) == (std::vector<int32_t>{6, 8}));
  CHECK(add.map_rows(3, 1, 2) == std::vector<int32_t>(3, 3) && add.map(std::vector<int32_t>(), 1).empty());
  add.map_into(std::span(xs), xs, xs);
  CHECK(xs[1] == 2 && xs[9999] == 19998);
  const Func untyped = instance.func("add");
  CHECK(untyped.map<int32_t>(xs, 1)[4] == 9);
  untyped.map_into<int32_t>(xs, xs, 1);
  CHECK(xs[4] == 9 && untyped.map_rows<int32_t>(2, 1, 1).size() == 2);
}

static void many_results_and_none() {
  const auto instance = calc();
  const auto divmod = instance.func<std::tuple<int64_t, int64_t>(int64_t, int64_t)>("divmod");
  const auto [quotients, rests] = divmod.map(std::vector<int64_t>{7, 8, -9}, 4);
  CHECK(quotients == (std::vector<int64_t>{1, 2, -2}) && rests == (std::vector<int64_t>{3, 0, -1}));
  const auto see = instance.func<void(double)>("see");
  sum = 0;
  see.map(std::vector<double>(5000, 0.5));
  CHECK(sum == 2500);
}

static void errors() {
  const auto instance = calc();
  const auto div = instance.func<int32_t(int32_t, int32_t)>("div");
  std::vector<int32_t> xs(10000, 6), ys(10000, 3), out(10000, -1);
  ys[7777] = 0;
  try {
    div.map_into(std::span(out), xs, ys);
    CHECK(false);
  } catch (const Trap &trap) {
    CHECK(trap.code() == TrapCode::integer_division_by_zero && trap.row() == 7777);
    CHECK(std::string(trap.what()).starts_with("row 7777: ") && out[7776] == 2 && out[7777] == -1);
  }
  try {
    div.map(xs, std::vector<int32_t>(3));
    CHECK(false);
  } catch (const TypeError &error) {
    CHECK(!error.row() && std::string(error.what()).starts_with("argument 2 of div has 3 rows, but argument 1"));
  }
  CHECK(throws<TypeError>([&] { div.map(std::vector<float>(2), 1); }));
  CHECK(throws<TypeError>([&] { div.map(1, 2); }));
  CHECK(throws<TypeError>([&] { instance.func("div").map<int64_t>(xs, xs); }));
}

int main() {
  columns_and_values();
  many_results_and_none();
  errors();
  std::printf("%zu passed, %zu failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}
