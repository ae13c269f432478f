// Whether each operation, kind, trap code and type of surface.txt is there.

#ifndef CONFORMANCE_SURFACE_HPP
#define CONFORMANCE_SURFACE_HPP

#include <algorithm>
#include <iostream>

#include "world.hpp"

namespace {

// What does each operation of surface.txt. That this compiles is the test.
struct Nothing {
  void operator()() const {}
};

struct Op {
  std::string_view name;
  bool there;
};

const Op ops[] = {
    {"version", !version().empty()},
    {"engine.new", requires(EngineOptions o) { Engine(o); }},
    {"module.load", requires { Module::load("a"); }},
    {"module.load_file", requires(std::filesystem::path p) { Module::load(p); }},
    {"module.load_text", requires { Module::from_text("a"); }},
    {"module.load_bytes", requires(std::span<const std::byte> b) { Module::from_bytes(b); }},
    {"module.load_async", requires { Module::load_async("a").get(); }},
    {"func.same", requires(Func a, Func b) { a == b; }},
    {"memory.same", requires(Memory a, Memory b) { a == b; }},
    {"table.same", requires(Table a, Table b) { a == b; }},
    {"global.same", requires(Global a, Global b) { a == b; }},
    {"tag.same", requires(Tag a, Tag b) { a == b; }},
    {"module.name", requires(Module m) { m.name(); }},
    {"module.imports", requires(Module m) { m.imports(); }},
    {"module.exports", requires(Module m) { m.exports(); }},
    {"module.bytes", requires(Module m) { m.bytes(); }},
    {"module.digest", requires(Module m) { m.digest(); }},
    {"module.compile", requires(Module m) { m.compile("a"); }},
    {"module.load_precompiled", requires { Module::load_precompiled("a"); }},
    {"inspect", requires { inspect("a"); }},
    {"inspection.to_json", requires(Inspection it) { it.to_json(); }},
    {"module.instantiate", requires(Module m, Imports i) { m.instantiate(i); }},
    {"store.new", requires { Store(); }},
    {"store.instantiate", requires(Store s, Module m, Imports i) { s.instantiate(m, i); }},
    {"store.with_sandbox", requires(Sandbox s) { Store(s); }},
    {"store.usage", requires(Store s) { s.usage(); }},
    {"store.set_fuel", requires(Store s) { s.set_fuel(1); }},
    {"store.cancel", requires(Store s) { s.cancel(); }},
    {"store.stdout", requires(Store s) { s.take_stdout(); }},
    {"store.stderr", requires(Store s) { s.take_stderr(); }},
    {"store.stdout_text", requires(Store s) { s.take_stdout(); }},
    {"store.stderr_text", requires(Store s) { s.take_stderr(); }},
    {"store.refusals", requires(Store s) { s.take_refusals(); }},
    {"store.output", requires(Store s) { s.output(); }},
    {"store.gc", requires(Store s) { s.gc(); }},
    {"store.close", requires(Store s) { s.close(); }},
    {"imports.func", requires(Imports i) { i.func("a", "b", Nothing{}); }},
    {"imports.define", requires(Imports i, Memory m) { i.define("a", "b", m); }},
    {"imports.value", requires(Imports i) { i.value("a", "b", 1); }},
    {"imports.initialize", requires(Imports i) { i.initialize(false); }},
    {"imports.instance", requires(Imports i, Instance o) { i.instance("a", o); }},
    {"instance.func", requires(Instance i) { i.func<void()>("a"); }},
    {"instance.memory", requires(Instance i) { i.memory("a"); }},
    {"instance.table", requires(Instance i) { i.table("a"); }},
    {"instance.global", requires(Instance i) { i.global("a"); }},
    {"instance.tag", requires(Instance i) { i.tag("a"); }},
    {"instance.exports", requires(Instance i) { i.exports(); }},
    {"instance.call", requires(Instance i) { i.call<int32_t>("a", 2, 3); }},
    {"instance.run", requires(Instance i) { i.run(); }},
    {"instance.close", requires(Instance i) { i.close(); }},
    {"instance.call_async", requires(Instance i) { i.call_async<int32_t>("a", 2, 3); }},
    {"instance.run_async", requires(Instance i) { i.run_async(); }},
    {"func.new", requires(Store s) { Func(s, Nothing{}); }},
    {"func.call", requires(TypedFunc<int32_t(int32_t)> f) { f(2); }},
    {"func.call_async", requires(TypedFunc<int32_t(int32_t)> f) { f.call_async(2); }},
    {"func.map", requires(TypedFunc<int32_t(int32_t)> f, std::vector<int32_t> c) { f.map(c); }},
    {"call.cancel", requires(Call<int32_t> c) { c.cancel(); }},
    {"func.type", requires(Func f) { f.type(); }},
    {"func.name", requires(Func f) { f.name(); }},
    {"memory.new", requires(Store s, MemoryType t) { Memory(s, t); }},
    {"memory.read", requires(Memory m, std::span<std::byte> b) { m.read(0, b); }},
    {"memory.write", requires(Memory m, std::span<std::byte> b) { m.write(0, b); }},
    {"memory.read_text", requires(Memory m) { m.read_text(0, 1); }},
    {"memory.read_c_string", requires(Memory m) { m.read_c_string(0); }},
    {"memory.write_text", requires(Memory m) { m.write_text(0, "a"); }},
    {"memory.grow", requires(Memory m) { m.grow(1); }},
    {"memory.size_bytes", requires(Memory m) { m.size_bytes(); }},
    {"memory.size_pages", requires(Memory m) { m.size_pages(); }},
    {"memory.type", requires(Memory m) { m.type(); }},
    {"memory.view", requires(Memory m) { m.view(); }},
    {"table.new", requires(Store s, TableType t, Value v) { Table(s, t, v); }},
    {"table.get", requires(Table t) { t.at(0); }},
    {"table.set", requires(Table t, Value v) { t.set(0, v); }},
    {"table.grow", requires(Table t, Value v) { t.grow(1, v); }},
    {"table.size", requires(Table t) { t.size(); }},
    {"table.type", requires(Table t) { t.type(); }},
    {"global.new", requires(Store s, GlobalType t, Value v) { Global(s, t, v); }},
    {"global.get", requires(Global g) { g.value(); }},
    {"global.set", requires(Global g, Value v) { g.set(v); }},
    {"global.type", requires(Global g) { g.type(); }},
    {"tag.new", requires(Store s, std::vector<Type> p) { Tag(s, p); }},
    {"tag.type", requires(Tag t) { t.type(); }},
    {"exception.new", requires(Tag t, std::vector<Value> p) { Exception(t, p); }},
    {"exception.tag", requires(Exception e) { e.tag(); }},
    {"exception.payload", requires(Exception e) { e.payload(); }},
    {"gcref.type", requires(GcRef g) { g.type(); }},
    {"gcref.len", requires(GcRef g) { g.size(); }},
    {"gcref.get", requires(GcRef g) { g.at(0); }},
    {"gcref.set", requires(GcRef g, Value v) { g.set(0, v); }},
    {"limits.from_json", requires { Limits::from_json("{}"); }},
    {"limits.to_json", requires(Limits l) { l.to_json(); }},
    {"policy.new", requires { Policy(); }},
    {"policy.program", requires { Policy::program(); }},
    {"policy.memory_dir", requires(Policy p) { p.with_memory_dir("/d", {{"a", "b"}}, Access::read); }},
    {"policy.network", requires(Policy p) { p.with_tcp_connect("a", 1).with_tcp_bind("a", "1").with_name("a", 1); }},
    {"policy.from_json", requires { Policy::from_json("{}"); }},
    {"policy.from_file", requires { Policy::from_file("a"); }},
    {"policy.to_json", requires(Policy p) { p.to_json(); }},
    {"policy.restrict", requires(Policy p) { p.restrict(p); }},
    {"policy.allows", requires(Policy p) { p.allows(p); }},
    {"policy.allows_tcp_connect", requires(Policy p) { p.allows_tcp_connect("a", 1); }},
    {"policy.allows_tcp_bind", requires(Policy p) { p.allows_tcp_bind("a", 1); }},
    {"policy.allows_udp_connect", requires(Policy p) { p.allows_udp_connect("a", 1); }},
    {"policy.allows_udp_bind", requires(Policy p) { p.allows_udp_bind("a", 1); }},
    {"policy.allows_name", requires(Policy p) { p.allows_name("a"); }},
    {"policy.allows_name_port", requires(Policy p) { p.allows_name_port("a", 1); }},
    {"policy.allows_http", requires(Policy p) { p.allows_http("a", "b", 1, "c"); }},
    {"pool.new", requires(Module m, Imports i, Sandbox s, PoolOptions o) { Pool(m, i, s, o); }},
    {"pool.get", requires(Pool p) { p.get(); }},
    {"pool.call", requires(Pool p) { p.call<int32_t>("a", 2, 3); }},
    {"pool.call_async", requires(Pool p) { p.call_async<int32_t>("a", 2, 3); }},
    {"pool.counts", requires(Pool p) { p.counts(); }},
    {"pool.close", requires(Pool p) { p.close(); }},
    {"context.export", requires(Context c) { c.exported("a"); }},
    {"error.kind", requires(Error e) { e.kind(); }},
    {"error.trap_code", requires(Trap t) { t.code(); }},
    {"error.message", requires(Error e) { e.what(); }},
    {"error.frames", requires(Error e) { e.frames(); }},
    {"error.host_exception", requires(Error e) { e.host_exception(); }},
    {"error.exception", requires(TaggedException e) { e.exception(); }},
    {"error.exit_code", requires(Exit e) { e.exit_code(); }},
    {"error.output", requires(Error e) { e.output(); }},
    {"output.lines", requires(void (*f)(std::string_view)) { Output::lines(f); }},
    {"run", requires { run("a", {"b"}, Sandbox::program()); }},
    {"error.row", requires(Error e) { e.row(); }},
    {"error.os_code", requires(Error e) { e.os_code(); }},
    {"error.path", requires(Error e) { e.path(); }},
    {"instance.wit_func", requires(Instance i) { i.wit_func("a"); }},
    {"wit_func.call", requires(WitFunc f) { f.call({1}); }},
    {"wit_func.call_async", requires(WitFunc f) { f.call_async({1}); }},
    {"wit_func.type", requires(WitFunc f) { f.type(); }},
    {"wit_func.name", requires(WitFunc f) { f.name(); }},
    {"wit_type.sort", requires(WitType t) { t.sort(); }},
    {"wit_type.name", requires(WitType t) { t.name(); }},
    {"wit_type.text", requires(WitType t) { t.text(); }},
    {"wit_type.parse", requires(WitType t) { t.parse("1"); }},
    {"wit_type.format", requires(WitType t, WitValue v) { t.format(v); }},
    {"imports.wit_func", requires(Imports i) { i.wit_func("a", "b", Nothing{}); }},
    {"imports.wit_resource", requires(Imports i) { i.wit_resource("a", "b"); }},
    {"wit_resource.close", requires(Resource r) { r.close(); }},
    {"wit_resource.is_closed", requires(Resource r) { r.is_closed(); }},
    {"wit_error.new", requires { WitError("a"); }},
    {"error.payload", requires(WitError e) { e.payload(); }},
    {"pool.wit_call", requires(Pool p) { p.wit_call("a", {1}); }},
    {"pool.wit_call_async", requires(Pool p, WitFunc f) { p.wit_call_async(f, {1}); }},
};

// The number of each enumerator, by the line of surface.txt that it has.
const std::map<std::string, uint32_t> numbers{
    // generated: cpp.case_numbers
    {"kind compile", static_cast<uint32_t>(Kind::compile)},
    {"kind link", static_cast<uint32_t>(Kind::link)},
    {"kind trap", static_cast<uint32_t>(Kind::trap)},
    {"kind host", static_cast<uint32_t>(Kind::host)},
    {"kind type", static_cast<uint32_t>(Kind::type)},
    {"kind range", static_cast<uint32_t>(Kind::range)},
    {"kind not_found", static_cast<uint32_t>(Kind::not_found)},
    {"kind out_of_bounds", static_cast<uint32_t>(Kind::out_of_bounds)},
    {"kind closed", static_cast<uint32_t>(Kind::closed)},
    {"kind wrong_store", static_cast<uint32_t>(Kind::wrong_store)},
    {"kind busy", static_cast<uint32_t>(Kind::busy)},
    {"kind deadlock", static_cast<uint32_t>(Kind::deadlock)},
    {"kind poisoned", static_cast<uint32_t>(Kind::poisoned)},
    {"kind cancelled", static_cast<uint32_t>(Kind::cancelled)},
    {"kind timeout", static_cast<uint32_t>(Kind::timeout)},
    {"kind fuel", static_cast<uint32_t>(Kind::fuel)},
    {"kind memory_limit", static_cast<uint32_t>(Kind::memory_limit)},
    {"kind limit", static_cast<uint32_t>(Kind::limit)},
    {"kind exit", static_cast<uint32_t>(Kind::exit)},
    {"kind denied", static_cast<uint32_t>(Kind::denied)},
    {"kind io", static_cast<uint32_t>(Kind::io)},
    {"kind unsupported", static_cast<uint32_t>(Kind::unsupported)},
    {"kind internal", static_cast<uint32_t>(Kind::internal)},
    {"kind exception", static_cast<uint32_t>(Kind::exception)},
    {"kind wit", static_cast<uint32_t>(Kind::wit)},
    {"trap unreachable", static_cast<uint32_t>(TrapCode::unreachable)},
    {"trap memory_out_of_bounds", static_cast<uint32_t>(TrapCode::memory_out_of_bounds)},
    {"trap table_out_of_bounds", static_cast<uint32_t>(TrapCode::table_out_of_bounds)},
    {"trap indirect_call_to_null", static_cast<uint32_t>(TrapCode::indirect_call_to_null)},
    {"trap bad_signature", static_cast<uint32_t>(TrapCode::bad_signature)},
    {"trap integer_overflow", static_cast<uint32_t>(TrapCode::integer_overflow)},
    {"trap integer_division_by_zero", static_cast<uint32_t>(TrapCode::integer_division_by_zero)},
    {"trap bad_conversion_to_integer", static_cast<uint32_t>(TrapCode::bad_conversion_to_integer)},
    {"trap stack_overflow", static_cast<uint32_t>(TrapCode::stack_overflow)},
    {"trap heap_misaligned", static_cast<uint32_t>(TrapCode::heap_misaligned)},
    {"trap null_reference", static_cast<uint32_t>(TrapCode::null_reference)},
    {"trap array_out_of_bounds", static_cast<uint32_t>(TrapCode::array_out_of_bounds)},
    {"trap allocation_too_large", static_cast<uint32_t>(TrapCode::allocation_too_large)},
    {"trap cast_failure", static_cast<uint32_t>(TrapCode::cast_failure)},
    {"trap interrupt", static_cast<uint32_t>(TrapCode::interrupt)},
    {"trap out_of_fuel", static_cast<uint32_t>(TrapCode::out_of_fuel)},
    {"trap other", static_cast<uint32_t>(TrapCode::other)},
    {"type i32", static_cast<uint32_t>(Type::i32)},
    {"type i64", static_cast<uint32_t>(Type::i64)},
    {"type f32", static_cast<uint32_t>(Type::f32)},
    {"type f64", static_cast<uint32_t>(Type::f64)},
    {"type v128", static_cast<uint32_t>(Type::v128)},
    {"type funcref", static_cast<uint32_t>(Type::funcref)},
    {"type externref", static_cast<uint32_t>(Type::externref)},
    {"type anyref", static_cast<uint32_t>(Type::anyref)},
    {"type eqref", static_cast<uint32_t>(Type::eqref)},
    {"type i31ref", static_cast<uint32_t>(Type::i31ref)},
    {"type structref", static_cast<uint32_t>(Type::structref)},
    {"type arrayref", static_cast<uint32_t>(Type::arrayref)},
    {"type exnref", static_cast<uint32_t>(Type::exnref)},
    {"type nullref", static_cast<uint32_t>(Type::nullref)},
    {"type nullfuncref", static_cast<uint32_t>(Type::nullfuncref)},
    {"type nullexternref", static_cast<uint32_t>(Type::nullexternref)},
    {"type nullexnref", static_cast<uint32_t>(Type::nullexnref)},
    // end generated
};

size_t check_surface() {
  FILE *file = fopen((root + "/surface.txt").c_str(), "r");
  if (!file) return 1;
  char line[256], sort[32], word[96];
  size_t failed = 0, seen = 0, seen_numbers = 0;
  while (fgets(line, sizeof line, file)) {
    unsigned number = 0;
    if (*line == '#' || sscanf(line, "%31s %95s %u", sort, word, &number) < 2) continue;
    const std::string what = sort;
    bool good = false;
    if (what == "op") good = std::any_of(std::begin(ops), std::end(ops), [&](const Op &op) { return op.there && op.name == word; });
    else if (auto found = numbers.find(what + " " + word); found != numbers.end()) good = found->second == number && ++seen_numbers;
    if (what == "kind") good = good && name(static_cast<Kind>(number)) == word;
    if (what == "trap") good = good && name(static_cast<TrapCode>(number)) == word;
    if (what == "type") good = good && name(static_cast<Type>(number)) == word;
    if (!good) std::cout << "FAIL surface: " << line;
    failed += !good;
    ++seen;
  }
  fclose(file);
  return failed + (seen == 0) + (seen_numbers != numbers.size());
}

}  // namespace

#endif
