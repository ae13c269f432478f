// An error that nobody looks at is a warning.
#include <landbridge.h>

int main(void);

int main(void) {
  lb_module_t module;
  lb_module_load_text(0, "(module)", &module);
  return 0;
}
