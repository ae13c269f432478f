#!/usr/bin/env python3
"""Makes one archive of all Maven artifacts, which the Central Portal takes or refuses as a whole: packages/release/maven.py [--sign]

Writes target/central-bundle.zip from dist/java. Each file has its checksums already; --sign has gpg sign each with the key
that it has by default, which Central asks for.
"""
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import common  # noqa: E402

CHECKSUMS = (".md5", ".sha1", ".sha256", ".sha512")
# What Central refuses an artifact without.
ENDINGS = (".pom", ".jar", "-sources.jar", "-javadoc.jar")


def artifacts(root):
    """The files of each version of each artifact, and what is not there and should be."""
    for folder in sorted({file.parent for file in root.rglob("*.pom")}):
        files = [file for file in folder.iterdir() if not file.name.endswith((*CHECKSUMS, ".asc"))]
        stem = f"{folder.parent.name}-{folder.name}"
        lacking = [stem + ending for ending in ENDINGS if not (folder / (stem + ending)).exists()]
        lacking += [f"{file.name}{kind}" for file in files for kind in (".md5", ".sha1") if not pathlib.Path(f"{file}{kind}").exists()]
        if lacking:
            sys.exit(f"{folder}: lacks {', '.join(lacking)}")
        yield from files


def main():
    if sys.argv[1:] not in ([], ["--sign"]):
        sys.exit(__doc__)
    root, target = common.DIST / "java", common.TARGET / "central-bundle.zip"
    files = sorted(artifacts(root)) if root.exists() else []
    if not files:
        sys.exit("dist/java is empty: run `make dist-java` first")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for file in files:
            extra = [pathlib.Path(f"{file}{kind}") for kind in (".md5", ".sha1")]
            if sys.argv[1:]:
                signature = pathlib.Path(f"{file}.asc")
                signature.unlink(missing_ok=True)
                common.run("gpg", "--batch", "--armor", "--detach-sign", file, timeout=60)
                extra.append(signature)
            for one in [file, *extra]:
                bundle.write(one, one.relative_to(root))
    print(f"{target}: {len(files)} files of {len({file.parent for file in files})} artifacts{', signed' if sys.argv[1:] else ', not signed'}")


if __name__ == "__main__":
    main()
