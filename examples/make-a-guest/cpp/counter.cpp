// [counter]
#include <string>

#include "counter.h"

uint32_t exports_counter_countdown(uint32_t start) {
  for (uint32_t n = start; n > 0; n--) {
    std::string line = std::to_string(n);
    counter_string_t text = {reinterpret_cast<uint8_t *>(line.data()), line.size()};
    demo_greeter_logging_log(&text);
  }
  return start;
}
// [end counter]
