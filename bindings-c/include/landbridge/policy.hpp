// What guests may touch.

#ifndef LANDBRIDGE_POLICY_HPP
#define LANDBRIDGE_POLICY_HPP

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "handle.hpp"
#include "messages.hpp"
#include "out.hpp"
#include "text.hpp"

namespace landbridge {

// What guests may do with a folder and all that is in it.
enum class Access : uint32_t {
  read = LB_ACCESS_READ,    // look and read
  write = LB_ACCESS_WRITE,  // make, write, rename and remove as well
};

// Ports that are granted: `443`, `{8000, 8999}`, `Ports::any()`, or a text, "443", "8000-8999" or "*".
class Ports {
 public:
  // Throws RangeError for what is no port.
  template <std::integral T>
  Ports(T port) : text_(std::to_string(checked(port))) {}
  // All from the first to the last one.
  template <std::integral T>
  Ports(T first, T last) : text_(std::to_string(checked(first)) + "-" + std::to_string(checked(last))) {}
  // A text that is none of these throws TypeError where it is used.
  Ports(const char *text) : text_(text) {}
  Ports(std::string text) : text_(std::move(text)) {}
  static Ports any() { return "*"; }

  const std::string &text() const noexcept { return text_; }

 private:
  template <class T>
  static uint16_t checked(T port) {
    if (!std::in_range<uint16_t>(port)) LANDBRIDGE_THROW(detail::messages::out_of_range("port", std::to_string(port), "0", "65535"));
    return static_cast<uint16_t>(port);
  }

  std::string text_;
};

// What guests may touch besides their imports: a value that does not change. It starts at nothing
// and is granted to by name:
//
//     auto policy = Policy().with_read_only_dir("/data", "./data").with_env("LANG", "C");
//
// What was not granted gives the guest an error of WASI, as if it were not there or not permitted.
class Policy : public detail::Handle<lb_policy_t, lb_policy_release> {
 public:
  // Takes over a handle of landbridge.h, through which nobody else may change it.
  explicit Policy(lb_policy_t handle) noexcept : Handle(handle) {}

  // Grants nothing.
  Policy() { detail::check(lb_policy_new(&handle_)); }
  Policy(const Policy &other) : Handle() { detail::check(lb_policy_clone(other.handle_, &handle_)); }
  Policy(Policy &&) noexcept = default;
  Policy &operator=(Policy other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  // Grants the real clock and secure random numbers, which most programs need to start; see run().
  static Policy program() { return Policy(detail::made<lb_policy_t>(lb_policy_new_program)); }

  // A folder of the host, under the name that guests see. It is opened when a module that asks for WASI is
  // instantiated, which throws IoError if it is not there. The kernel's file systems below it, such as /proc and /sys,
  // are not given, unless this is a folder inside of one.
  Policy with_dir(const std::string &guest, const std::filesystem::path &host, Access access) const {
    return with(lb_policy_dir, detail::c_name(guest).c_str(), host.string().c_str(), static_cast<uint32_t>(access));
  }
  // The same, to look and read.
  Policy with_read_only_dir(const std::string &guest, const std::filesystem::path &host) const {
    return with_dir(guest, host, Access::read);
  }
  // A folder that each store makes for itself, in memory where the system has a place for that, with these files in it
  // at the start; it is gone with the store. Files are named by their paths inside, with `/`. Throws TypeError if one
  // is absolute or leads out, or is that of a file and of a folder.
  Policy with_memory_dir(const std::string &guest, const std::map<std::string, std::string> &files,
                         Access access) const {
    std::vector<std::string> paths;
    std::vector<lb_file_t> raw;
    for (const auto &[path, bytes] : files) paths.push_back(detail::c_name(path));
    for (const auto &[path, bytes] : files) raw.push_back({paths[raw.size()].c_str(), bytes.data(), bytes.size()});
    return with(lb_policy_memory_dir, detail::c_name(guest).c_str(), raw.data(), raw.size(),
                static_cast<uint32_t>(access));
  }
  // A variable of the environment, with this value, whatever the process's own is.
  Policy with_env(const std::string &name, const std::string &value) const {
    return with(lb_policy_env, detail::c_name(name).c_str(), detail::c_name(value).c_str());
  }
  // The arguments that a program sees, its name first, in place of those it had.
  Policy with_args(std::vector<std::string> args) const {
    std::vector<const char *> raw;
    for (std::string &arg : args) raw.push_back((arg = detail::c_name(std::move(arg))).c_str());
    return with(lb_policy_args, raw.data(), raw.size());
  }

  // A clock: none, which is an error of WASI, and then the times of files are 0; the host's; one that stands, since
  // 1970; one that goes on by a step each time it is asked, and these tell their own time for files. Throws RangeError
  // for what is before 1970, or a step back.
  Policy with_no_clock() const { return with(lb_policy_clock_none); }
  Policy with_real_clock() const { return with(lb_policy_clock_real); }
  Policy with_fixed_clock(std::chrono::nanoseconds at) const { return with(lb_policy_clock_fixed, count(at)); }
  Policy with_stepped_clock(std::chrono::nanoseconds start, std::chrono::nanoseconds step) const {
    return with(lb_policy_clock_stepped, count(start), count(step));
  }

  // Random numbers: none, which is an error of WASI; those of the operating system; the same ones each time, from
  // a seed, which are not for secrets.
  Policy with_no_random() const { return with(lb_policy_random_none); }
  Policy with_secure_random() const { return with(lb_policy_random_secure); }
  Policy with_seeded_random(uint64_t seed) const { return with(lb_policy_random_seed, seed); }

  // The network. No function of WASI preview 1 opens a connection, so guests of it reach no network whatever is granted
  // here. A network is an address or has the form "10.0.0.0/8". All throw TypeError for what is no network, name, ports
  // and so on.
  //
  // To connect by TCP to a network; to wait for connections at addresses of this machine.
  Policy with_tcp_connect(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_tcp_connect, network, ports);
  }
  Policy with_tcp_bind(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_tcp_bind, network, ports);
  }
  // To send to a network by UDP, and to receive from it; to receive at addresses of this machine.
  Policy with_udp_connect(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_udp_connect, network, ports);
  }
  Policy with_udp_bind(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_udp_bind, network, ports);
  }
  // To resolve a name and to connect by TCP to the addresses that come back, at these ports. "*.example.org" stands for
  // all names below that one, without itself, "*" for any. Whoever answers for the name chooses the addresses, ones of
  // this machine included. Other letters than ASCII are written as "xn--".
  Policy with_name(const std::string &name, const Ports &ports) const { return with_span(lb_policy_name, name, ports); }
  // Requests by HTTP. The scheme is "http", "https" or "*"; the host is an address or a name as in with_name(); the
  // method is written as it is sent, or "*". It grants no connections of the guest's own.
  Policy with_http(const std::string &scheme, const std::string &host, const Ports &ports,
                   const std::string &method) const {
    return with(lb_policy_http, detail::c_name(scheme).c_str(), detail::c_name(host).c_str(),
                detail::c_name(ports.text()).c_str(), detail::c_name(method).c_str());
  }

  // Whether a guest may connect to an address by TCP. An IPv4 address in IPv6 clothes counts as what it is, and the
  // address of no machine ("0.0.0.0", "::") as this machine, which is what systems take it for. Throws TypeError for
  // what is no address, as the next three do.
  bool allows_tcp_connect(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_tcp_connect, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may wait for connections at an address. "0.0.0.0" means all addresses of IPv4 and needs a grant of
  // "0.0.0.0/0"; "::" all those of IPv6 alone, with "::/0".
  bool allows_tcp_bind(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_tcp_bind, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may send to an address by UDP. See allows_tcp_connect().
  bool allows_udp_connect(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_udp_connect, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may receive at an address by UDP. See allows_tcp_bind().
  bool allows_udp_bind(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_udp_bind, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may resolve a name. Large letters are small ones, and a dot at the end does not count.
  bool allows_name(const std::string &name) const { return ask(lb_policy_allows_name, detail::c_name(name).c_str()); }
  // Whether a guest may connect by TCP to an address that this name resolved to.
  bool allows_name_port(const std::string &name, uint16_t port) const {
    return ask(lb_policy_allows_name_port, detail::c_name(name).c_str(), port);
  }
  // Whether a guest may make a request by HTTP.
  bool allows_http(const std::string &scheme, const std::string &host, uint16_t port, const std::string &method) const {
    return ask(lb_policy_allows_http, detail::c_name(scheme).c_str(), detail::c_name(host).c_str(), port,
               detail::c_name(method).c_str());
  }

  // What both grant: never wider than either. A folder must be the same one in both, one in memory must have the same
  // files, and each keeps the lesser access; of clocks and random numbers the lesser one counts, and none of two that
  // are told apart by their numbers; a variable must have the same value in both, and so must the arguments. Of
  // networks, ports and names what is in both is left.
  Policy restrict(const Policy &by) const {
    return Policy(detail::made<lb_policy_t>(lb_policy_restrict, handle_, by.handle_));
  }
  // Whether everything that the other grants is granted here. What only several grants of the network grant together,
  // such as two ranges of ports that meet, counts as not granted.
  bool allows(const Policy &other) const noexcept { return lb_policy_allows(handle_, other.handle_); }

  // As JSON, the same bytes in every host language.
  std::string to_json() const { return detail::told_by(lb_policy_to_json, handle_); }
  // Keys that are not there grant nothing. Throws TypeError, saying which key is unknown or wrong.
  static Policy from_json(std::string_view json) {
    return Policy(detail::made<lb_policy_t>(lb_policy_from_json, detail::c_name(std::string(json)).c_str()));
  }
  // The same from a file. Throws IoError too.
  static Policy from_file(const std::filesystem::path &path) {
    return Policy(detail::made<lb_policy_t>(lb_policy_from_file, path.string().c_str()));
  }

  // Whether both grant the same.
  friend bool operator==(const Policy &one, const Policy &other) noexcept {
    return lb_policy_same(one.handle_, other.handle_);
  }

 private:
  // A copy with one thing more.
  template <class... A, class... B>
  Policy with(lb_error_t *(*grant)(lb_policy_t, A...), B... what) const {
    Policy granted(*this);
    detail::check(grant(granted.handle_, what...));
    return granted;
  }
  template <class Grant>
  Policy with_span(Grant *grant, const std::string &where, const Ports &ports) const {
    return with(grant, detail::c_name(where).c_str(), detail::c_name(ports.text()).c_str());
  }
  template <class Question, class... A>
  bool ask(Question *question, A... about) const { return detail::made<bool>(question, handle_, about...); }
  static uint64_t count(std::chrono::nanoseconds time) {
    if (time.count() < 0) {
      constexpr auto most = std::chrono::nanoseconds::max().count();
      LANDBRIDGE_THROW(detail::messages::out_of_range("clock", std::to_string(time.count()), "0", std::to_string(most)));
    }
    return static_cast<uint64_t>(time.count());
  }
};

}  // namespace landbridge

#endif
