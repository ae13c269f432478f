// Compiled with every warning there is: the header gives none.
#include <landbridge.h>

#if LB_VERSION < 1000
#error "the preprocessor knows the version"
#endif

// Values of components, as constants and as expressions.
static const lb_wit_value_t numbers[] = { LB_WIT_BOOL(true), LB_WIT_S8(-1), LB_WIT_U8(1), LB_WIT_S16(-1), LB_WIT_U16(1), LB_WIT_S32(-1),
                                          LB_WIT_U32(1), LB_WIT_S64(-1), LB_WIT_U64(1), LB_WIT_F32(0.5f), LB_WIT_F64(0.5),
                                          LB_WIT_CHAR('a'), LB_WIT_STRING("Ada"), LB_WIT_TEXT("Ada", 3), LB_WIT_BYTES("Ada", 3),
                                          LB_WIT_NUMBERS(LB_WIT_SORT_U8, "Ada", 3), LB_WIT_RESOURCE(1), LB_WIT_OBJECT(NULL, NULL) };
static const char *const names[] = { "a", "b" };
static const lb_wit_field_t fields[] = { { "name", LB_WIT_STRING("Ada") }, { "age", LB_WIT_U8(36) } };
static const lb_wit_value_t parts[] = { LB_WIT_LIST(numbers), LB_WIT_TUPLE(numbers), LB_WIT_RECORD(fields), LB_WIT_FLAGS(names),
                                        LB_WIT_VARIANT("circle", numbers), LB_WIT_ENUM("red"), LB_WIT_NONE, LB_WIT_SOME(numbers),
                                        LB_WIT_OK(numbers), LB_WIT_ERR(NULL) };

static size_t values(void);

static size_t values(void) {
  lb_wit_value_t list = lb_wit_list(parts, sizeof parts / sizeof *parts);
  return list.of.items.count + lb_wit_string("a").of.text.length + lb_wit_u8(1).of.u8;
}

int main(void);

int main(void) {
  const char version[] = LB_VERSION_STRING;
  return sizeof version > 5 && lb_version()[0] == version[0] && values() ? 0 : 1;
}
