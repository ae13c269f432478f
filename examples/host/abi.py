"""The C ABI as landbridge.json describes it: types and functions for ctypes, none of them written by hand."""

import ctypes
import json
import pathlib

NUMBERS = {
    "void": None, "bool": ctypes.c_bool, "char": ctypes.c_char, "float": ctypes.c_float, "double": ctypes.c_double,
    "size_t": ctypes.c_size_t, "int32_t": ctypes.c_int32, "int64_t": ctypes.c_int64, "uint8_t": ctypes.c_uint8,
    "uint16_t": ctypes.c_uint16, "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64,
}  # fmt: skip


class Abi:
    """The functions of a library: `abi.call("lb_instance_new", module, None)` gives what it hands out."""

    def __init__(self, library, header):
        self._library = ctypes.CDLL(library)
        described = json.loads((pathlib.Path(header) / "landbridge.json").read_text())
        self._types = {it["name"]: it for it in described["types"]}
        self._functions = {it["name"]: it for it in described["functions"]}
        self._made = {}
        self.numbers = {one["name"]: one["number"] for it in described["enums"] for one in it["values"]}
        self.numbers |= {it["name"]: it["value"] for it in described["constants"]}

    def type(self, text):
        """The type of ctypes for one of C, such as `const lb_value_t *`."""
        text = text.replace("const ", "").replace("*const", "*")
        if text.endswith("]"):
            element, size = text[:-1].split("[")
            return self.type(element) * int(size)
        if text.endswith("*"):
            inner = text[:-1].strip()
            is_opaque = inner == "void" or self._types.get(inner, {}).get("sort") == "opaque"
            if is_opaque:
                return ctypes.c_void_p
            return ctypes.c_char_p if inner == "char" else ctypes.POINTER(self.type(inner))
        if text in NUMBERS:
            return NUMBERS[text]
        if text not in self._made:
            self._made[text] = self._make(self._types[text])
        return self._made[text]

    def _make(self, it):
        if it["sort"] == "number":
            return self.type(it["type"])
        if it["sort"] == "callback":
            return self._signature(it)
        base = ctypes.Union if it["sort"] == "union" else ctypes.Structure
        members = [(m["name"], self._signature(m) if "params" in m else self.type(m["type"])) for m in it["members"]]
        return type(it["name"], (base,), {"_fields_": members})

    def _signature(self, it):
        return ctypes.CFUNCTYPE(self.type(it["result"]["type"]), *(self.type(p["type"]) for p in it["params"]))

    def struct(self, name, **members):
        """A struct as its initialiser begins it."""
        made = self.type(name)()
        for member in self._types[name]["members"]:
            start = member.get("start", "0")
            if start.startswith("sizeof"):
                setattr(made, member["name"], ctypes.sizeof(made))
            elif start != "0":
                setattr(made, member["name"], start == "true" or int(self.numbers.get(start, start)))
        for member, value in members.items():
            setattr(made, member, value)
        return made

    def function(self, name):
        found, it = getattr(self._library, name), self._functions[name]
        if found.argtypes is None:
            found.argtypes = [self.type(p["type"]) for p in it["params"]]
            found.restype = self.type(it["result"]["type"])
        return found

    def call(self, name, *given):
        """Calls a function. What it hands out is returned, and an error that it gives is raised."""
        it, given, out, args = self._functions[name], iter(given), [], []
        for param in it["params"]:
            if param["direction"] == "out" and "count" not in param:
                out.append(self.type(param["type"])._type_())
                args.append(ctypes.byref(out[-1]))
            else:
                value = next(given)
                is_null_function = value is None and self._types.get(param["type"], {}).get("sort") == "callback"
                args.append(self.type(param["type"])() if is_null_function else value)
        result = self.function(name)(*args)
        if it["result"].get("outcome"):
            if result:
                raise self.raised(result)
            return out[0] if out else None
        return result

    def raised(self, error):
        """What an error becomes; a host says it in its own way."""
        raise NotImplementedError
