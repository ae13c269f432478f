"""Asynchronous calls: the threads that run them, the lines they wait in, and what is awaited."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import os
import threading
import weakref
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias, TypeGuard, TypeVar

from . import _messages, _native, errors

_T = TypeVar("_T")

_Claim: TypeAlias = "list[Call[Any]]"
"""A call that a thread is to run, or nothing if it was taken back."""


class Threads:
    """The threads of an engine: at most so many, each started when there is work for it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.reset()
        _after_fork.add(self)

    def reset(self) -> None:
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None

    def submit(self, work: Callable[[_Claim], None], claim: _Claim) -> None:
        """Has a thread do this. Raises ``RuntimeError`` if none can be started, or the interpreter ends."""
        with self._lock:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(self.most, "landbridge-call")
            executor = self._executor
        executor.submit(work, claim)


class Line:
    """Calls of which at most so many run at a time, in the order they came.

    So a store that is busy holds one thread, and the others are there for other stores.
    """

    def __init__(self, threads: Threads, most: int) -> None:
        self.threads = threads
        self.most = most
        self.reset()
        _after_fork.add(self)

    def reset(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: deque[Call[Any]] = deque()

    def add(self, call: Call[Any]) -> None:
        with self._lock:
            call.book()
            if self._running == self.most:
                self._waiting.append(call)
                return
            self._running += 1
        self._begin([call])

    def _begin(self, claim: _Claim) -> None:
        try:
            self.threads.submit(self._work, claim)
        except RuntimeError as error:
            # The executor may have kept it, and would run it later.
            claim.clear()
            with self._lock:
                self._running -= 1
            raise errors.LimitError(_messages.no_call_thread(error)) from error

    def _work(self, claim: _Claim) -> None:
        while claim:
            left = claim.pop().run()
            claim = self._go_on()
            # What goes with it may wait for the calls behind.
            del left

    def _go_on(self) -> _Claim:
        """After a call: the next one goes behind those of other lines, or is given to this thread."""
        with self._lock:
            if not self._waiting:
                self._running -= 1
                return []
            claim = [self._waiting.popleft()]
        try:
            self.threads.submit(self._work, claim)
        except RuntimeError:
            return [claim.pop()]
        return []


class Call(asyncio.Future[_T], Coroutine[Any, Any, _T]):
    """A call in flight. Cancelling it ends just this call in the guest.

    It is a coroutine too, for what takes nothing else, such as ``asyncio.create_task``. The call runs all the same.
    """

    # What asyncio calls it in the ``repr`` of a task.
    __name__ = "call_async"

    def __init__(
        self, line: Line, scope: _native.Scope, what: Callable[..., Any], args: tuple[Any, ...]
    ) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self.line = line
        self.thread = threading.get_ident()
        self._scope = scope
        self._job: Any = (contextvars.copy_context(), [what, args])

    def book(self) -> None:
        """Takes its place among the calls of its store."""
        self._scope.book()

    def cancel(self, msg: Any | None = None) -> bool:
        if not super().cancel(msg):
            return False
        self.end()
        self._job = None
        return True

    def send(self, value: Any, /) -> Any:
        """As a coroutine: waits for it. Several tasks may be made of it, so it begins anew each time."""
        waiter: Any = self.__await__()
        return waiter.send(value)

    def throw(self, *error: Any) -> Any:
        """As a coroutine: nobody waits any longer, and it is cancelled."""
        waiter: Any = self.__await__()
        self.close()
        return waiter.throw(*error)

    def close(self) -> None:
        """As a coroutine: nobody will wait, and it is cancelled."""
        if not self.done():
            self.cancel()

    def end(self) -> None:
        """Ends it in the guest, if it has begun; else it never does."""
        self._scope.cancel()

    def run(self) -> Any:
        """Runs on one of the threads. Gives what nobody hears of, since the loop is closed."""
        job, self._job = self._job, None
        left: Any = None
        if job is not None:
            _here.call = self
            result, error = self._outcome(*job)
            _here.call = None
            if not self.post(self._settle, result, error):
                left = (job, result, error)
            del result, error
        _in_flight.discard(self)
        # The traceback of an exception leads back here.
        del self
        return left

    def _outcome(self, context: contextvars.Context, todo: list[Any]) -> tuple[Any, BaseException | None]:
        if self._scope.cancelled:
            return None, errors.CancelledError(_messages.cancelled())
        try:
            return context.run(self._scope.run, todo), None
        except BaseException as error:
            return None, error
        finally:
            del self

    def post(self, what: Callable[..., None], *args: Any) -> bool:
        """Has its loop do this; false if that is closed."""
        try:
            self.get_loop().call_soon_threadsafe(what, *args)
        except RuntimeError:
            return False
        return True

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.done():
            return
        match error:
            case None:
                self.set_result(result)
            case asyncio.CancelledError():
                super().cancel()
            case errors.CancelledError() if self._scope.cancelled:
                # Ended with the interpreter: nobody need hear of it.
                super().cancel()
            case StopIteration():
                wrapped = RuntimeError("a host function raised StopIteration")
                wrapped.__cause__ = error
                self.set_exception(wrapped)
            case _:
                self.set_exception(error)


def start(line: Line, scope: _native.Scope, what: Callable[..., Any], args: tuple[Any, ...]) -> Call[Any]:
    """Starts a call. Raises ``UnsupportedError`` where no event loop runs."""
    try:
        call: Call[Any] = Call(line, scope, what, args)
    except RuntimeError:
        text = "asynchronous calls and loads are for coroutines, while an event loop runs; elsewhere call without _async"
        raise errors.UnsupportedError(text) from None
    if _answers:
        _refuse_circle(line)
    _in_flight.add(call)
    try:
        line.add(call)
    except BaseException:
        _in_flight.discard(call)
        call.end()
        raise
    return call


def _refuse_circle(line: Line) -> None:
    """A coroutine that a guest waits for must not wait for a call that waits for that guest."""
    answer = _answers.get(asyncio.current_task())
    if answer is not None and answer.is_held(line):
        text = "this call would wait for the guest that waits for this coroutine; call it without call_async"
        raise errors.DeadlockError(text)


class Answer:
    """What a guest waits for: an awaitable that a host function returned, in the loop of the call."""

    def __init__(self, awaitable: Awaitable[Any], loan: _native.Loan) -> None:
        call: Call[Any] = _here.call
        self._awaitable, self._loan, self._call = awaitable, loan, call
        self._context = contextvars.copy_context()
        self._task: asyncio.Task[Any] | None = None
        self._failure: BaseException | None = None
        if not call.post(self._begin):
            _drop(awaitable)
            raise errors.CancelledError("the event loop that made the call is closed")

    def _begin(self) -> None:
        """On the loop's thread."""
        if not self._loan.open:
            self._loan.leave()
            _drop(self._awaitable)
            return
        self._loan.enter()
        try:
            coroutine = _coroutine(self._awaitable)
            loop = self._call.get_loop()
            self._task = loop.create_task(coroutine, context=self._context)
        except BaseException as error:
            self._failure = error
            self._end(None)
            return
        _answers[self._task] = self
        self._task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Any] | None) -> None:
        """On the loop's thread."""
        _answers.pop(task, None)
        self._loan.leave()
        self._loan.answer()

    def result(self) -> Any:
        """On the guest's thread, once there is an answer."""
        if self._failure is not None or self._task is None:
            raise self._failure or errors.InternalError("there is no answer")
        return self._task.result()

    def cancel(self) -> None:
        """On the guest's thread, which waits no longer."""
        if not self._call.post(self._cancel) and self._task is None:
            _drop(self._awaitable)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def is_lost(self) -> bool:
        """Whether there will be no answer."""
        return self._call.get_loop().is_closed()

    def is_held(self, line: Line) -> bool:
        """Whether calls of a line wait for the guest that waits for this."""
        own = self._call.line
        return line is self._loan.line or (line is own and own.most == 1)


def loop_thread(awaitable: Awaitable[Any], name: str, loop_waits: bool) -> int:
    """The thread of the loop that is to await what the host function ``name`` returned."""
    call: Call[Any] | None = getattr(_here, "call", None)
    if call is not None and not loop_waits:
        return call.thread
    _drop(awaitable)
    if call is None:
        raise errors.UnsupportedError(f"{name} is asynchronous: call the guest with call_async")
    text = f"{name} is asynchronous, and the event loop waits for this very call: make it with call_async"
    raise errors.DeadlockError(text)


def is_async(function: Any) -> bool:
    """Whether it is an ``async def``."""
    called = getattr(function, "__call__", None)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)


def _coroutine(awaitable: Awaitable[Any]) -> Any:
    async def wait() -> Any:
        return await awaitable

    return awaitable if _is_coroutine(awaitable) else wait()


def _is_coroutine(awaitable: Any) -> TypeGuard[Coroutine[Any, Any, Any]]:
    """Whether it does nothing before it is awaited."""
    return asyncio.iscoroutine(awaitable) and not asyncio.isfuture(awaitable)


def _drop(awaitable: Awaitable[Any]) -> None:
    """Lets go of what nobody will await."""
    if _is_coroutine(awaitable):
        awaitable.close()


_here = threading.local()
"""``call``: what this thread runs."""

_in_flight: set[Call[Any]] = set()
"""Calls that are not done."""

_answers: dict[Any, Answer] = {}
"""The answer that a task works on."""

_after_fork: weakref.WeakSet[Any] = weakref.WeakSet()
"""What starts anew in a forked child, where other threads are gone."""


def _forked() -> None:
    _in_flight.clear()
    _answers.clear()
    _here.call = None
    for one in _after_fork:
        one.reset()


def _end_all() -> None:
    for call in tuple(_in_flight):
        call.end()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)

# Executors join their threads when the interpreter ends, before atexit. What is registered later is
# called earlier, so guests are ended before they are waited for.
threading._register_atexit(_end_all)  # type: ignore[attr-defined]
