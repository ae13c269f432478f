/* Orders, and baskets: a resource, whose destructor runs when the host or the guest lets go of it. */
#include "text.h"

typedef exports_demo_shop_orders_product_t product_t;
typedef exports_demo_shop_orders_line_t line_t;
typedef exports_demo_shop_orders_list_line_t lines_t;

static uint32_t count;

// [basket]
/* What is behind a handle to a basket. */
struct exports_demo_shop_orders_basket_t {
  shop_string_t owner;
  lines_t lines;
};

exports_demo_shop_orders_own_basket_t exports_demo_shop_orders_constructor_basket(shop_string_t *owner) {
  exports_demo_shop_orders_basket_t *basket = calloc(1, sizeof *basket);
  basket->owner = *owner;
  count++;
  return exports_demo_shop_orders_basket_new(basket);
}

void exports_demo_shop_orders_basket_destructor(exports_demo_shop_orders_basket_t *basket) {
  count--;
  logged(DEMO_SHOP_OFFICE_LEVEL_DEBUG, text("%.*s's basket is gone", SHOWN(basket->owner)));
  shop_string_free(&basket->owner);
  exports_demo_shop_orders_list_line_free(&basket->lines);
  free(basket);
}
// [end basket]

static void push(lines_t *lines, line_t line) {
  lines->ptr = realloc(lines->ptr, (lines->len + 1) * sizeof line);
  lines->ptr[lines->len++] = line;
}

static product_t product_copied(product_t it) {
  it.sku = copied(it.sku);
  it.name = copied(it.name);
  if (it.replaced_by.is_some) it.replaced_by.val = copied(it.replaced_by.val);
  return it;
}

static uint64_t total(const line_t *lines, size_t len) {
  uint64_t sum = 0;
  for (size_t i = 0; i < len; i++) sum += lines[i].product.price * lines[i].count;
  return sum;
}

static uint64_t basket_total(const exports_demo_shop_orders_basket_t *basket) {
  return total(basket->lines.ptr, basket->lines.len);
}

uint32_t exports_demo_shop_orders_method_basket_add(exports_demo_shop_orders_borrow_basket_t self, product_t *product,
                                                    uint16_t count) {
  push(&self->lines, (line_t){*product, count});
  uint32_t sum = 0;
  for (size_t i = 0; i < self->lines.len; i++) sum += self->lines.ptr[i].count;
  return sum;
}

void exports_demo_shop_orders_method_basket_lines(exports_demo_shop_orders_borrow_basket_t self, lines_t *ret) {
  *ret = (lines_t){0};
  for (size_t i = 0; i < self->lines.len; i++) {
    line_t line = self->lines.ptr[i];
    push(ret, (line_t){product_copied(line.product), line.count});
  }
}

uint64_t exports_demo_shop_orders_method_basket_total(exports_demo_shop_orders_borrow_basket_t self) {
  return basket_total(self);
}

bool exports_demo_shop_orders_method_basket_cheaper_than(exports_demo_shop_orders_borrow_basket_t self,
                                                         exports_demo_shop_orders_borrow_basket_t other) {
  return basket_total(self) < basket_total(other);
}

exports_demo_shop_orders_own_basket_t exports_demo_shop_orders_static_basket_merge(
    exports_demo_shop_orders_own_basket_t a, exports_demo_shop_orders_own_basket_t b) {
  exports_demo_shop_orders_basket_t *to = exports_demo_shop_orders_basket_rep(a);
  exports_demo_shop_orders_basket_t *from = exports_demo_shop_orders_basket_rep(b);
  for (size_t i = 0; i < from->lines.len; i++) push(&to->lines, from->lines.ptr[i]);
  from->lines.len = 0;
  exports_demo_shop_orders_basket_drop_own(b);
  return a;
}

uint32_t exports_demo_shop_orders_static_basket_count(void) {
  return count;
}

/* What is to be taken off, or false and why not. */
static bool discount(demo_shop_goods_discount_t *it, uint64_t sum, uint64_t *off,
                     exports_demo_shop_orders_refusal_t *err) {
  *off = 0;
  switch (it->tag) {
  case DEMO_SHOP_GOODS_DISCOUNT_PERCENT:
    *off = sum * it->val.percent / 100 + 0.5;
    return true;
  case DEMO_SHOP_GOODS_DISCOUNT_CENTS:
    *off = it->val.cents;
    return true;
  case DEMO_SHOP_GOODS_DISCOUNT_CODES:
    for (size_t i = 0; i < it->val.codes.len; i++) {
      uint64_t worth;
      shop_string_t why;
      if (!demo_shop_office_worth(&it->val.codes.ptr[i], &worth, &why)) {
        logged(DEMO_SHOP_OFFICE_LEVEL_WARNING, why);
        err->tag = DEMO_SHOP_GOODS_REFUSAL_UNKNOWN_CODE;
        err->val.unknown_code = copied(it->val.codes.ptr[i]);
        return false;
      }
      *off += worth;
    }
  }
  return true;
}

static bool order_total(exports_demo_shop_orders_order_t *order, uint64_t *ret,
                        exports_demo_shop_orders_refusal_t *err) {
  if (!order->lines.len) {
    err->tag = DEMO_SHOP_GOODS_REFUSAL_EMPTY;
    return false;
  }
  for (size_t i = 0; i < order->lines.len; i++) {
    line_t *line = &order->lines.ptr[i];
    int64_t left = (int64_t)line->product.stock - line->count;
    if (left < 0) {
      err->tag = DEMO_SHOP_GOODS_REFUSAL_OUT_OF_STOCK;
      err->val.out_of_stock = (shop_tuple2_string_u32_t){copied(line->product.sku), -left};
      return false;
    }
  }
  uint64_t sum = total(order->lines.ptr, order->lines.len), off;
  if (!discount(&order->discount, sum, &off, err)) return false;
  *ret = off < sum ? sum - off : 0;
  return true;
}

bool exports_demo_shop_orders_total(exports_demo_shop_orders_order_t *order, uint64_t *ret,
                                    exports_demo_shop_orders_refusal_t *err) {
  bool ok = order_total(order, ret, err);
  exports_demo_shop_orders_order_free(order);
  return ok;
}

uint32_t exports_demo_shop_orders_reserve(exports_demo_shop_orders_order_t *order) {
  demo_shop_office_list_line_t lines = {order->lines.ptr, order->lines.len};
  uint32_t units = demo_shop_office_reserve(&lines);
  exports_demo_shop_orders_order_free(order);
  return units;
}

bool exports_demo_shop_orders_cheapest(exports_demo_shop_orders_list_product_t *products, product_t *ret) {
  if (!products->len) return false;
  product_t *best = products->ptr;
  for (size_t i = 1; i < products->len; i++)
    if (products->ptr[i].price < best->price) best = &products->ptr[i];
  *ret = product_copied(*best);
  exports_demo_shop_orders_list_product_free(products);
  return true;
}

void exports_demo_shop_orders_sort(exports_demo_shop_orders_list_product_t *products,
                                   exports_demo_shop_orders_list_product_t *ret) {
  for (size_t i = 1; i < products->len; i++) {
    product_t it = products->ptr[i];
    size_t at = i;
    for (; at > 0 && products->ptr[at - 1].price > it.price; at--) products->ptr[at] = products->ptr[at - 1];
    products->ptr[at] = it;
  }
  *ret = *products;
}

void exports_demo_shop_orders_describe(shop_list_f64_t *numbers, exports_demo_shop_orders_statistics_t *ret) {
  *ret = (exports_demo_shop_orders_statistics_t){0};
  if (!numbers->len) return;
  double least = numbers->ptr[0], most = least, sum = 0;
  for (size_t i = 0; i < numbers->len; i++) {
    double it = numbers->ptr[i];
    if (it < least) least = it;
    if (it > most) most = it;
    sum += it;
  }
  *ret = (exports_demo_shop_orders_statistics_t){numbers->len, least, most, sum / numbers->len};
  shop_list_f64_free(numbers);
}

uint32_t exports_demo_shop_orders_checksum(shop_list_u8_t *bytes) {
  uint32_t hash = 0x811c9dc5;
  for (size_t i = 0; i < bytes->len; i++) hash = (hash ^ bytes->ptr[i]) * 0x01000193;
  shop_list_u8_free(bytes);
  return hash;
}

void exports_demo_shop_orders_sample(uint32_t length, shop_list_u8_t *ret) {
  *ret = (shop_list_u8_t){malloc(length), length};
  for (uint32_t i = 0; i < length; i++) ret->ptr[i] = i % 251;
}

void exports_demo_shop_orders_checkout(exports_demo_shop_orders_own_basket_t basket,
                                       exports_demo_shop_orders_tuple2_string_list_line_t *ret) {
  exports_demo_shop_orders_basket_t *contents = exports_demo_shop_orders_basket_rep(basket);
  ret->f0 = copied(contents->owner);
  ret->f1 = contents->lines;
  contents->lines = (lines_t){0};
  exports_demo_shop_orders_basket_drop_own(basket);
}

uint64_t exports_demo_shop_orders_sum(exports_demo_shop_orders_list_borrow_basket_t *baskets) {
  uint64_t sum = 0;
  for (size_t i = 0; i < baskets->len; i++) sum += basket_total(baskets->ptr[i]);
  exports_demo_shop_orders_list_borrow_basket_free(baskets);
  return sum;
}

bool exports_demo_shop_orders_keep_dearest(exports_demo_shop_orders_list_own_basket_t *baskets,
                                           exports_demo_shop_orders_own_basket_t *ret) {
  if (!baskets->len) return false;
  size_t best = 0;
  uint64_t most = 0;
  for (size_t i = 0; i < baskets->len; i++) {
    uint64_t it = basket_total(exports_demo_shop_orders_basket_rep(baskets->ptr[i]));
    if (it > most) best = i, most = it;
  }
  *ret = baskets->ptr[best];
  for (size_t i = 0; i < baskets->len; i++)
    if (i != best) exports_demo_shop_orders_basket_drop_own(baskets->ptr[i]);
  free(baskets->ptr);
  return true;
}

/* What a host's resource was borrowed for ends with the call: the handle is given back before. */
void exports_demo_shop_orders_note(exports_demo_shop_orders_borrow_journal_t journal, shop_string_t *text,
                                   shop_tuple2_u32_string_t *ret) {
  ret->f0 = demo_shop_office_method_journal_write(journal, text);
  demo_shop_office_title(journal, &ret->f1);
  demo_shop_office_journal_drop_borrow(journal);
  shop_string_free(text);
}

exports_demo_shop_orders_own_journal_t exports_demo_shop_orders_open(shop_string_t *title, shop_list_string_t *lines) {
  demo_shop_office_own_journal_t journal = demo_shop_office_constructor_journal(title);
  for (size_t i = 0; i < lines->len; i++)
    demo_shop_office_method_journal_write(demo_shop_office_borrow_journal(journal), &lines->ptr[i]);
  shop_string_free(title);
  shop_list_string_free(lines);
  return journal;
}

void exports_demo_shop_orders_finish(exports_demo_shop_orders_own_journal_t journal, shop_string_t *text,
                                     shop_list_string_t *ret) {
  demo_shop_office_method_journal_write(demo_shop_office_borrow_journal(journal), text);
  demo_shop_office_close(journal, ret);
  shop_string_free(text);
}

void exports_demo_shop_orders_discard(exports_demo_shop_orders_own_journal_t journal) {
  demo_shop_office_journal_drop_own(journal);
}

bool exports_demo_shop_orders_look_up(shop_string_t *title, exports_demo_shop_orders_own_journal_t *ret,
                                      shop_string_t *err) {
  bool ok = demo_shop_office_static_journal_find(title, ret, err);
  shop_string_free(title);
  return ok;
}
