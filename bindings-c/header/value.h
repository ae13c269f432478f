// A value of each type, as an expression.
static inline lb_value_t lb_i32(int32_t i32) {
  lb_value_t value = { LB_TYPE_I32, { 0 } };
  value.of.i32 = i32;
  return value;
}

static inline lb_value_t lb_i64(int64_t i64) {
  lb_value_t value = { LB_TYPE_I64, { 0 } };
  value.of.i64 = i64;
  return value;
}

static inline lb_value_t lb_f32(float f32) {
  lb_value_t value = { LB_TYPE_F32, { 0 } };
  value.of.f32 = f32;
  return value;
}

static inline lb_value_t lb_f64(double f64) {
  lb_value_t value = { LB_TYPE_F64, { 0 } };
  value.of.f64 = f64;
  return value;
}

static inline lb_value_t lb_v128(lb_v128_t v128) {
  lb_value_t value = { LB_TYPE_V128, { 0 } };
  value.of.v128 = v128;
  return value;
}

static inline lb_value_t lb_funcref(lb_func_t func) {
  lb_value_t value = { LB_TYPE_FUNCREF, { 0 } };
  value.of.func = func;
  return value;
}

static inline lb_value_t lb_externref(lb_externref_t externref) {
  lb_value_t value = { LB_TYPE_EXTERNREF, { 0 } };
  value.of.externref = externref;
  return value;
}

static inline lb_value_t lb_i31ref(int32_t i32) {
  lb_value_t value = { LB_TYPE_I31REF, { 0 } };
  value.of.i32 = i32;
  return value;
}

static inline lb_value_t lb_anyref(lb_externref_t externref) {
  lb_value_t value = { LB_TYPE_ANYREF, { 0 } };
  value.of.externref = externref;
  return value;
}

static inline lb_value_t lb_structref(lb_gcref_t gcref) {
  lb_value_t value = { LB_TYPE_STRUCTREF, { 0 } };
  value.of.gcref = gcref;
  return value;
}

static inline lb_value_t lb_arrayref(lb_gcref_t gcref) {
  lb_value_t value = { LB_TYPE_ARRAYREF, { 0 } };
  value.of.gcref = gcref;
  return value;
}

static inline lb_value_t lb_exnref(lb_exception_t exception) {
  lb_value_t value = { LB_TYPE_EXNREF, { 0 } };
  value.of.exception = exception;
  return value;
}

// The same in initialisers: lb_value_t args[2] = { LB_I32(2), LB_F64(0.5) };
// LB_V128 takes the 16 bytes, lane 0 first. The null references are LB_NULL_FUNCREF, LB_NULL_EXTERNREF,
// LB_NULL_ANYREF and LB_NULL_EXNREF.
#ifdef __cplusplus
#define LB_I32(value) lb_i32(value)
#define LB_I64(value) lb_i64(value)
#define LB_F32(value) lb_f32(value)
#define LB_F64(value) lb_f64(value)
#define LB_V128(...) lb_v128(lb_v128_t{{__VA_ARGS__}})
#define LB_FUNCREF(value) lb_funcref(value)
#define LB_EXTERNREF(value) lb_externref(value)
#define LB_I31REF(value) lb_i31ref(value)
#define LB_ANYREF(value) lb_anyref(value)
#define LB_STRUCTREF(value) lb_structref(value)
#define LB_ARRAYREF(value) lb_arrayref(value)
#define LB_EXNREF(value) lb_exnref(value)
#define LB_NULL_FUNCREF lb_funcref(lb_func_t{0})
#define LB_NULL_EXTERNREF lb_externref(lb_externref_t{0})
#define LB_NULL_ANYREF lb_anyref(lb_externref_t{0})
#define LB_NULL_EXNREF lb_exnref(lb_exception_t{0})
#else
#define LB_I32(value) { LB_TYPE_I32, { .i32 = (value) } }
#define LB_I64(value) { LB_TYPE_I64, { .i64 = (value) } }
#define LB_F32(value) { LB_TYPE_F32, { .f32 = (value) } }
#define LB_F64(value) { LB_TYPE_F64, { .f64 = (value) } }
#define LB_V128(...) { LB_TYPE_V128, { .v128 = { { __VA_ARGS__ } } } }
#define LB_FUNCREF(value) { LB_TYPE_FUNCREF, { .func = (value) } }
#define LB_EXTERNREF(value) { LB_TYPE_EXTERNREF, { .externref = (value) } }
#define LB_I31REF(value) { LB_TYPE_I31REF, { .i32 = (value) } }
#define LB_ANYREF(value) { LB_TYPE_ANYREF, { .externref = (value) } }
#define LB_STRUCTREF(value) { LB_TYPE_STRUCTREF, { .gcref = (value) } }
#define LB_ARRAYREF(value) { LB_TYPE_ARRAYREF, { .gcref = (value) } }
#define LB_EXNREF(value) { LB_TYPE_EXNREF, { .exception = (value) } }
#define LB_NULL_FUNCREF { LB_TYPE_FUNCREF, { .func = { 0 } } }
#define LB_NULL_EXTERNREF { LB_TYPE_EXTERNREF, { .externref = { 0 } } }
#define LB_NULL_ANYREF { LB_TYPE_ANYREF, { .externref = { 0 } } }
#define LB_NULL_EXNREF { LB_TYPE_EXNREF, { .exception = { 0 } } }
#endif

// Vectors by their lanes, lane 0 first: lb_v128_f32x4() makes one of an array of lanes, and lb_v128_f32x4_lane() reads a
// lane, whose number counts modulo that of all lanes. So it is for each shape.
#define LB_LANES(shape, type, count)                                       \
  static inline lb_v128_t lb_v128_##shape(const type lanes[count]) {       \
    lb_v128_t v128;                                                        \
    memcpy(v128.bytes, lanes, sizeof v128.bytes);                          \
    return v128;                                                           \
  }                                                                        \
  static inline type lb_v128_##shape##_lane(lb_v128_t v128, size_t lane) { \
    type found;                                                            \
    memcpy(&found, v128.bytes + lane % count * sizeof found, sizeof found); \
    return found;                                                          \
  }
LB_LANES(i8x16, int8_t, 16)
LB_LANES(i16x8, int16_t, 8)
LB_LANES(i32x4, int32_t, 4)
LB_LANES(i64x2, int64_t, 2)
LB_LANES(f32x4, float, 4)
LB_LANES(f64x2, double, 2)
#undef LB_LANES
