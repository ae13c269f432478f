// Grants of files and networks as values of C++, what was refused, what modules ask, and exits.

#include <landbridge.hpp>

#include <stdexcept>

#include "check.h"

using namespace landbridge;

namespace {

// Opens a.txt of its first folder, and what is above it; ends as the host says.
const char *const GUEST = R"((module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "env" "end" (func $end))
  (memory (export "memory") 1) (data (i32.const 0) "a.txt../b")
  (func $at (param i32 i32) (result i32) (call $open (i32.const 3) (i32.const 0) (local.get 0) (local.get 1)
    (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
  (func (export "open") (result i32) (call $at (i32.const 0) (i32.const 5)))
  (func (export "leave") (result i32) (call $at (i32.const 5) (i32.const 4)))
  (func (export "end") (call $end)) (func (export "_start") (call $end))))";

const char *const LINE = "refused: path_open \"../b\" below \"/m\": not permitted\n";

template <class F>
Instance guest_of(const Sandbox &sandbox, F end) {
  Imports imports;
  imports.func("env", "end", end);
  return Module::from_text(GUEST).instantiate(imports, sandbox);
}

Instance guest_of(const Sandbox &sandbox) {
  return guest_of(sandbox, [] {});
}

void files() {
  const Policy none;
  const Policy policy = none.with_memory_dir("/m", {{"a.txt", std::string("t\0xt", 4)}, {"b/c", ""}}, Access::read);
  CHECK(policy == Policy::from_json(R"({"dirs":{"/m":{"files":{"a.txt":{"hex":"74007874"},"b/c":""}}}})"));
  CHECK(none.with_memory_dir("/m", {}, Access::write).allows(none.with_memory_dir("/m", {}, Access::read)));
  CHECK(throws<TypeError>([&] { none.with_memory_dir("/m", {{"../a", ""}}, Access::read); }));
  CHECK(throws<TypeError>([&] { none.with_memory_dir("/m", {{"a", ""}, {"a/b", ""}}, Access::read); }));

  auto guest = guest_of({.policy = policy, .limits = {.written_bytes = 1, .open_files = 1}});
  CHECK(guest.call<int32_t>("open") == 0 && guest.call<int32_t>("open") == 33);  // MFILE
  const Usage usage = guest.store().usage();
  CHECK(usage.open_files == 1 && usage.written_bytes == 0);
  CHECK(throws<RangeError>([] { Store({.limits = {.written_bytes = 0}}); }));
  CHECK(throws<RangeError>([] { Store({.limits = {.open_files = 0}}); }));
}

void refusals() {
  const Policy policy = Policy().with_memory_dir("/m", {}, Access::read);
  auto guest = guest_of({.policy = policy, .stdio = {.refusals = Output::capture()}});
  CHECK(guest.call<int32_t>("leave") != 0);
  const Store store = guest.store();
  guest.close();
  CHECK(store.take_refusals() == LINE && store.take_refusals().empty() && store.take_stderr().empty());

  std::string told;
  auto count = std::make_shared<int>(0);
  {
    auto tells = guest_of({.policy = policy, .stdio = {.refusals = Output::to([&told, count](std::string_view line) {
                                               told += line;
                                             })}});
    CHECK(tells.call<int32_t>("leave") != 0 && told == LINE);
  }
  CHECK(count.use_count() == 1);
}

void networks() {
  const Policy none;
  const Policy policy = none.with_tcp_connect("10.0.0.0/8", 443)
                            .with_tcp_bind("::1", {8000, 8999})
                            .with_udp_connect("192.0.2.1", Ports::any())
                            .with_udp_bind("0.0.0.0/0", "53")
                            .with_name("*.example.org", std::string("443"))
                            .with_http("https", "example.org", uint16_t{443}, "GET");
  CHECK(policy == Policy::from_json(policy.to_json()) && policy.allows(none) && !none.allows(policy));
  CHECK(policy.allows_tcp_connect("10.1.2.3", 443) && !policy.allows_tcp_connect("10.1.2.3", 80));
  CHECK(policy.allows_tcp_bind("::1", 8999) && !policy.allows_tcp_bind("::", 8999));
  CHECK(policy.allows_udp_connect("::ffff:192.0.2.1", 65535) && !policy.allows_udp_connect("192.0.2.2", 1));
  CHECK(policy.allows_udp_bind("0.0.0.0", 53) && !policy.allows_udp_bind("::", 53));
  CHECK(policy.allows_name("WWW.example.org.") && !policy.allows_name("example.org"));
  CHECK(policy.allows_name_port("a.example.org", 443) && !policy.allows_name_port("a.example.org", 80));
  CHECK(policy.allows_http("https", "example.org", 443, "GET"));
  CHECK(!policy.allows_http("https", "example.org", 443, "POST"));
  CHECK(policy.restrict(none.with_tcp_connect("10.9.0.0/16", "*")) == none.with_tcp_connect("10.9.0.0/16", 443));

  CHECK(throws<TypeError>([&] { none.with_tcp_connect("example.org", 1); }));
  CHECK(throws<TypeError>([&] { none.with_tcp_bind("10.0.0.0", "9-1"); }));
  CHECK(throws<TypeError>([&] { none.with_udp_bind("10.0.0.0", {9, 1}); }));
  CHECK(throws<RangeError>([&] { none.with_udp_connect("10.0.0.0", 65536); }));
  CHECK(throws<RangeError>([&] { none.with_name("a", {-1, 5}); }));
  CHECK(throws<TypeError>([&] { none.with_name("a b", 1); }));
  CHECK(throws<TypeError>([&] { none.with_http("ftp", "a", 1, "GET"); }));
  CHECK(throws<TypeError>([&] { none.allows_tcp_connect("localhost", 1); }));
  // What is no integer is no port.
  CHECK(!std::is_constructible_v<Ports, double> && Ports(0).text() == "0" && Ports(1, 2).text() == "1-2");
}

void asks() {
  const Inspection found = inspect_text(GUEST);
  CHECK(found.asks.size() == 1 && found.asks[0].what == "files");
  CHECK(found.asks[0].functions == std::vector<std::string>{"path_open"} && inspect_text("(module)").asks.empty());
}

// An exit comes out of all the guests that are in between, as the very object.
void exits() {
  const Exit *thrown = nullptr;
  auto inner = guest_of({}, [&] {
    try {
      throw Exit(-5);
    } catch (const Exit &exit) {
      thrown = &exit;
      throw;
    }
  });
  auto outer = guest_of({}, [&] { inner.call<void>("end"); });
  CHECK(outer.run() == -5);
  try {
    outer.call<void>("end");
    CHECK(false);
  } catch (const Exit &exit) {
    CHECK(exit.exit_code() == -5 && exit.kind() == Kind::exit && &exit == thrown);
  }
  CHECK(Exit(0).exit_code() == 0 && std::string(Exit(3).what()).find('3') != std::string::npos);
}

void signal_handlers() {
  const Engine engine({.signal_handlers = false});
  auto guest = Module::from_text(R"((module (memory 1 1) (func (export "load") (drop (i32.load (i32.const 70000))))))",
                                 engine)
                   .instantiate();
  try {
    guest.call<void>("load");
    CHECK(false);
  } catch (const Trap &trap) {
    CHECK(trap.code() == TrapCode::memory_out_of_bounds);
  }
}

}  // namespace

int main() {
  files();
  refusals();
  networks();
  asks();
  exits();
  signal_handlers();
  return finish();
}
