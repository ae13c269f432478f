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

// The same in initialisers: lb_value_t args[2] = { LB_I32(2), LB_F64(0.5) };
// LB_V128 takes the 16 bytes, lane 0 first. The null references are LB_NULL_FUNCREF and
// LB_NULL_EXTERNREF.
#ifdef __cplusplus
#define LB_I32(value) lb_i32(value)
#define LB_I64(value) lb_i64(value)
#define LB_F32(value) lb_f32(value)
#define LB_F64(value) lb_f64(value)
#define LB_V128(...) lb_v128(lb_v128_t{{__VA_ARGS__}})
#define LB_FUNCREF(value) lb_funcref(value)
#define LB_EXTERNREF(value) lb_externref(value)
#define LB_NULL_FUNCREF lb_funcref(lb_func_t{0})
#define LB_NULL_EXTERNREF lb_externref(lb_externref_t{0})
#else
#define LB_I32(value) { LB_TYPE_I32, { .i32 = (value) } }
#define LB_I64(value) { LB_TYPE_I64, { .i64 = (value) } }
#define LB_F32(value) { LB_TYPE_F32, { .f32 = (value) } }
#define LB_F64(value) { LB_TYPE_F64, { .f64 = (value) } }
#define LB_V128(...) { LB_TYPE_V128, { .v128 = { { __VA_ARGS__ } } } }
#define LB_FUNCREF(value) { LB_TYPE_FUNCREF, { .func = (value) } }
#define LB_EXTERNREF(value) { LB_TYPE_EXTERNREF, { .externref = (value) } }
#define LB_NULL_FUNCREF { LB_TYPE_FUNCREF, { .func = { 0 } } }
#define LB_NULL_EXTERNREF { LB_TYPE_EXTERNREF, { .externref = { 0 } } }
#endif
