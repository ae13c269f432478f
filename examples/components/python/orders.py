"""Baskets. The classes of an interface's resources stand in a module of the interface's name."""

from wit_world import exports
from wit_world.imports import office
from wit_world.imports.goods import Line
from wit_world.imports.office import Level

count = 0


def total(lines):
    return sum(it.product.price * it.count for it in lines)


# [basket]
class Basket(exports.orders.Basket):
    def __init__(self, owner):
        global count
        count += 1
        self.owner, self.contents, self.closed = owner, [], False

    def add(self, product, count):
        self.contents.append(Line(product, count))
        return sum(it.count for it in self.contents)

    def __del__(self):
        self.close()
    # [end basket]

    def close(self):
        global count
        if not self.closed:
            self.closed = True
            count -= 1
            office.log(Level.DEBUG, f"{self.owner}'s basket is gone")

    def lines(self):
        return self.contents

    def total(self):
        return total(self.contents)

    def cheaper_than(self, other):
        return self.total() < other.total()

    @classmethod
    def merge(cls, a, b):
        a.contents += b.contents
        b.close()
        return a

    @classmethod
    def count(cls):
        return count
