"""Writes all files of lib/ into one, since reading one file takes a third of the time of reading sixty.

Each stays a function of its own, with all its names: bundlers that join scopes rename classes. What a file asks of Node.js or of
another package, it asks by `require` as before, so that bundlers see it.
"""
import posixpath
import re

LOCAL = re.compile(r"\brequire\('(\.[^']+)'\)")

HEAD = """'use strict'
// All of Landbridge's JavaScript, made of the files of its lib folder, each of which is a function here.
const $files = {}
const $loaded = {}

function $load(name) {
  if (name in $loaded) return $loaded[name].exports
  const module = $loaded[name] = { exports: {} }
  $files[name](module)
  return module.exports
}
"""


def together(lib, entry):
    """The text of one file that exports what `entry` of the folder `lib` exports."""
    done, parts = set(), [HEAD]

    def add(name):
        done.add(name)
        text = (lib / name).read_text(encoding="utf-8").removeprefix("'use strict'\n")
        folder = posixpath.dirname(name)

        def local(found):
            other = posixpath.normpath(posixpath.join(folder, found[1]))
            if not (lib / other).is_file():
                raise LookupError(f"{name} requires {found[1]}, which is not in the package")
            left.append(other)
            return f"$load('{other}')"

        left = []
        text = LOCAL.sub(local, text)
        parts.append(f"\n$files['{name}'] = function (module) {{\n{text}}}\n")
        for other in left:
            if other not in done:
                add(other)

    add(entry)
    parts.append(f"\nmodule.exports = $load('{entry}')\n")
    return "".join(parts)
