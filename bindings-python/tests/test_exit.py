"""The interpreter ends while daemon threads are in guests: with exit code 0, and without a word."""

import pathlib
import shutil
import subprocess
import sysconfig
import textwrap

import pytest
from children import ended_well, run

DAEMONS = """
import asyncio, gc, sys, threading, time
import landbridge as lb

module = lb.load('''(module (import "e" "f" (func $f)) (memory (export "memory") 1)
  (global (export "g") (mut externref) (ref.null extern))
  (func (export "one") (result i32) (i32.const 1))
  (func (export "two") (result i32 i32) (i32.const 1) (i32.const 2))
  (func (export "ref") (param externref) (result externref) (local.get 0))
  (func (export "trap") (unreachable))
  (func (export "spin") (loop $l (br $l)))
  (func (export "back") (call $f)))''')

def fails():
    raise ValueError("no")

def sums():
    return sum(range(2000)) and None

class Loud:
    def __del__(self):
        sum(range(2000))

def fresh():
    other = module.instantiate({"e": {"f": fails}})
    other.exports.one()
    other.close()

def collected(exports):
    for _ in range(100):
        loud = Loud()
        loud.me = loud
    exports.two()
    gc.collect()

async def awaited():
    await asyncio.gather(*(guest().exports.one.call_async() for _ in range(4)))

def guest(f=sums, **more):
    return module.instantiate({"e": {"f": f}}, **more)

def repeat(what, *args):
    while True:
        try:
            what(*args)
        except (lb.WasmError, ValueError):
            pass
        except RuntimeError as error:
            # What asyncio says when the interpreter is about to end.
            if "shutdown" not in str(error):
                raise

def work(what):
    exports = guest(fails if what == "host error" else sums).exports
    memory = exports.memory
    repeat(*{
        "call": (exports.one,),
        "several results": (exports.two,),
        "collector": (collected, exports),
        "references": (lambda: exports.ref(Loud()),),
        "trap": (exports.trap,),
        "host": (exports.back,),
        "host error": (exports.back,),
        "arguments": (exports.one, "bad"),
        "instance": (fresh,),
        "load": (lambda: lb.load(f'(module (func (export "f{time.time_ns()}")))'),),
        "memory": (lambda: (memory.read(0, 10), memoryview(memory), memory.write(0, b"x")),),
        "deadline": (lambda: guest(limits=lb.Limits(timeout_ms=5)).exports.spin(),),
        "spin": (lambda: guest().exports.spin(),),
        "asynchronous": (lambda: asyncio.run(awaited()),),
    }[what])

def start(*all):
    for what in all:
        threading.Thread(target=work, args=(what,), daemon=True).start()
    time.sleep(0.1)  # sleeps: so that each is somewhere in the middle of its work

class Slow:
    # What an interpreter that ends still has to do, while it lets other threads ask for its lock.
    def __del__(self, sleep=time.sleep):
        sleep(0.05)  # sleeps: it is what takes long

sys.modules["slow"] = Slow()
"""

WORKS = [
    "call",
    "several results",
    "collector",
    "references",
    "trap",
    "host",
    "host error",
    "arguments",
    "instance",
    "load",
    "memory",
    "deadline",
    "spin",
    "asynchronous",
]


def ended_quietly(done, *works):
    assert done.returncode == 0, done.stderr
    # asyncio tells of tasks that it leaves behind.
    assert "Fatal" not in done.stderr if "asynchronous" in works else not done.stderr, done.stderr


@pytest.mark.parametrize("what", WORKS)
def test_the_interpreter_ends_while_daemons_work(what):
    for _ in range(5):
        done = run(DAEMONS + f"start(*[{what!r}] * 4)\n")
        ended_quietly(done, what)


@pytest.mark.parametrize("how", ["sys.exit(0)", "gc.collect()", "guest().exports.one()"])
def test_it_ends_in_other_ways_while_daemons_do_all_of_that(how):
    for _ in range(3):
        works = [it for it in WORKS if it != "load"]
        ended_quietly(run(DAEMONS + f"start(*{works!r})\n{how}\n"), *works)


def test_a_call_at_exit_of_a_store_that_a_daemon_is_inside_of():
    program = """
        import atexit, threading, time

        def late():
            try:
                spins.exports.add(1, 2)
            except lb.BusyError as error:
                print("the interpreter ends" in str(error), flush=True)

        atexit.register(late)
        import landbridge as lb
        from guests import CALC, begun, wait_until
        spins = lb.load(CALC).instantiate()
        runs = begun(spins)
        threading.Thread(target=spins.exports.spin, daemon=True).start()
        wait_until(runs)
    """
    assert ended_well(program, timeout=20) == "True"


EMBEDDER = """
#include <Python.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char **texts) {
  if (count < 3) return 2;
  Py_Initialize();
  if (PyRun_SimpleString(texts[1])) return 3;
  int ended = Py_FinalizeEx();
  usleep(100000);  // sleeps: what threads are still there may do something wrong
  printf("%d\\n", ended);
  Py_Initialize();
  int again = PyRun_SimpleString(texts[2]);
  printf("%d\\n", again);
  fflush(stdout);
  return 0;
}
"""


def test_a_program_goes_on_after_its_interpreter_has_ended(tmp_path):
    compiler = shutil.which("cc")
    include, library = sysconfig.get_path("include"), sysconfig.get_config_var("LIBDIR")
    assert compiler is not None and pathlib.Path(include, "Python.h").exists()
    (tmp_path / "embedder.c").write_text(EMBEDDER)
    version = sysconfig.get_config_var("LDVERSION")
    command = f"{compiler} -I{include} embedder.c -o embedder -L{library} -Wl,-rpath,{library} -lpython{version}"
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    here = pathlib.Path(__file__).resolve().parent
    path = [str(here.parent / "python"), str(here)]
    first = f"import sys\nsys.path[:0] = {path!r}\n" + DAEMONS + "start('call', 'trap', 'host', 'spin')\n"
    second = f"""
        import sys
        sys.path[:0] = {path!r}
        try:
            import landbridge
        except ImportError as error:
            assert "cannot be loaded again" in str(error), error
        else:
            raise AssertionError("loaded again")
    """
    done = subprocess.run(
        [str(tmp_path / "embedder"), first, textwrap.dedent(second)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["0", "0"], "")
