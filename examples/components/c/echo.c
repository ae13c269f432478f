/* Functions that give back what they are given: what came in goes out, and nothing has to be let go of. */
#include "text.h"

bool exports_demo_shop_echo_echo_bool(bool it) {
  return it;
}

int8_t exports_demo_shop_echo_echo_s8(int8_t it) {
  return it;
}

uint8_t exports_demo_shop_echo_echo_u8(uint8_t it) {
  return it;
}

int16_t exports_demo_shop_echo_echo_s16(int16_t it) {
  return it;
}

uint16_t exports_demo_shop_echo_echo_u16(uint16_t it) {
  return it;
}

int32_t exports_demo_shop_echo_echo_s32(int32_t it) {
  return it;
}

uint32_t exports_demo_shop_echo_echo_u32(uint32_t it) {
  return it;
}

int64_t exports_demo_shop_echo_echo_s64(int64_t it) {
  return it;
}

uint64_t exports_demo_shop_echo_echo_u64(uint64_t it) {
  return it;
}

float exports_demo_shop_echo_echo_f32(float it) {
  return it;
}

double exports_demo_shop_echo_echo_f64(double it) {
  return it;
}

uint32_t exports_demo_shop_echo_echo_char(uint32_t it) {
  return it;
}

void exports_demo_shop_echo_echo_string(shop_string_t *it, shop_string_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_bytes(shop_list_u8_t *it, shop_list_u8_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_floats(shop_list_f64_t *it, shop_list_f64_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_strings(shop_list_string_t *it, shop_list_string_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_products(exports_demo_shop_echo_list_product_t *it,
                                          exports_demo_shop_echo_list_product_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_bools(shop_list_bool_t *it, shop_list_bool_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_chars(shop_list_char32_t *it, shop_list_char32_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_pairs(shop_list_tuple2_string_u32_t *it, shop_list_tuple2_string_u32_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_lists(shop_list_list_string_t *it, shop_list_list_string_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_options(shop_list_option_u32_t *it, shop_list_option_u32_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_numbers(
    shop_list_s8_t *a, shop_list_s16_t *b, shop_list_u16_t *c, shop_list_s32_t *d, shop_list_u32_t *e,
    shop_list_s64_t *f, shop_list_u64_t *g, shop_list_f32_t *h,
    shop_tuple8_list_s8_list_s16_list_u16_list_s32_list_u32_list_s64_list_u64_list_f32_t *ret) {
  ret->f0 = *a;
  ret->f1 = *b;
  ret->f2 = *c;
  ret->f3 = *d;
  ret->f4 = *e;
  ret->f5 = *f;
  ret->f6 = *g;
  ret->f7 = *h;
}

void exports_demo_shop_echo_echo_tuple(shop_tuple3_u8_string_f64_t *it, shop_tuple3_u8_string_f64_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_product(exports_demo_shop_echo_product_t *it, exports_demo_shop_echo_product_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_order(exports_demo_shop_echo_order_t *it, exports_demo_shop_echo_order_t *ret) {
  *ret = *it;
}

exports_demo_shop_echo_unit_t exports_demo_shop_echo_echo_unit(exports_demo_shop_echo_unit_t it) {
  return it;
}

exports_demo_shop_echo_days_t exports_demo_shop_echo_echo_days(exports_demo_shop_echo_days_t it) {
  return it;
}

exports_demo_shop_echo_marks_t exports_demo_shop_echo_echo_marks(exports_demo_shop_echo_marks_t it) {
  return it;
}

exports_demo_shop_echo_hours_t exports_demo_shop_echo_echo_hours(exports_demo_shop_echo_hours_t it) {
  return it;
}

void exports_demo_shop_echo_echo_discount(exports_demo_shop_echo_discount_t *it,
                                          exports_demo_shop_echo_discount_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_refusal(exports_demo_shop_echo_refusal_t *it, exports_demo_shop_echo_refusal_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_echo_anything(exports_demo_shop_echo_anything_t *it,
                                          exports_demo_shop_echo_anything_t *ret) {
  *ret = *it;
}

bool exports_demo_shop_echo_echo_option(shop_string_t *maybe_it, shop_string_t *ret) {
  if (maybe_it) *ret = *maybe_it;
  return maybe_it != NULL;
}

bool exports_demo_shop_echo_echo_nested(shop_option_u8_t *maybe_it, shop_option_u8_t *ret) {
  if (maybe_it) *ret = *maybe_it;
  return maybe_it != NULL;
}

bool exports_demo_shop_echo_echo_result(exports_demo_shop_echo_result_u32_string_t *it, uint32_t *ret,
                                        shop_string_t *err) {
  if (it->is_err) *err = it->val.err;
  else *ret = it->val.ok;
  return !it->is_err;
}

bool exports_demo_shop_echo_echo_ok(exports_demo_shop_echo_result_string_void_t *it, shop_string_t *ret) {
  if (!it->is_err) *ret = it->val.ok;
  return !it->is_err;
}

bool exports_demo_shop_echo_echo_err(exports_demo_shop_echo_result_void_refusal_t *it,
                                     exports_demo_shop_echo_refusal_t *err) {
  if (it->is_err) *err = it->val.err;
  return !it->is_err;
}

bool exports_demo_shop_echo_echo_bare(exports_demo_shop_echo_result_void_void_t *it) {
  return !it->is_err;
}

void exports_demo_shop_echo_echo_outcomes(exports_demo_shop_echo_list_result_u32_string_t *it,
                                          exports_demo_shop_echo_list_result_u32_string_t *ret) {
  *ret = *it;
}

void exports_demo_shop_echo_nothing(void) {}

void exports_demo_shop_echo_seventeen(uint8_t a, int8_t b, uint16_t c, int16_t d, uint32_t e, int32_t f, uint64_t g,
                                      int64_t h, bool i, uint32_t j, float k, double l, uint8_t m, uint16_t n,
                                      uint32_t o, uint64_t p, shop_string_t *q, shop_string_t *ret) {
  /* `j` is a character: UTF-8 of it has up to four bytes. */
  char letter[5] = {0};
  if (j < 0x80) {
    letter[0] = j;
  } else if (j < 0x800) {
    letter[0] = 0xc0 | j >> 6;
    letter[1] = 0x80 | (j & 0x3f);
  } else if (j < 0x10000) {
    letter[0] = 0xe0 | j >> 12;
    letter[1] = 0x80 | (j >> 6 & 0x3f);
    letter[2] = 0x80 | (j & 0x3f);
  } else {
    letter[0] = 0xf0 | j >> 18;
    letter[1] = 0x80 | (j >> 12 & 0x3f);
    letter[2] = 0x80 | (j >> 6 & 0x3f);
    letter[3] = 0x80 | (j & 0x3f);
  }
  *ret = text("%u %d %u %d %u %d %llu %lld %s %s %g %g %u %u %u %llu %.*s", a, b, c, d, e, f, g, h,
              i ? "true" : "false", letter, k, l, m, n, o, p, SHOWN(*q));
  shop_string_free(q);
}
