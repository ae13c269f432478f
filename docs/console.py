"""Blocks `console` of the documents: commands after `$ `, and below each what it prints. Those who follow pages read them with this."""

import re


def commands(block):
    """Each command of a block with what it prints, "" if nothing is shown. One may go on behind a backslash."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, printed = part.partition("\n")
        while command.endswith("\\"):
            more, _, printed = printed.partition("\n")
            command += "\n" + more
        yield command, printed
