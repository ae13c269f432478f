/// A value of a type of WIT.
struct lb_wit_value_t {
  /// One of the LB_WIT_SORT_ numbers.
  lb_wit_sort_t sort;
  /// Of LB_WIT_SORT_NUMBERS the sort of the numbers; of LB_WIT_SORT_RESULT 0 for ok and 1 for err; of
  /// LB_WIT_SORT_VARIANT and LB_WIT_SORT_ENUM which case it is, if which has no name. What the library gives has the number
  /// of the case there, and for an option 0 for none and 1 for some.
  uint32_t part;
  /// What it holds.
  lb_wit_bits_t of;
};

/// A field of a record.
struct lb_wit_field_t {
  /// As WIT spells it.
  const char *name;
  /// What it is.
  lb_wit_value_t value;
};

// A value of each sort, as an expression. What has parts points to them: they must live until the value was used.
#define LB_WIT_SIMPLE(name, type, SORT, member)                   \
  static inline lb_wit_value_t lb_wit_##name(type it) {           \
    lb_wit_value_t value = { LB_WIT_SORT_##SORT, 0, { 0 } };      \
    value.of.member = it;                                         \
    return value;                                                 \
  }
LB_WIT_SIMPLE(bool, bool, BOOL, boolean)
LB_WIT_SIMPLE(s8, int8_t, S8, s8)
LB_WIT_SIMPLE(u8, uint8_t, U8, u8)
LB_WIT_SIMPLE(s16, int16_t, S16, s16)
LB_WIT_SIMPLE(u16, uint16_t, U16, u16)
LB_WIT_SIMPLE(s32, int32_t, S32, s32)
LB_WIT_SIMPLE(u32, uint32_t, U32, u32)
LB_WIT_SIMPLE(s64, int64_t, S64, s64)
LB_WIT_SIMPLE(u64, uint64_t, U64, u64)
LB_WIT_SIMPLE(f32, float, F32, f32)
LB_WIT_SIMPLE(f64, double, F64, f64)
LB_WIT_SIMPLE(char, uint32_t, CHAR, character)
LB_WIT_SIMPLE(resource, uint64_t, RESOURCE, resource)
#undef LB_WIT_SIMPLE

// Text of so many bytes in UTF-8.
static inline lb_wit_value_t lb_wit_text(const char *data, size_t length) {
  lb_wit_value_t value = { LB_WIT_SORT_STRING, 0, { 0 } };
  value.of.text.data = data;
  value.of.text.length = length;
  return value;
}

// Text that ends with a zero byte.
static inline lb_wit_value_t lb_wit_string(const char *text) {
  return lb_wit_text(text, strlen(text));
}

static inline lb_wit_value_t lb_wit_list(const lb_wit_value_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_LIST, 0, { 0 } };
  value.of.items.data = data;
  value.of.items.count = count;
  return value;
}

static inline lb_wit_value_t lb_wit_tuple(const lb_wit_value_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_TUPLE, 0, { 0 } };
  value.of.items.data = data;
  value.of.items.count = count;
  return value;
}

// A list of numbers as they lie in an array of C: lb_wit_numbers(LB_WIT_SORT_F64, points, 3).
static inline lb_wit_value_t lb_wit_numbers(lb_wit_sort_t sort, const void *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_NUMBERS, sort, { 0 } };
  value.of.numbers.data = data;
  value.of.numbers.count = count;
  return value;
}

static inline lb_wit_value_t lb_wit_bytes(const void *data, size_t length) {
  return lb_wit_numbers(LB_WIT_SORT_U8, data, length);
}

static inline lb_wit_value_t lb_wit_record(const lb_wit_field_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_RECORD, 0, { 0 } };
  value.of.fields.data = data;
  value.of.fields.count = count;
  return value;
}

// A case of a variant, and what it holds, or NULL.
static inline lb_wit_value_t lb_wit_variant(const char *name, const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_VARIANT, 0, { 0 } };
  value.of.which.name = name;
  value.of.which.value = held;
  return value;
}

static inline lb_wit_value_t lb_wit_enum(const char *name) {
  lb_wit_value_t value = { LB_WIT_SORT_ENUM, 0, { 0 } };
  value.of.which.name = name;
  return value;
}

// The flags that are set.
static inline lb_wit_value_t lb_wit_flags(const char *const *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_FLAGS, 0, { 0 } };
  value.of.names.data = data;
  value.of.names.count = count;
  return value;
}

static inline lb_wit_value_t lb_wit_none(void) {
  lb_wit_value_t value = { LB_WIT_SORT_OPTION, 0, { 0 } };
  value.of.which.value = NULL;
  return value;
}

static inline lb_wit_value_t lb_wit_some(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_OPTION, 1, { 0 } };
  value.of.which.value = held;
  return value;
}

// What it holds may be NULL.
static inline lb_wit_value_t lb_wit_ok(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_RESULT, 0, { 0 } };
  value.of.which.value = held;
  return value;
}

static inline lb_wit_value_t lb_wit_err(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_RESULT, 1, { 0 } };
  value.of.which.value = held;
  return value;
}

// An object of the program's. drop may be NULL.
static inline lb_wit_value_t lb_wit_object(void *data, lb_drop_t drop) {
  lb_wit_value_t value = { LB_WIT_SORT_OBJECT, 0, { 0 } };
  value.of.object.data = data;
  value.of.object.drop = drop;
  return value;
}

// The same in initialisers: lb_wit_value_t args[2] = { LB_WIT_STRING("Ada"), LB_WIT_U8(36) };
// LB_WIT_STRING takes a literal, LB_WIT_LIST, LB_WIT_TUPLE, LB_WIT_RECORD and LB_WIT_FLAGS take an array.
#ifdef __cplusplus
#define LB_WIT_BOOL(value) lb_wit_bool(value)
#define LB_WIT_S8(value) lb_wit_s8(value)
#define LB_WIT_U8(value) lb_wit_u8(value)
#define LB_WIT_S16(value) lb_wit_s16(value)
#define LB_WIT_U16(value) lb_wit_u16(value)
#define LB_WIT_S32(value) lb_wit_s32(value)
#define LB_WIT_U32(value) lb_wit_u32(value)
#define LB_WIT_S64(value) lb_wit_s64(value)
#define LB_WIT_U64(value) lb_wit_u64(value)
#define LB_WIT_F32(value) lb_wit_f32(value)
#define LB_WIT_F64(value) lb_wit_f64(value)
#define LB_WIT_CHAR(value) lb_wit_char(value)
#define LB_WIT_RESOURCE(value) lb_wit_resource(value)
#define LB_WIT_TEXT(data, length) lb_wit_text(data, length)
#define LB_WIT_STRING(literal) lb_wit_text("" literal, sizeof(literal) - 1)
#define LB_WIT_BYTES(data, length) lb_wit_bytes(data, length)
#define LB_WIT_NUMBERS(sort, data, count) lb_wit_numbers(sort, data, count)
#define LB_WIT_LIST(array) lb_wit_list(array, sizeof(array) / sizeof *(array))
#define LB_WIT_TUPLE(array) lb_wit_tuple(array, sizeof(array) / sizeof *(array))
#define LB_WIT_RECORD(array) lb_wit_record(array, sizeof(array) / sizeof *(array))
#define LB_WIT_FLAGS(array) lb_wit_flags(array, sizeof(array) / sizeof *(array))
#define LB_WIT_VARIANT(name, held) lb_wit_variant(name, held)
#define LB_WIT_ENUM(name) lb_wit_enum(name)
#define LB_WIT_NONE lb_wit_none()
#define LB_WIT_SOME(held) lb_wit_some(held)
#define LB_WIT_OK(held) lb_wit_ok(held)
#define LB_WIT_ERR(held) lb_wit_err(held)
#define LB_WIT_OBJECT(data, drop) lb_wit_object(data, drop)
#else
#define LB_WIT_BOOL(value) { LB_WIT_SORT_BOOL, 0, { .boolean = (value) } }
#define LB_WIT_S8(value) { LB_WIT_SORT_S8, 0, { .s8 = (value) } }
#define LB_WIT_U8(value) { LB_WIT_SORT_U8, 0, { .u8 = (value) } }
#define LB_WIT_S16(value) { LB_WIT_SORT_S16, 0, { .s16 = (value) } }
#define LB_WIT_U16(value) { LB_WIT_SORT_U16, 0, { .u16 = (value) } }
#define LB_WIT_S32(value) { LB_WIT_SORT_S32, 0, { .s32 = (value) } }
#define LB_WIT_U32(value) { LB_WIT_SORT_U32, 0, { .u32 = (value) } }
#define LB_WIT_S64(value) { LB_WIT_SORT_S64, 0, { .s64 = (value) } }
#define LB_WIT_U64(value) { LB_WIT_SORT_U64, 0, { .u64 = (value) } }
#define LB_WIT_F32(value) { LB_WIT_SORT_F32, 0, { .f32 = (value) } }
#define LB_WIT_F64(value) { LB_WIT_SORT_F64, 0, { .f64 = (value) } }
#define LB_WIT_CHAR(value) { LB_WIT_SORT_CHAR, 0, { .character = (value) } }
#define LB_WIT_RESOURCE(value) { LB_WIT_SORT_RESOURCE, 0, { .resource = (value) } }
#define LB_WIT_TEXT(data, length) { LB_WIT_SORT_STRING, 0, { .text = { (data), (length) } } }
#define LB_WIT_STRING(literal) { LB_WIT_SORT_STRING, 0, { .text = { "" literal, sizeof(literal) - 1 } } }
#define LB_WIT_BYTES(data, length) { LB_WIT_SORT_NUMBERS, LB_WIT_SORT_U8, { .numbers = { (data), (length) } } }
#define LB_WIT_NUMBERS(sort, data, count) { LB_WIT_SORT_NUMBERS, (sort), { .numbers = { (data), (count) } } }
#define LB_WIT_LIST(array) { LB_WIT_SORT_LIST, 0, { .items = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_TUPLE(array) { LB_WIT_SORT_TUPLE, 0, { .items = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_RECORD(array) { LB_WIT_SORT_RECORD, 0, { .fields = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_FLAGS(array) { LB_WIT_SORT_FLAGS, 0, { .names = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_VARIANT(name, held) { LB_WIT_SORT_VARIANT, 0, { .which = { (name), (held) } } }
#define LB_WIT_ENUM(name) { LB_WIT_SORT_ENUM, 0, { .which = { (name), NULL } } }
#define LB_WIT_NONE { LB_WIT_SORT_OPTION, 0, { .which = { NULL, NULL } } }
#define LB_WIT_SOME(held) { LB_WIT_SORT_OPTION, 1, { .which = { NULL, (held) } } }
#define LB_WIT_OK(held) { LB_WIT_SORT_RESULT, 0, { .which = { NULL, (held) } } }
#define LB_WIT_ERR(held) { LB_WIT_SORT_RESULT, 1, { .which = { NULL, (held) } } }
#define LB_WIT_OBJECT(data, drop) { LB_WIT_SORT_OBJECT, 0, { .object = { (data), (drop) } } }
#endif

// The field of a record by its name, or NULL if it has none of that name or is no record.
static inline const lb_wit_value_t *lb_wit_field(const lb_wit_value_t *record, const char *name) {
  if (!record || record->sort != LB_WIT_SORT_RECORD) return NULL;
  for (size_t i = 0; i < record->of.fields.count; i++) {
    if (!strcmp(record->of.fields.data[i].name, name)) return &record->of.fields.data[i].value;
  }
  return NULL;
}

// Whether a flag is set.
static inline bool lb_wit_has_flag(const lb_wit_value_t *flags, const char *name) {
  if (!flags || flags->sort != LB_WIT_SORT_FLAGS) return false;
  for (size_t i = 0; i < flags->of.names.count; i++) {
    if (!strcmp(flags->of.names.data[i], name)) return true;
  }
  return false;
}
