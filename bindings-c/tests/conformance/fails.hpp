// Compares an error with what the case says about it.

#ifndef CONFORMANCE_FAILS_HPP
#define CONFORMANCE_FAILS_HPP

#include "value.hpp"
#include "wit_value.hpp"

namespace {

const TaggedException &tagged(const std::exception &caught) {
  if (auto *found = dynamic_cast<const TaggedException *>(&caught)) return *found;
  throw Failure(std::string("it is no TaggedException: ") + caught.what());
}

void check_failure(Env &e, const Node &fails, const std::exception &caught) {
  const Error *error = dynamic_cast<const Error *>(&caught);
  const Boom *boom = dynamic_cast<const Boom *>(&caught);
  if (!error && !boom) throw Failure(std::string("an exception of another kind: ") + caught.what());
  expect(fails.str("kind"), std::string(boom ? "host" : name(error->kind())), caught.what());
  for (const Node &one : fails.each()) {
    const std::string key = one.n->key;
    if (key == "code") {
      const auto code = error ? error->trap_code() : std::nullopt;
      expect(one.text(), code ? std::string(name(*code)) : "", "code");
    } else if (key == "exit") {
      const Exit *exit = dynamic_cast<const Exit *>(error);
      if (!exit) throw Failure("it is no Exit");
      expect(one.text(), std::to_string(exit->exit_code()), "exit code");
    } else if (key == "row") {
      const auto row = error ? error->row() : std::nullopt;
      expect(one.null() ? "none" : one.text(), row ? std::to_string(*row) : "none", "row");
    } else if (key == "os_code") {
      expect(one.text(), error && error->os_code() ? std::to_string(*error->os_code()) : "", "os_code");
    } else if (key == "path") {
      const std::string path = error ? error->path().value_or("") : "";
      if (!path.ends_with(one.text())) throw Failure(one.text() + " is not the end of: " + path);
    } else if (key == "payload" && one.n->kind == 'S') {
      const WitError *wit = dynamic_cast<const WitError *>(error);
      if (!wit) throw Failure("it is no WitError");
      expect(one.text(), told(wit->payload()), "payload");
    } else if (key == "message") {
      for (const Node &part : one.each()) {
        if (!std::strstr(caught.what(), part.n->text)) throw Failure(part.text() + " is not in: " + caught.what());
      }
    } else if (key == "output") {
      expect(one.text(), std::string(error->output()), "output");
    } else if (key == "frames") {
      // An exception of the host's own has no frames in C++: it is the very object that was thrown.
      if (boom) continue;
      auto frames = error->frames();
      size_t i = 0;
      for (const Node &wanted : one.each()) {
        if (i >= frames.size()) throw Failure("there are too few frames");
        expect(wanted.text(), frames[i++].func_name.value_or(""), "frame");
      }
      if (i == 0 && !frames.empty()) throw Failure("there are frames");
    } else if (key == "frame_count") {
      if (!boom) expect(one.text(), std::to_string(error->frames().size()), "frame_count");
    } else if (key == "exception") {
      if (&caught != e.address(one.text())) throw Failure("the exception is not the very one");
    } else if (key == "as") {
      e.put(one.text(), tagged(caught).exception());
    } else if (key != "kind" && key != "tag" && key != "payload") {
      throw Failure("an unknown key in fails: " + key);
    }
  }
  if (fails.has("tag") || (fails.has("payload") && fails.at("payload").n->kind != 'S')) check_exception(e, fails, tagged(caught).exception());
}

}  // namespace

#endif
