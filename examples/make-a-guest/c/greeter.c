/* [c] */
#include <stdio.h>

#include "greeter.h"

bool exports_demo_greeter_greetings_hello(exports_demo_greeter_greetings_person_t *who, greeter_string_t *ret,
                                          greeter_string_t *err) {
  bool named = who->name.len > 0;
  if (named) {
    char text[256];
    snprintf(text, sizeof text, "Hello, %.*s! At %d you speak %zu languages.", (int)who->name.len,
             (const char *)who->name.ptr, who->age, who->languages.len);
    greeter_string_dup(ret, text);
  } else {
    greeter_string_dup(err, "nobody to greet");
  }
  exports_demo_greeter_greetings_person_free(who);
  return named;
}
/* [end c] */
