"""Says which glibc a program needs, and ends with an error where it needs more than that of Debian 12, or another library.

    needs.py target/dist/gatherd
"""

import re
import subprocess
import sys

# Debian 12's.
NEWEST_GLIBC = (2, 36)
# Of glibc and of the compiler: there on every Linux that has glibc.
KNOWN = {"libc.so.6", "libm.so.6", "libgcc_s.so.1"}
LOADERS = re.compile(r"ld-linux[a-z0-9-]*\.so\.\d")


def headers(program):
    return subprocess.run(["objdump", "-p", program], check=True, capture_output=True, text=True).stdout


def main(program):
    said = headers(program)
    needed = set(re.findall(r"^ *NEEDED +(\S+)$", said, re.MULTILINE))
    if "libc.so.6" not in needed:
        sys.exit(f"{program} is linked to no glibc: {sorted(needed)}")
    others = sorted(it for it in needed - KNOWN if not LOADERS.fullmatch(it))
    if others:
        sys.exit(f"{program} needs libraries that a bare system lacks: {', '.join(others)}")
    versions = {tuple(map(int, it.split("."))) for it in re.findall(r"\bGLIBC_(\d+(?:\.\d+)+)", said)}
    newest = max(versions)
    if newest > NEWEST_GLIBC:
        sys.exit(f"{program} needs glibc {newest[0]}.{newest[1]}, newer than Debian 12's")
    print(".".join(map(str, newest)))


main(sys.argv[1])
