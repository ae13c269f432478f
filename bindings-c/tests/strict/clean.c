// Compiled with every warning there is: the header gives none.
#include <landbridge.h>

#if LB_VERSION < 1000
#error "the preprocessor knows the version"
#endif

int main(void);

int main(void) {
  const char version[] = LB_VERSION_STRING;
  return sizeof version > 5 && lb_version()[0] == version[0] ? 0 : 1;
}
