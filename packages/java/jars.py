"""Writes jars whose bytes depend on nothing but what is in them."""
import datetime
import pathlib
import zipfile

import common

TIME = datetime.datetime.fromtimestamp(common.EPOCH, datetime.timezone.utc).timetuple()[:6]


def files(folder, prefix=""):
    """All files of a folder, as a jar names them."""
    return {prefix + path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def manifest(title, more=()):
    lines = ["Manifest-Version: 1.0", f"Implementation-Title: {title}", f"Implementation-Version: {common.version()}",
             "Implementation-Vendor: The Landbridge authors", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def legal():
    """The licence, and those of what is inside."""
    return {f"META-INF/{file.name}": file for file in common.LEGAL}


def write(target, title, content, more=()):
    """Writes a jar of names with paths or bytes, the manifest first, as those who read jars as streams need it."""
    content = {**legal(), **content}
    folders = {f"{folder}/" for name in content for folder in pathlib.PurePosixPath(name).parents if str(folder) != "."}
    first = {"META-INF/": None, "META-INF/MANIFEST.MF": manifest(title, more)}
    rest = {**dict.fromkeys(folders - {"META-INF/"}), **content}
    with zipfile.ZipFile(target, "w") as jar:
        for name, source in [*first.items(), *sorted(rest.items())]:
            info = zipfile.ZipInfo(name, TIME)
            info.create_system = 3  # Unix, wherever it is written.
            info.external_attr = (0o40755 << 16 | 0x10) if source is None else 0o100644 << 16
            info.compress_type = zipfile.ZIP_STORED if source is None else zipfile.ZIP_DEFLATED
            data = b"" if source is None else source if isinstance(source, bytes) else source.read_bytes()
            jar.writestr(info, data, compresslevel=9)
