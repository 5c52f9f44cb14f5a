#!/usr/bin/env python3
"""Makes bigrams.bin: how people continue a character when they write words and identifiers.

Usage: make_bigrams.py WORDS HEADERS > bigrams.bin
  WORDS    a word list, one a line: Debian's wamerican, /usr/share/dict/american-english
  HEADERS  a folder of C headers to take identifiers from: /usr/include

The table has one row for each character before and one column for each character after: the
classes are a-z, A-Z, 0-9, and one for everything else, which also stands for start and end.
A cell is -log2 of the probability in sixteenths of a bit, 0 to 255. Other sets of headers move some cells
by a step or two; thresholds need no new calibration for that.
"""

import math
import os
import re
import sys

CLASSES = 63
OTHER = 62
STEP = 16
# Identifiers are what values have to be told from; words are the material they are made of.
WORD_WEIGHT = 1.0
IDENTIFIER_WEIGHT = 2.0


def class_of(char):
    if "a" <= char <= "z":
        return ord(char) - ord("a")
    if "A" <= char <= "Z":
        return 26 + ord(char) - ord("A")
    if "0" <= char <= "9":
        return 52 + ord(char) - ord("0")
    return OTHER


def count(counts, text, weight):
    before = OTHER
    for char in text + " ":
        after = class_of(char)
        counts[before][after] += weight
        before = after


def words(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            word = line.strip()
            if word.isascii() and not word.endswith("'s"):
                yield word


def identifiers(folder):
    found = set()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".h", ".hpp")):
                with open(os.path.join(parent, name), encoding="utf-8", errors="ignore") as file:
                    found.update(re.findall(r"[A-Za-z_][A-Za-z0-9_]{3,40}", file.read()))
    return sorted(found)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    counts = [[0.3] * CLASSES for _ in range(CLASSES)]
    for word in words(sys.argv[1]):
        for form in (word, word.capitalize(), word.upper()):
            count(counts, form, WORD_WEIGHT)
    for identifier in identifiers(sys.argv[2]):
        count(counts, identifier, IDENTIFIER_WEIGHT)
    table = bytearray()
    for row in counts:
        total = sum(row)
        table += bytes(min(255, round(-math.log2(cell / total) * STEP)) for cell in row)
    sys.stdout.buffer.write(table)


if __name__ == "__main__":
    main()
