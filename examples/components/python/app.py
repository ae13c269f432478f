"""The shop in Python. A name of WIT is one in snake case here, an `err` is raised as Err."""

import wit_world
from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import office
from wit_world.imports.goods import (
    Discount_Cents,
    Discount_Codes,
    Discount_Percent,
    Refusal_Empty,
    Refusal_OutOfStock,
    Refusal_UnknownCode,
)
from wit_world.imports.office import Journal, Level
from wit_world.exports.orders import Statistics

import orders


# [greet]
class WitWorld(wit_world.WitWorld):
    def greet(self, name):
        office.log(Level.INFO, f"greet {name}")
        return f"Hello, {name}!"
    # [end greet]

    def price(self, cents):
        return f"{cents // 100}.{cents % 100:02} {wit_world.currency()}"

    def give_up(self, reason):
        raise RuntimeError(reason)


class Orders(exports.Orders):
    def total(self, order):
        if not order.lines:
            raise Err(Refusal_Empty())
        for line in order.lines:
            left = line.product.stock - line.count
            if left < 0:
                raise Err(Refusal_OutOfStock((line.product.sku, -left)))
        sum = orders.total(order.lines)
        return max(sum - discount(order.discount, sum), 0)

    def reserve(self, order):
        return office.reserve(order.lines)

    def cheapest(self, products):
        return min(products, key=lambda it: it.price, default=None)

    def sort(self, products):
        return sorted(products, key=lambda it: it.price)

    def describe(self, numbers):
        if not numbers:
            return Statistics(0, 0.0, 0.0, 0.0)
        sum = 0.0
        for it in numbers:
            sum += it
        return Statistics(len(numbers), min(numbers), max(numbers), sum / len(numbers))

    def checksum(self, bytes):
        hash = 0x811C9DC5
        for it in bytes:
            hash = (hash ^ it) * 0x01000193 & 0xFFFFFFFF
        return hash

    def sample(self, length):
        return bytes(i % 251 for i in range(length))

    def checkout(self, basket):
        basket.close()
        return basket.owner, basket.contents

    def sum(self, baskets):
        return sum(it.total() for it in baskets)

    def keep_dearest(self, baskets):
        best = max(baskets, key=lambda it: it.total(), default=None)
        for it in baskets:
            if it is not best:
                it.close()
        return best

    def note(self, journal, text):
        return journal.write(text), office.title(journal)

    def open(self, title, lines):
        journal = Journal(title)
        for line in lines:
            journal.write(line)
        return journal

    def finish(self, journal, text):
        journal.write(text)
        return office.close(journal)

    def discard(self, journal):
        with journal:
            pass

    def look_up(self, title):
        return Journal.find(title)


def discount(it, sum):
    match it:
        case Discount_Percent(percent):
            return int(sum * percent / 100 + 0.5)
        case Discount_Cents(cents):
            return cents
        case Discount_Codes(codes):
            return worth(codes)
    return 0


def worth(codes):
    off = 0
    for code in codes:
        try:
            off += office.worth(code)
        except Err as error:
            office.log(Level.WARNING, error.value)
            raise Err(Refusal_UnknownCode(code))
    return off


def same(self, it):
    return it


def outcome(self, it):
    """A result that is the whole of what a function gives: an Ok is returned, an Err raised."""
    if isinstance(it, Ok):
        return it.value
    raise it


class Echo(exports.Echo):
    echo_bool = echo_s8 = echo_u8 = echo_s16 = echo_u16 = echo_s32 = echo_u32 = echo_s64 = echo_u64 = same
    echo_f32 = echo_f64 = echo_char = echo_string = same
    echo_bytes = echo_floats = echo_strings = echo_products = echo_bools = echo_chars = echo_pairs = same
    echo_lists = echo_options = same
    echo_tuple = echo_product = echo_order = echo_unit = echo_days = echo_marks = echo_hours = same
    echo_discount = echo_refusal = echo_anything = echo_option = echo_nested = echo_outcomes = same
    echo_result = echo_ok = echo_err = echo_bare = outcome

    def echo_numbers(self, *lists):
        return lists

    def nothing(self):
        pass

    def seventeen(self, *all):
        return " ".join(str(it).lower() if it is True or it is False else str(it) for it in all)
