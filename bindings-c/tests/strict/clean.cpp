// Compiled with every warning there is: the header gives none.
#include <landbridge.hpp>

#if LB_VERSION < 1000
#error "the preprocessor knows the version"
#endif

// Values of components as C has them are there too.
static const lb_wit_value_t some_numbers[] = {LB_WIT_BOOL(true), LB_WIT_U8(1), LB_WIT_F64(0.5), LB_WIT_STRING("Ada"), LB_WIT_BYTES("Ada", 3),
                                         LB_WIT_RESOURCE(1), LB_WIT_OBJECT(nullptr, nullptr)};
static const lb_wit_field_t some_fields[] = {{"name", LB_WIT_STRING("Ada")}, {"age", LB_WIT_U8(36)}};
static const lb_wit_value_t some_parts[] = {LB_WIT_LIST(some_numbers), LB_WIT_RECORD(some_fields), LB_WIT_NONE, LB_WIT_SOME(some_numbers), LB_WIT_ERR(nullptr)};

int main() {
  if (lb_wit_list(some_parts, 5).of.items.count != 5) return 1;
  landbridge::Store store;
  const landbridge::Module module = landbridge::Module::from_text("(module (func (export \"f\")))");
  landbridge::Instance instance = store.instantiate(module);
  instance.func<void()>("f")();
  return store.take_stdout().empty() ? 0 : 1;
}
