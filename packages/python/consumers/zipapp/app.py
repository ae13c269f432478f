"""A program in a zip file: its guest lies in the zip file, too."""
import importlib.resources

import landbridge as lb


def main() -> None:
    guest = importlib.resources.files("guests") / "greet.wasm"
    print(lb.load(guest).instantiate().exports.hello("zip"))
