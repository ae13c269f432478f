// Compiled modules.

#ifndef LANDBRIDGE_MODULE_HPP
#define LANDBRIDGE_MODULE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine.hpp"
#include "expected.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "sandbox.hpp"
#include "text.hpp"
#include "types.hpp"

namespace landbridge {

class Imports;
class Instance;
class Loading;

// Compiled code, ready to be instantiated any number of times.
class Module : public detail::Handle<lb_module_t, lb_module_release> {
 public:
  using Handle::Handle;

  // From a string: WebAssembly text if it begins like one, with "(" or ";;" after space and a byte order mark, and else
  // the path of a file. A file whose own name begins so is loaded by its std::filesystem::path. Throws IoError,
  // CompileError.
  static Module load(const char *source, const Engine &engine = Engine::shared()) {
    Module module;
    detail::check(lb_module_load(engine.pointer(), source, &module.handle_));
    return module;
  }
  static Module load(const std::string &source, const Engine &engine = Engine::shared()) {
    return load(detail::c_name(source).c_str(), engine);
  }
  static Module load(std::string_view source, const Engine &engine = Engine::shared()) {
    return load(std::string(source), engine);
  }
  // From a file of bytes or of WebAssembly text. Throws IoError, CompileError.
  static Module load(const std::filesystem::path &path, const Engine &engine = Engine::shared()) {
    Module module;
    detail::check(lb_module_load_file(engine.pointer(), path.string().c_str(), &module.handle_));
    return module;
  }
  // From WebAssembly text. Throws CompileError.
  static Module from_text(std::string_view text, const Engine &engine = Engine::shared()) {
    return from_bytes(std::as_bytes(std::span(text)), engine);
  }
  // From bytes, which are not needed afterwards. Throws CompileError.
  static Module from_bytes(std::span<const std::byte> bytes, const Engine &engine = Engine::shared()) {
    Module module;
    auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
    detail::check(lb_module_load_bytes(engine.pointer(), data, bytes.size(), &module.handle_));
    return module;
  }

  // The same, with the error in place of an exception:
  //
  //     auto module = Module::try_load("calc.wasm");
  //     if (!module) return log(module.error().what());
  static Expected<Module> try_load(const char *source, const Engine &engine = Engine::shared()) {
    return detail::try_made<Module, lb_module_t>(lb_module_load, engine.pointer(), source);
  }
  static Expected<Module> try_load(const std::string &source, const Engine &engine = Engine::shared()) {
    return try_load(detail::c_name(source).c_str(), engine);
  }
  static Expected<Module> try_load(const std::filesystem::path &path, const Engine &engine = Engine::shared()) {
    return detail::try_made<Module, lb_module_t>(lb_module_load_file, engine.pointer(), path.string().c_str());
  }
  static Expected<Module> try_from_text(std::string_view text, const Engine &engine = Engine::shared()) {
    return try_from_bytes(std::as_bytes(std::span(text)), engine);
  }
  static Expected<Module> try_from_bytes(std::span<const std::byte> bytes, const Engine &engine = Engine::shared()) {
    auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
    return detail::try_made<Module, lb_module_t>(lb_module_load_bytes, engine.pointer(), data, bytes.size());
  }

  // The same on a thread of the library's, without waiting: `Module module = Module::load_async(path).get();`. Calls
  // never wait for these threads. Throws LimitExceeded if no thread can be started; all else comes out of the Loading.
  static Loading load_async(const std::filesystem::path &path, const Engine &engine = Engine::shared());
  static Loading from_text_async(std::string_view text, const Engine &engine = Engine::shared());
  static Loading from_bytes_async(std::span<const std::byte> bytes, const Engine &engine = Engine::shared());

  // Loads what compile() wrote, without compiling. The file is machine code, which is run as it is and is
  // trusted: never load one from somebody whose programs you would not run, and do not change it while a
  // module of it is loaded. Checks are against mistakes, not against malice. Throws IoError, CompileError.
  static Module load_precompiled(const std::filesystem::path &path, const Engine &engine = Engine::shared()) {
    Module module;
    detail::check(lb_module_load_precompiled(engine.pointer(), path.string().c_str(), &module.handle_));
    return module;
  }
  // Writes the compiled code to a file, for this version, this sort of machine and the engine's options.
  // Throws IoError.
  void compile(const std::filesystem::path &path) const {
    detail::check(lb_module_compile(handle_, path.string().c_str()));
  }

  // Its bytes in the binary format, as long as this object lives. A module travels as these.
  std::span<const std::byte> bytes() const {
    return std::as_bytes(detail::lent_by<uint8_t>(lb_module_bytes, handle_));
  }
  // The BLAKE3 hash of its bytes, in hexadecimal.
  std::string digest() const { return detail::made<const char *>(lb_module_digest, handle_); }

  // The name that its compiler gave it.
  std::optional<std::string> name() const {
    return detail::name_or_none(detail::made<const char *>(lb_module_name, handle_));
  }
  // What it asks its host for, in its own order.
  std::vector<ImportType> imports() const {
    return detail::imports_of(detail::lent_by<lb_import_t>(lb_module_imports, handle_));
  }
  // What it exports, in its own order.
  std::vector<ExportType> exports() const {
    return detail::exports_of(detail::lent_by<lb_export_t>(lb_module_exports, handle_));
  }

  // Makes an instance in a store of its own and runs the start function. Throws LinkError, naming
  // every import that is missing; what the start function throws; WrongStore.
  Instance instantiate() const;
  Instance instantiate(const Imports &imports) const;
  // The same in a store with a sandbox, which holds for the start function too. Throws as the limits say,
  // IoError for a file or folder that cannot be opened, and as Store::Store(). A module of WASI needs no imports:
  //
  //     auto app = module.instantiate({}, {.policy = policy, .limits = {.timeout = 500ms}});
  Instance instantiate(const Imports &imports, const Sandbox &sandbox) const;
  // The same, with the error in place of an exception.
  Expected<Instance> try_instantiate() const;
  Expected<Instance> try_instantiate(const Imports &imports) const;
  Expected<Instance> try_instantiate(const Imports &imports, const Sandbox &sandbox) const;
};

}  // namespace landbridge

#endif
