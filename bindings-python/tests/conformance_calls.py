"""Steps that call, at once, later and on many threads."""

from __future__ import annotations

import asyncio
import functools
import threading

import landbridge as lb
from conformance_values import expect


class CallSteps:
    def do_call(self, instance=None, func=None, object=None, args=(), results=None, keep=()):
        args = self.values(args)
        if object is None:
            returned = self.known[instance].call(func, *args)
        else:
            returned = self.known[object](*args)
        if results is not None:
            self.check_all(self.listed(returned, len(results)), results)
        if keep:
            listed = self.listed(returned, len(keep))
            kept = {name: one for name, one in zip(keep, listed, strict=True) if name is not None}
            self.known.update({name: self.reference(one) for name, one in kept.items()})

    def do_call_async(
        self, as_, instance=None, pool=None, func=None, object=None, args=(), times=1
    ):
        args = self.values(args)
        target = self.known[object or pool or instance]
        if object is None:
            args.insert(0, func)

        async def start():
            return [target.call_async(*args) for _ in range(int(times))]

        self.known[as_] = on_loop(start())

    def do_await(self, call, results=None):
        async def wait():
            for one in self.known[call]:
                returned = await one
                if results is not None:
                    self.check_all(self.listed(returned, len(results)), results)

        on_loop(wait())

    def do_cancel_call(self, call):
        async def cancel():
            for one in self.known[call]:
                one.cancel()

        on_loop(cancel())

    def do_await_exit(self, instance, exit):
        async def wait():
            return await self.known[instance].run_async()

        expect("exit code", on_loop(wait()), exit)

    def do_pool_call(self, pool, func, args=(), results=None):
        returned = self.known[pool].call(func, *self.values(args))
        if results is not None:
            self.check_all(self.listed(returned, len(results)), results)

    def do_pool_counts(self, pool, equals):
        found = self.known[pool].counts
        for key, wanted in equals.items():
            expect(key, getattr(found, key), wanted)

    def listed(self, returned, count):
        if isinstance(returned, tuple):
            return list(returned)
        return [] if returned is None and count == 0 else [returned]

    def do_close(self, target):
        self.known[target].close()

    def do_log(self, equals):
        expect("calls noted", len(self.notes), len(equals))
        for given, wanted in zip(self.notes, equals):
            self.check_all(given, wanted)

    def do_in_threads(self, threads, times, steps):
        in_threads(lambda: self.do_repeat(times, steps), int(threads))

    def do_repeat(self, times, steps):
        own = self.scope()
        for _ in range(int(times)):
            own.run(steps)

    def do_small_stack(self, bytes, steps):
        former = threading.stack_size(int(bytes))
        try:
            in_threads(lambda: self.run(steps), 1)
        finally:
            threading.stack_size(former)


@functools.cache
def loop():
    """An event loop at work, for all cases."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, daemon=True).start()
    return made


def on_loop(coroutine):
    """Runs a coroutine to its end; that a call was cancelled is told as other hosts tell it."""

    async def guarded():
        try:
            return await coroutine
        except asyncio.CancelledError as error:
            raise lb.CancelledError("the call was cancelled") from error

    return asyncio.run_coroutine_threadsafe(guarded(), loop()).result()


def in_threads(work, count):
    """Runs `work` in so many threads at once; the first failure comes out."""
    failures = []

    def guarded():
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
