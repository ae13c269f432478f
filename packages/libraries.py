#!/usr/bin/env python3
"""Builds the native libraries and the command from the profile that packages ship, once for all packages."""
import subprocess

import common


def main():
    subprocess.run(["cargo", "build", "--locked", "--profile", common.PROFILE, "-p", "landbridge-c", "-p", "landbridge-jvm",
                    "-p", "landbridge-node", "-p", "landbridge-python", "-p", "landbridge-cli"], cwd=common.ROOT, check=True)


if __name__ == "__main__":
    main()
