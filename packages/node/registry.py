"""A registry on the loopback with the packages of native addons and nothing else: npm asks it for the scope @landbridge alone.

A platform that was not built here has its description, as it would have in a registry, and no archive: who asked for that would
have taken the wrong one.
"""
import base64
import hashlib
import http.server
import io
import json
import tarfile
import threading
import urllib.parse

import build


def described(dist):
    """Archives by name, and a description of each platform's package."""
    archives, packages = {}, {}
    for name in build.PLATFORMS:
        package = build.platform_package(name)
        file = dist / f"landbridge-{name}-{package['version']}.tgz"
        if file.exists():
            archives[file.name] = data = file.read_bytes()
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                package = json.load(archive.extractfile("package/package.json"))
            digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
            package["dist"] = {"integrity": f"sha512-{digest}", "shasum": hashlib.sha1(data).hexdigest()}
        else:
            package["dist"] = {"shasum": "0" * 40}
        package["dist"]["file"] = file.name
        packages[package["name"]] = package
    return archives, packages


class Registry(http.server.ThreadingHTTPServer):
    """Serves until it is shut down; `asked` has what was asked for."""

    def __init__(self, dist):
        super().__init__(("127.0.0.1", 0), Handler)
        self.archives, self.packages = described(dist)
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = urllib.parse.unquote(self.path).strip("/")
        self.server.asked.append(name)
        if name in self.server.archives:
            return self.answer(200, "application/octet-stream", self.server.archives[name])
        if name not in self.server.packages:
            return self.answer(404, "application/json", b"{}")
        package = self.server.packages[name]
        dist = {**package["dist"], "tarball": self.server.url + package["dist"]["file"]}
        version = package["version"]
        about = {"name": name, "dist-tags": {"latest": version}, "versions": {version: {**package, "dist": dist}},
                 # Long ago: package managers wait before they take what is new.
                 "time": {version: "2026-01-01T00:00:00.000Z"}}
        self.answer(200, "application/json", json.dumps(about).encode())

    def answer(self, status, type, body):
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
