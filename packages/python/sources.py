"""The package of sources: with all crates in it, so that it installs without a network, and the bill of materials where wheels have it."""
import json
import os
import shutil

import common

CONFIG = """\
# All crates are in vendor/, so that nothing is fetched.
[source.crates-io]
replace-with = "vendored-sources"

[source.vendored-sources]
directory = "vendor"
"""

# What only Windows compiles is half of the bytes of all crates. A crate that is left out stays known to Cargo, by name.
LEFT_OUT = "windows"
INSTEAD = """\
compile_error!("this package of sources is for Linux and macOS: on Windows install a wheel, or remove .cargo/config.toml so that Cargo fetches this crate");
"""


def leave_out(crate):
    """Empties a crate that only Windows needs, and says so to whoever compiles it."""
    sums = json.loads((crate / ".cargo-checksum.json").read_text(encoding="utf-8"))
    for item in list(crate.iterdir()):
        if item.name not in ("Cargo.toml", ".cargo-checksum.json"):
            shutil.rmtree(item) if item.is_dir() else item.unlink()
    source = crate / "src" / "lib.rs"
    source.parent.mkdir()
    source.write_text(INSTEAD, encoding="utf-8")
    # A build script that is not there is none.
    manifest = crate / "Cargo.toml"
    lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if not line.startswith("build =")), encoding="utf-8")
    sums["files"] = {}
    (crate / ".cargo-checksum.json").write_text(json.dumps(sums), encoding="utf-8")


def write(out, project, maturin):
    """Writes the archive, and gives its file."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(common.EPOCH)}
    place = common.fresh(common.ROOT / "target" / "packages" / "python-sources")
    common.run(maturin, "sdist", "--out", place, cwd=project, env=env)
    [plain] = place.glob("*.tar.gz")
    folder = common.unpacked(plain, place)
    # Takes those out of the lock file that only other hosts need.
    common.run("cargo", "vendor", "--quiet", "vendor", cwd=folder)
    for crate in folder.glob(f"vendor/{LEFT_OUT}*"):
        leave_out(crate)
    (folder / ".cargo").mkdir(exist_ok=True)
    (folder / ".cargo" / "config.toml").write_text(CONFIG, encoding="utf-8")
    common.run("cargo", "metadata", "--locked", "--offline", "--format-version", "1", cwd=folder)
    (folder / "sboms").mkdir()
    shutil.copy(common.sbom("python"), folder / "sboms")
    files = [(str(file.relative_to(place)), file, 0o755 if os.access(file, os.X_OK) else 0o644)
             for file in folder.rglob("*") if file.is_file()]
    target = out / plain.name
    common.tar_gz(target, files)
    shutil.rmtree(place)
    return target
