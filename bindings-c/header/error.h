/// Compares this header with the library that is loaded; call it once, when your program starts. An older library
/// lacks what this header declares.
///
/// Errors: LB_KIND_UNSUPPORTED if the library is older than LB_ABI_VERSION.
LB_MUST_USE
static inline lb_error_t *lb_check_version(void) {
  if (lb_abi_version() >= LB_ABI_VERSION) return NULL;
  return lb_error_new(LB_KIND_UNSUPPORTED,
                      "this program was compiled with landbridge.h " LB_VERSION_STRING
                      ", and the library that is loaded is older: install landbridge " LB_VERSION_STRING " or later");
}
