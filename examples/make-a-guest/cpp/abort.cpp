// [abort]
#include <__verbose_abort>

// The C++ library writes why it gives up, which asks for WASI. This traps instead.
[[noreturn]] void std::__libcpp_verbose_abort(const char *, ...) noexcept { __builtin_trap(); }
// [end abort]
