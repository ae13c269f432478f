// [greeter]
#include <string>
#include <string_view>

#include "greeter.h"

static void give(greeter_string_t *into, std::string_view text) {
  greeter_string_dup_n(into, text.data(), text.size());
}

bool exports_demo_greeter_greetings_hello(exports_demo_greeter_greetings_person_t *who, greeter_string_t *ret,
                                          greeter_string_t *err) {
  std::string name(reinterpret_cast<const char *>(who->name.ptr), who->name.len);
  std::string age = std::to_string(who->age), languages = std::to_string(who->languages.len);
  exports_demo_greeter_greetings_person_free(who);
  if (name.empty()) {
    give(err, "nobody to greet");
    return false;
  }
  give(ret, "Hello, " + name + "! At " + age + " you speak " + languages + " languages.");
  return true;
}
// [end greeter]
