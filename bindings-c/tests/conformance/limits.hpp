// Steps about how a store is closed in, what it may use and used, and files of the case.

#ifndef CONFORMANCE_LIMITS_HPP
#define CONFORMANCE_LIMITS_HPP

#include <fstream>
#include <set>

#include "host.hpp"

namespace {

std::optional<uint64_t> limit_of(const Node &limits, const char *key) {
  return limits.has(key) ? std::optional(limits.num(key)) : std::nullopt;
}

Limits limits_of(const Node &step) {
  auto given = step.find("limits");
  if (!given) return {};
  const std::set<std::string> keys{
      // generated: cpp.case_limit_names
      "memory_bytes", "table_elements", "instances", "fuel", "output_bytes", "written_bytes", "open_files",
      "timeout_ms", "transfer_bytes", "handles",
      // end generated
  };
  for (const Node &one : given->each()) {
    if (!keys.contains(one.n->key)) throw Failure(std::string("no limit is named ") + one.n->key);
  }
  auto millis = [](std::optional<uint64_t> limit) {
    return limit ? std::optional(std::chrono::milliseconds(*limit)) : std::nullopt;
  };
  return {
      // generated: cpp.case_limits
      .memory_bytes = limit_of(*given, "memory_bytes"),
      .table_elements = limit_of(*given, "table_elements"),
      .instances = limit_of(*given, "instances"),
      .fuel = limit_of(*given, "fuel"),
      .output_bytes = limit_of(*given, "output_bytes"),
      .written_bytes = limit_of(*given, "written_bytes"),
      .open_files = limit_of(*given, "open_files"),
      .timeout = millis(limit_of(*given, "timeout_ms")),
      .transfer_bytes = limit_of(*given, "transfer_bytes"),
      .handles = limit_of(*given, "handles"),
      // end generated
  };
}

// A policy whose folders are in the folder of the case.
Policy policy_of(Env &e, const Node &given) {
  const std::string folder = e.file("").string();
  std::unique_ptr<char, decltype(&free)> json(tree_json(given.n, "CASE/", folder.c_str()), &free);
  return Policy::from_json(json.get());
}

Output output_of(Env &e, const Node &step, const char *key) {
  if (!step.has(key)) return {};
  const std::string to = step.str(key);
  if (to == "capture") return Output::capture();
  if (to == "callback") {
    return Output::to([&e](std::string_view bytes) {
      Env &outer = e.outermost();
      std::lock_guard guard(outer.lock);
      outer.written += bytes;
    });
  }
  if (to == "lines") {
    return Output::lines([&e](std::string_view line) {
      Env &outer = e.outermost();
      std::lock_guard guard(outer.lock);
      outer.written.append("[").append(line).append("]");
    });
  }
  if (to.starts_with("throw ")) {
    return Output::to([&e, name = to.substr(6)](std::span<const std::byte>) {
      std::rethrow_exception(e.exception(name));
    });
  }
  if (to.starts_with("call ")) {
    const size_t end = to.find(' ', 5);
    return Output::to([&e, name = to.substr(5, end - 5), func = to.substr(end + 1)](std::span<const std::byte>) {
      e.get<Instance>(name).call(func.c_str(), std::span<const Value>());
    });
  }
  return Output::file(e.file(to));
}

Sandbox sandbox_of(Env &e, const Node &step) {
  return {.policy = step.has("policy") ? policy_of(e, step.at("policy")) : Policy(),
          .limits = limits_of(step),
          .stdio = {.in = step.has("stdin") ? Input::bytes(step.str("stdin")) : Input(),
                    .out = output_of(e, step, "stdout"),
                    .err = output_of(e, step, "stderr"),
                    .refusals = output_of(e, step, "refusals")}};
}

void check_usage(const Node &expected, const Usage &usage) {
  const std::map<std::string, std::string> found{
      // generated: cpp.case_usage
      {"memory_bytes", std::to_string(usage.memory_bytes)},
      {"peak_memory_bytes", std::to_string(usage.peak_memory_bytes)},
      {"table_elements", std::to_string(usage.table_elements)},
      {"instances", std::to_string(usage.instances)},
      {"output_bytes", std::to_string(usage.output_bytes)},
      {"written_bytes", std::to_string(usage.written_bytes)},
      {"open_files", std::to_string(usage.open_files)},
      {"fuel_used", usage.fuel_used ? std::to_string(*usage.fuel_used) : std::string()},
      {"handles", std::to_string(usage.handles)},
      // end generated
  };
  for (const Node &one : expected.each()) expect(one.text(), found.at(one.n->key), one.n->key);
}

std::string taken(const Store &store, const std::string &stream) {
  if (stream == "stdout") return store.take_stdout();
  if (stream == "stderr") return store.take_stderr();
  if (stream == "nowhere") return store.output();
  if (stream == "refusals") return store.take_refusals();
  throw Failure("no stream is " + stream);
}

void write_file(const std::filesystem::path &path, const std::string &text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string text_of_file(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void check_restricted(Env &e, const Node &step) {
  const Policy policy = policy_of(e, step.at("policy")), by = policy_of(e, step.at("by"));
  const Policy restricted = policy.restrict(by);
  if (!policy.allows(restricted) || !by.allows(restricted)) throw Failure("it is not allowed");
  expect(step.str("json"), restricted.to_json(), "policy");
}

// An address such as "192.0.2.1:80" or "[::1]:80".
std::pair<std::string, uint16_t> address_of(const std::string &text) {
  const size_t colon = text.rfind(':');
  const size_t bracket = text.starts_with('[') ? 1 : 0;
  const auto port = static_cast<uint16_t>(std::stoul(text.substr(colon + 1)));
  return {text.substr(bracket, colon - 2 * bracket), port};
}

bool asked(const Policy &policy, const Node &step) {
  const std::string question = step.str("question");
  const auto port = static_cast<uint16_t>(step.num("port"));
  if (step.has("address")) {
    const auto [address, at] = address_of(step.str("address"));
    if (question == "tcp_connect") return policy.allows_tcp_connect(address, at);
    if (question == "tcp_bind") return policy.allows_tcp_bind(address, at);
    if (question == "udp_connect") return policy.allows_udp_connect(address, at);
    if (question == "udp_bind") return policy.allows_udp_bind(address, at);
  }
  if (question == "name") return policy.allows_name(step.str("name"));
  if (question == "name_port") return policy.allows_name_port(step.str("name"), port);
  if (question == "http") return policy.allows_http(step.str("scheme"), step.str("host"), port, step.str("method"));
  throw Failure("nobody asks " + question);
}

}  // namespace

#endif
