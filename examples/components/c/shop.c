/* The shop in C. `wit-bindgen c` makes shop.h of the WIT; what is left is to write the functions that it declares.
 * A function owns what it is given, and what it gives is the caller's. */
#include "shop.h"
#include "text.h"

// [greet]
void exports_shop_greet(shop_string_t *name, shop_string_t *ret) {
  logged(DEMO_SHOP_OFFICE_LEVEL_INFO, text("greet %.*s", SHOWN(*name)));
  *ret = text("Hello, %.*s!", SHOWN(*name));
  shop_string_free(name);
}
// [end greet]

void exports_shop_price(uint64_t cents, shop_string_t *ret) {
  shop_string_t currency;
  shop_currency(&currency);
  *ret = text("%llu.%02llu %.*s", cents / 100, cents % 100, SHOWN(currency));
  shop_string_free(&currency);
}

void exports_shop_give_up(shop_string_t *reason) {
  (void)reason;
  __builtin_trap();
}
