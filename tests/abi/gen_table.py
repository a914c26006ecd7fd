#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the list of everything that the headers in include/ fix, as C for offsets.c.

usage: gen_table.py INCLUDE_DIR

Each line of the output is

    ABI_VALUE(label, expression)

for the value of a constant, a size, an offset, or what FIELD_GET and FIELD_PREP make of a mask.

The headers keep to one form (a macro a line, a structure member a line), so that no C parser is
needed. What the generator must have found is checked by offsets.t.
"""
import pathlib
import re
import sys

MACRO = re.compile(r"^#define (BNY_[A-Z0-9_]+)[ \t]+(\S.*)$")
ENUMERATOR = re.compile(r"^\t(BNY_[A-Z0-9_]+)(?: = [^,]+)?,")
STRUCT = re.compile(r"^struct (bny_\w+) \{$")
MEMBER = re.compile(r"^\t__(?:le|u)\d+ (\w+)(?:\[.*\])?;")
TABLE_ROW = re.compile(r"^\tREG\((\w+),")
COMMAND_ROW = re.compile(r"^\tCMD\((\w+),")
COUNTER_ROW = re.compile(r"^\tCNT\((\w+),")


def value(label, expression):
    print(f"ABI_VALUE({label}, {expression})")


def scan(path):
    struct = None
    for line in path.read_text().splitlines():
        if m := STRUCT.match(line):
            struct = m[1]
            value(f"sizeof.{struct}", f"sizeof(struct {struct})")
        elif line.startswith("}"):
            struct = None
        elif struct and (m := MEMBER.match(line)):
            value(f"{struct}.{m[1]}", f"offsetof(struct {struct}, {m[1]})")
            value(f"sizeof.{struct}.{m[1]}", f"sizeof(((struct {struct} *)0)->{m[1]})")
        elif m := MACRO.match(line):
            if m[2] == "\\":
                continue
            value(m[1], m[1])
            if re.match(r"(BIT|GENMASK)\(", m[2]):
                value(f"{m[1]}.prep", f"FIELD_PREP({m[1]}, 1)")
                value(f"{m[1]}.get", f"FIELD_GET({m[1]}, 0xffffffffUL)")
        elif m := TABLE_ROW.match(line):
            for kind in ("REG", "REG_STRIDE", "REG_COUNT"):
                value(f"BNY_{kind}_{m[1]}", f"BNY_{kind}_{m[1]}")
        elif m := COMMAND_ROW.match(line):
            value(f"BNY_CTRL_{m[1]}", f"BNY_CTRL_{m[1]}")
        elif m := COUNTER_ROW.match(line):
            value(f"BNY_CNT_{m[1]}", f"BNY_CNT_{m[1]}")
        elif m := ENUMERATOR.match(line):
            value(m[1], m[1])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    for path in sorted(pathlib.Path(sys.argv[1]).glob("bny_*.h")):
        scan(path)


if __name__ == "__main__":
    main()
