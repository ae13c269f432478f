// Compiled with every warning there is: the header gives none.
#include <landbridge.hpp>

#if LB_VERSION < 1000
#error "the preprocessor knows the version"
#endif

int main() {
  landbridge::Store store;
  const landbridge::Module module = landbridge::Module::from_text("(module (func (export \"f\")))");
  landbridge::Instance instance = store.instantiate(module);
  instance.func<void()>("f")();
  return store.take_stdout().empty() ? 0 : 1;
}
