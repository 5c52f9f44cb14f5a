#!/usr/bin/env python3
"""Adds published example values to known-examples.tsv without writing them down.

Usage: hash_examples.py PLAIN known-examples.tsv
  PLAIN    a file outside of the repository: a value, a tab, where it is published, one a line;
           `sha256:DIGITS` instead of a value for one of which only the digest (or its first 16
           digits) is known
"""

import hashlib
import re
import sys


def digits_of(value):
    known = re.fullmatch(r"sha256:([0-9a-f]{64}|[0-9a-f]{16})", value)
    return known[1] if known else hashlib.sha256(value.encode()).hexdigest()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="utf-8") as table:
        lines = {line.rstrip("\n") for line in table}
    with open(sys.argv[1], encoding="utf-8") as plain:
        for line in plain:
            value, _, place = line.rstrip("\n").partition("\t")
            if place:
                lines.add(f"{digits_of(value)}\t{place}")
    with open(sys.argv[2], "w", encoding="utf-8") as table:
        table.writelines(line + "\n" for line in sorted(lines))


if __name__ == "__main__":
    main()
