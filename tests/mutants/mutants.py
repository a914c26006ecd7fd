# SPDX-License-Identifier: GPL-2.0-only
"""The lists of breaks, and the breaks themselves: a file named "mutants" beside the sources that it breaks.

    FILE: what is wrong with it then
      the line before, where the line alone isn't unique (likewise behind it)
    - the line that is replaced
    + what stands there instead; none: the line is gone
    LEVEL CASE

A paragraph each. Blanks before and behind a line don't count. Instead of its last line, one that no test can
notice has "survives: REASON".
"""

import dataclasses
import pathlib

LISTS = ("qemu-device/mutants", "common/mutants", "pf/mutants")


class Stale(Exception):
    """A list doesn't fit the sources or the tests"""


@dataclasses.dataclass
class Mutant:
    place: str          # "LIST:LINE", for messages
    file: str           # from the top of the tree
    what: str
    old: list           # consecutive lines of the file
    index: int          # of those, the one that is replaced
    new: str            # None: none
    level: str          # None: it may survive
    case: str           # or the reason

    @property
    def name(self):
        return f"{self.file}: {self.what}"

    @property
    def test(self):
        return f"{self.level} {self.case}"

    def apply(self, text):
        """The file's text, with the break"""
        lines = text.splitlines()
        bare = [line.strip() for line in lines]
        places = [i for i in range(len(bare) - len(self.old) + 1) if bare[i:i + len(self.old)] == self.old]
        if len(places) != 1:
            raise Stale(f"{self.place}: {self.file} has '{self.old[self.index]}' "
                        f"{len(places) or 'no'} time{'s' if len(places) != 1 else ''} where it is to have it once")
        at = places[0] + self.index
        indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
        lines[at:at + 1] = [] if self.new is None else [indent + self.new]
        return "\n".join(lines) + "\n"


def parse(place, directory, lines):
    """A paragraph"""
    what, last = lines[0], lines[-1]
    file, colon, what = what.partition(": ")
    old, index, new = [], None, None
    for line in lines[1:-1]:
        sign, text = line[:2], line[2:].strip()
        if sign == "+ " and index is not None and new is None:
            new = text
        elif sign == "- " and index is None:
            index = len(old)
            old.append(text)
        elif sign == "  ":
            old.append(text)
        else:
            raise Stale(f"{place}: '{line}' is none of a break's lines")
    level, blank, case = last.partition(" ")
    if not colon or index is None or not blank or last[:2] in ("- ", "+ ", "  "):
        raise Stale(f"{place}: a break has a title, a line to replace and a test")
    if level == "survives:":
        level = None
    return Mutant(place, f"{directory}{file}", what, old, index, new, level, case.strip())


def read(top, name):
    """The breaks of a list"""
    directory = name[:name.rindex("/") + 1]
    paragraph, found = [], []
    for number, line in enumerate((top / name).read_text().splitlines() + [""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            paragraph.append((number, line))
        elif paragraph:
            found.append(parse(f"{name}:{paragraph[0][0]}", directory, [text for _, text in paragraph]))
            paragraph = []
    return found


def elsewhere(top, mutant):
    """Where the line may have gone"""
    files = sorted((top / mutant.file).parent.glob("*.[ch]"))
    found = [file.name for file in files if file != top / mutant.file and file.is_file() and
             any(line.strip() == mutant.old[mutant.index] for line in file.read_text().splitlines())]
    return f"; {', '.join(found)} has it" if found else ""


def read_all(top):
    """All breaks, and that each fits its file; raises Stale with all that is wrong"""
    found, wrong = [], []
    for name in LISTS:
        if not (top / name).exists():
            continue
        try:
            found += read(top, name)
        except Stale as stale:
            wrong.append(str(stale))
    for mutant in found:
        try:
            mutant.apply((top / mutant.file).read_text())
        except FileNotFoundError:
            wrong.append(f"{mutant.place}: there is no {mutant.file}{elsewhere(top, mutant)}")
        except Stale as stale:
            wrong.append(f"{stale}{elsewhere(top, mutant)}")
    if wrong:
        raise Stale("\n".join(wrong))
    return found


def sample(found, count):
    """So many of them, spread evenly, of those that are to be killed"""
    found = [mutant for mutant in found if mutant.level]
    count = min(count, len(found))
    return [found[i * len(found) // count] for i in range(count)]


def top_of_tree():
    return pathlib.Path(__file__).resolve().parent.parent.parent
