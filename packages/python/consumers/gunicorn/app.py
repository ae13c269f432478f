"""A web application: the module is loaded before the server forks its workers, and each request has an instance of its own."""
import os
import pathlib

import landbridge as lb

greet = lb.load(pathlib.Path(__file__).with_name("greet.wasm"))
LIMITS = lb.Limits(timeout_ms=1000, memory_bytes=16 << 20)


def app(environ, start_response):
    with greet.instantiate(limits=LIMITS) as instance:
        body = instance.exports.hello(environ["PATH_INFO"].strip("/"))
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Worker", str(os.getpid()))])
    return [body.encode()]
