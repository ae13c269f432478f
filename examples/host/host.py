"""A host of Landbridge that knows nothing but its C ABI: its own exceptions, waiting, ticks and answers that come later.

A binding for another language has these parts; see docs/contributing/host.md.
"""

import ctypes
import queue
import threading

from abi import Abi


class WasmError(Exception):
    """An error of the library: its kind, the trap's code and the names of the guest's frames."""

    def __init__(self, host, native):
        def text(name):
            return host.call(name, native).decode()

        super().__init__(text("lb_error_message"))
        self.kind, self.code = text("lb_error_kind_name"), text("lb_error_trap_name")
        frames = [host.call("lb_error_frame", native, i)[0] for i in range(host.call("lb_error_frame_count", native))]
        self.frames = [frame.func_name.decode() if frame.func_name else None for frame in frames]
        self._host, self._native = host, native

    def clone(self):
        """For a host function that lets it pass: it grows by the frames of the guests above."""
        return self._host.call("lb_error_clone", self._native)

    def __del__(self):
        self._host.call("lb_error_free", self._native)


class Host(Abi):
    def __init__(self, library, header):
        super().__init__(library, header)
        self.waits = self.ticks = 0
        self.interrupted = threading.Event()
        self._alive, self._next = {}, 1
        self._lock = threading.Lock()
        self._drop = self.type("lb_drop_t")(self._dropped)
        self._callback = self.type("lb_callback_t")(self._called)
        self._install()

    # ---- What C holds: numbers of objects that are alive until it drops them.

    def _lend(self, thing):
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._alive[number] = thing
        return number

    def _dropped(self, number):
        with self._lock:
            self._alive.pop(number, None)

    # ---- Errors: an exception of Python's travels through guests, and is raised again as the same object.

    def hosted(self, exception):
        if isinstance(exception, WasmError):
            return exception.clone()
        return self.call("lb_error_host", str(exception).encode(), self._lend(exception), self._drop)

    def raised(self, error):
        drop = ctypes.cast(self.call("lb_error_host_drop", error), ctypes.c_void_p).value
        if drop != ctypes.cast(self._drop, ctypes.c_void_p).value:
            return WasmError(self, error)
        exception = self._alive[self.call("lb_error_host_exception", error)]
        self.call("lb_error_free", error)
        return exception

    def caught(self, what, *args):
        """For what C calls: an exception becomes the error that it returns."""
        try:
            what(*args)
        except BaseException as exception:
            return self.hosted(exception)

    # ---- How threads of Python wait, and what they do at a tick. ctypes lets go of the global lock around each
    # call, and takes it for each callback: a binding that is faster does so only where these functions say.

    # [hooks]
    def _install(self):
        host = self.struct("lb_host_t")
        types = dict(host._fields_)
        host.wait = types["wait"](lambda _: self.caught(self._wait))
        host.tick = types["tick"](lambda _, ticks: self.caught(self._tick, ticks))
        self.call("lb_host_install", ctypes.byref(host))
        self._installed = host  # the functions must not be collected

    def _wait(self):
        self.waits += 1
        self.call("lb_host_wait")

    def _tick(self, ticks):
        self.ticks += 1
        if self.interrupted.is_set():  # by a handler of Ctrl-C
            self.interrupted.clear()
            raise KeyboardInterrupt
    # [end hooks]

    # ---- Host functions.

    def _called(self, data, context, args, nargs, results, nresults):
        return self.caught(self._run, self._alive[data], context, args, nargs, results, nresults)

    def _run(self, func, context, args, nargs, results, nresults):
        given = func(context, [self.lifted(args[i]) for i in range(nargs)])
        if len(given) != nresults:
            name = ctypes.create_string_buffer(100)
            self.call("lb_context_name", context, name, len(name))
            types = ", ".join(self.lifted(results[i])[0] for i in range(nresults))
            expected = f"{nresults} ({types})" if nresults else "0"
            self.fail("TYPE", f"results of {name.value.decode()}: expected {expected}, got {len(given)}")
        self.lower(given, results)

    def lifted(self, value):
        """A value as its type and what it holds."""
        name = self.call("lb_type_name", value.type).decode()
        held = getattr(value.of, name)
        return name, bytes(held.bytes) if name == "v128" else held

    def lower(self, values, slots):
        for slot, (name, held) in zip(slots, values):
            slot.type = self.numbers["LB_TYPE_" + name.upper()]
            if name == "v128":
                ctypes.memmove(slot.of.v128.bytes, held, 16)
            else:
                setattr(slot.of, name, held)

    def fail(self, kind, message):
        raise WasmError(self, self.call("lb_error_new", self.numbers["LB_KIND_" + kind], message.encode()))

    def imports(self, funcs):
        made = self.call("lb_imports_new")
        for (module, name), func in funcs.items():
            names = module.encode(), name.encode()
            self.call("lb_imports_func", made, *names, self._callback, self._lend(func), self._drop)
        return made

    # ---- Asynchronous host functions: a loop of Python's answers, and the guest waits.

    # [later]
    def later(self, loop, func):
        def run(context, args):
            loan = self.call("lb_context_lend", context)
            loop.put(lambda: self._answer(loan, func, args))
            result = (self.type("lb_value_t") * 1)()
            try:
                self.call("lb_loan_wait", loan, result, 1)
            finally:
                self.call("lb_loan_release", loan)  # an answer that comes now is of kind "closed"
            return [self.lifted(result[0])]

        return run

    def _answer(self, loan, func, args):
        values = func(*args)
        slots = (self.type("lb_value_t") * len(values))()
        self.lower(values, slots)
        self.call("lb_loan_answer", loan, slots, len(values))
    # [end later]

    # ---- Modules and instances.

    def load(self, path):
        return self.call("lb_module_load_file", None, str(path).encode())

    def load_text(self, text):
        return self.call("lb_module_load_text", None, text.encode())

    def instantiate(self, module, funcs):
        imports = self.imports(funcs)
        try:
            return self.call("lb_instance_new", module, ctypes.byref(imports))
        finally:
            self.call("lb_imports_release", imports)

    def invoke(self, instance, name, args):
        """Calls an export, which tells how many results it has."""
        slots = (self.type("lb_value_t") * max(len(args), 1))()
        self.lower(args, slots)
        func = self.call("lb_instance_func", instance, name.encode())
        try:
            type = self.call("lb_func_type", func)
            results = (self.type("lb_value_t") * max(type.nresults, 1))()
            self.call("lb_func_call", func, slots, len(args), results, type.nresults)
            return [self.lifted(results[i]) for i in range(type.nresults)]
        finally:
            self.call("lb_func_release", func)


class Loop(threading.Thread):
    """An event loop, as small as can be: it runs what it is given."""

    def __init__(self):
        super().__init__(daemon=True)
        self._todo = queue.SimpleQueue()
        self.put = self._todo.put
        self.start()

    def run(self):
        while True:
            self._todo.get()()
