"""Writes the reference of the API into target/reference/python: `make reference-python`.

pdoc reads modules as Python sees them. The native one shows no types, so its stub takes its place here: the same classes, with all that
editors show. A warning is an error.
"""
import pathlib
import re
import shutil
import sys
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bindings-python" / "python" / "landbridge"
OUT = ROOT / "target" / "reference" / "python"
MODULES = ["landbridge", "landbridge.errors", "landbridge.importer"]
# What a stub only declares, and the package reads when it is imported. The classes are shown where users find them.
TAIL = '''

class _Table(dict):
    __repr__ = lambda self: "{{...}}"
ASKS, KINDS, TRAP_CODES, TYPES = (), _Table(), _Table(), _Table()
__version__ = {version!r}
for _value in list(globals().values()):
    if isinstance(_value, type) and _value.__module__ == __name__:
        _value.__module__ = "landbridge"
'''


# A class that is executed cannot have these.
OF_CLASSES = re.compile(r"^    @property\n    def __(?:name|qualname|signature|self|func)__\(.*\n", re.MULTILINE)


# The keywords of a sandbox, which functions take as one dictionary with types.
SANDBOX = re.compile(r"^class _Sandbox\(.*?(?=^\S)", re.MULTILINE | re.DOTALL)
KEYWORDS = re.compile(r"\*\*sandbox: Unpack\[_Sandbox\],?")


def spelt_out(text, stub):
    """The text with each keyword of a sandbox as a parameter of its own, as readers look for them."""
    keywords = re.findall(r"^    (\w+: .*)$", SANDBOX.search(stub)[0], re.MULTILINE)
    return KEYWORDS.sub(", ".join(f"{keyword} = None" for keyword in keywords) + ",", text)


def stand_in(folder):
    """A copy of the package with its stub as the native module."""
    shutil.copytree(PACKAGE, folder / "landbridge", ignore=shutil.ignore_patterns("*.so", "*.pyd", "*.pyi", "__pycache__"))
    stub = (PACKAGE / "_native.pyi").read_text(encoding="utf-8")
    version = (PACKAGE / "__init__.py").read_text(encoding="utf-8").split('_VERSION: Final = "')[1].split('"')[0]
    text = "from __future__ import annotations\n" + OF_CLASSES.sub("", spelt_out(stub, stub)) + TAIL.format(version=version)
    (folder / "landbridge" / "_native.py").write_text(text, encoding="utf-8")
    program = folder / "landbridge" / "_program.py"
    text = spelt_out(program.read_text(encoding="utf-8"), stub).replace("_Sandbox\n", "Limits, _Input, _Output\n")
    program.write_text(text, encoding="utf-8")


def main():
    with tempfile.TemporaryDirectory() as folder:
        stand_in(pathlib.Path(folder))
        sys.path.insert(0, folder)
        import landbridge
        import pdoc
        import pdoc.render

        # What makes a tuple with names knows no names of its module.
        for tuple_class in (landbridge.ExportType, landbridge.ImportType):
            tuple_class.__new__.__annotations__["type"] = landbridge.ExternType
        warnings.simplefilter("error")
        pdoc.render.configure(docformat="restructuredtext", footer_text="Landbridge for Python", show_source=False)
        shutil.rmtree(OUT, ignore_errors=True)
        pdoc.pdoc(*MODULES, output_directory=OUT)
    print(f"{len(list(OUT.rglob('*.html')))} pages in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
