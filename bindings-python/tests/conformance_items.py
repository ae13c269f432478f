"""Steps with functions, memories, tables, globals, tags, and objects of the guests' heap."""

from __future__ import annotations

import landbridge as lb
from conformance_values import expect


class ItemSteps:
    def do_export(self, instance, sort, name, as_):
        take = {"global": "global_"}.get(sort, sort)
        self.known[as_] = getattr(self.known[instance], take)(name)

    def do_new_func(self, store, params, results, host, as_):
        type = lb.FuncType(params, results)
        self.known[as_] = lb.Func(self.known[store], type, self.host(type.params, **host))

    def do_new_memory(self, store, min, as_, max=None, is_64=False, page_bytes=65536):
        bound, page_bytes = None if max is None else int(max), int(page_bytes)
        self.known[as_] = lb.Memory(
            self.known[store], int(min), bound, is_64=is_64, page_bytes=page_bytes
        )

    def do_new_table(self, store, element, min, init, as_, max=None, is_64=False):
        bound = None if max is None else int(max)
        self.known[as_] = lb.Table(
            self.known[store], element, int(min), bound, self.value(init), is_64=is_64
        )

    def do_new_tag(self, store, params, as_):
        self.known[as_] = lb.Tag(self.known[store], params)

    def do_new_exception(self, tag, payload, as_):
        self.known[as_] = lb.TaggedException(self.known[tag], *self.values(payload))

    def do_new_global(self, store, type, mutable, value, as_):
        self.known[as_] = lb.Global(self.known[store], type, self.value(value), mutable=mutable)

    # Asking

    def do_func_type(self, object, equals):
        expect("type", str(self.known[object].type), equals)

    def do_type(self, object, equals):
        expect("type", str(self.known[object].type), equals)

    def do_same(self, object, other, equals):
        one, two = self.known[object], self.known[other]
        expect("same", one == two, equals)
        if equals:
            expect("hashes", hash(one) == hash(two), True)

    def do_same_func(self, object, other, equals):
        expect("same function", self.known[object] == self.known[other], equals)

    def do_same_tag(self, object, other, equals):
        expect("same tag", self.known[object] == self.known[other], equals)

    def do_exception(self, object, tag, payload):
        self.check_tagged(self.known[object], tag, payload)

    def do_gc_type(self, object, equals):
        expect("type", str(self.known[object].type), equals)

    def do_gc_len(self, object, equals):
        expect("length", len(self.known[object]), int(equals))

    def do_gc_get(self, object, index, value=None, as_=None):
        found = self.known[object][int(index)]
        if value is not None:
            self.check(found, value)
        if as_ is not None:
            self.known[as_] = self.reference(found)

    def do_gc_set(self, object, index, value):
        self.known[object][int(index)] = self.value(value)

    def do_gc(self, store):
        self.known[store].gc()

    def reference(self, found):
        expect("a reference", isinstance(found, (lb.Func, lb.GcRef, lb.TaggedException)), True)
        return found

    def do_read(self, memory, offset, length, hex=None):
        read = self.known[memory].read(int(offset), int(length))
        if hex is not None:
            expect("bytes", read.hex(), hex)

    def do_write(self, memory, offset, hex):
        self.known[memory].write(int(offset), bytes.fromhex(hex))

    def do_read_text(self, memory, offset, length, equals):
        expect("text", self.known[memory].read_text(int(offset), int(length)), equals)

    def do_read_c_string(self, memory, offset, equals, most=None):
        most = [] if most is None else [int(most)]
        expect("text", self.known[memory].read_c_string(int(offset), *most), equals)

    def do_write_text(self, memory, offset, text, result):
        expect("bytes", self.known[memory].write_text(int(offset), text), int(result))

    def do_grow(self, memory, pages, result=None):
        former = self.known[memory].grow(int(pages))
        if result is not None:
            expect("former pages", former, int(result))

    def do_size(self, memory, pages=None, bytes=None):
        memory = self.known[memory]
        size = (memory.size_pages, memory.size_bytes)
        if pages is not None:
            expect("pages", size[0], int(pages))
        if bytes is not None:
            expect("bytes", (size[1], len(memory)), (int(bytes), int(bytes)))

    def do_view(self, memory, as_):
        self.known[as_] = memoryview(self.known[memory])

    def do_view_read(self, view, offset, hex):
        start = int(offset)
        read = bytes(self.known[view][start : start + len(hex) // 2])
        expect("bytes in view", read.hex(), hex)

    def do_view_write(self, view, offset, hex):
        start = int(offset)
        self.known[view][start : start + len(hex) // 2] = bytes.fromhex(hex)

    def do_table_get(self, table, index, value=None):
        got = self.known[table].get(int(index))
        if value is not None:
            self.check(got, value)

    def do_table_set(self, table, index, value):
        self.known[table].set(int(index), self.value(value))

    def do_table_grow(self, table, delta, init, result=None):
        former = self.known[table].grow(int(delta), self.value(init))
        if result is not None:
            expect("former size", former, int(result))

    def do_table_size(self, table, equals=None):
        size = self.known[table].size
        if equals is not None:
            expect("size", size, int(equals))

    def do_global_get(self, global_, value=None):
        got = self.known[global_].value
        if value is not None:
            self.check(got, value)

    def do_global_set(self, global_, value):
        self.known[global_].value = self.value(value)
