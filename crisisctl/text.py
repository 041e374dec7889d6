"""Words on a screen: foreign text made harmless, lists, moments, durations, wrapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from crisisctl.errors import CrisisError

EMOJI = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe"
    "\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
"""What may begin an emoji sequence, as a piece of a pattern; wider than Unicode's own list."""

# The patterns stay text until they are first used: compiling them would cost every command
# typed in the heat two milliseconds, and most never meet such letters.

# Joiners and variation selectors are harmless only where an emoji needs them.
_LOOSE_JOINER = (
    rf"(?<!{EMOJI})(?<!{EMOJI}\ufe0f)\u200d"
    rf"|\u200d(?!{EMOJI})"
    rf"|(?<![0-9#*])(?<!{EMOJI})[\ufe0e\ufe0f]"
    rf"|(?<=[0-9#*])[\ufe0e\ufe0f](?!\u20e3)"
)
_JOINERS = "\u200d\ufe0e\ufe0f"
# Printable to Python, invisible to people: fillers and selectors outside category Cf
# (Unicode's Default_Ignorable_Code_Point).
_INVISIBLE = (
    *("\u034f\u034f", "\u115f\u1160", "\u17b4\u17b5", "\u180b\u180f", "\u3164\u3164"),
    *("\ufe00\ufe0d", "\uffa0\uffa0", "\U000e0100\U000e01ef"),
)
"""Each from the first to the last."""
_MARKS_KEPT = 4
"""Vietnamese and Hebrew need up to three marks on one letter; a flood of them hides lines."""


def safe(text: str, *, lines: bool = False) -> str:
    r"""Make foreign text harmless for a terminal.

    Whatever would move the cursor, colour, hide or reorder text is shown as an
    escape such as `\x1b` or `\u202e`. Line breaks and tabs become spaces, and
    stay only where `lines` says that several lines are meant.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    if any(joiner in text for joiner in _JOINERS):
        text = re.sub(_LOOSE_JOINER, lambda found: escaped(found[0]), text)
    letters = set(text).difference(_JOINERS, "\n\t" if lines else "")
    text = text.translate({ord(char): escaped(char) for char in letters if _is_hidden(char)})
    return _without_mark_floods(text, letters)


def _is_hidden(char: str) -> bool:
    if unicodedata.category(char) == "Zs":
        return False
    return not char.isprintable() or any(pair[0] <= char <= pair[1] for pair in _INVISIBLE)


def escaped(char: str) -> str:
    r"""Name one character in ASCII: `\x1b`, `\u202e`, `\U000e0041`."""
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _without_mark_floods(text: str, letters: set[str]) -> str:
    marks = "".join(char for char in letters if unicodedata.category(char) in ("Mn", "Me"))
    if not marks:
        return text
    # ZWJ and selectors left in place by now belong to an emoji, so they cannot pad a flood.
    kind = f"[{re.escape(marks)}]"
    return re.sub(f"({kind}{{{_MARKS_KEPT}}}){kind}+", r"\1…", text)


_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet would run; some of them take the wide signs for the narrow ones."""


def cell(text: str, *, lines: bool = False) -> str:
    """A value for a spreadsheet: what it would take for a formula begins with an apostrophe.

    A break within a cell can begin a row for a careless reader, and a formula in it: it becomes
    a space. With `lines` breaks stay, and every line is guarded.
    """
    if lines:
        return "\n".join(cell(line) for line in text.strip().splitlines())
    plain = safe(" ".join(text.split()))
    return f"'{plain}" if plain.startswith(_FORMULAS) else plain


_MARKS = re.compile(r"([\\`*\[\]<>|#~&]|(?<![^\W_])_|_(?![^\W_]))")
"""An underscore inside a word means nothing to Markdown."""
_FIRST_MARKS = re.compile(r"^(?:-(?=[ -])|\+(?= |$)|\d{1,9}[.)](?= |$))")
"""What would begin a list or a rule at the start of a line."""


def unmarked(text: str) -> str:
    """Foreign text as Markdown shows it literally, on one line."""
    clean = _MARKS.sub(r"\\\1", safe(_one_line(text)))
    return _FIRST_MARKS.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", clean)


def _one_line(text: str) -> str:
    """Blanks and breaks as single spaces; those that hold words together stay."""
    if "\u00a0" in text or "\u202f" in text:
        return re.sub("[^\\S\u00a0\u202f]+", " ", text).strip()
    return " ".join(text.split())


def quoted(raw: object, limit: int = 60) -> str:
    """Show a value somebody typed inside an error message: clean, short, in quotes."""
    text = safe(str(raw))
    return f'"{text[: limit - 1]}…"' if len(text) > limit else f'"{text}"'


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that was probably meant."""
    from rapidfuzz.distance.Indel import normalized_similarity
    from rapidfuzz.process import extractOne

    by_fold = _by_fold(tuple(known)[:_MOST_KNOWN])
    # nobody mistypes a name into hundreds of letters
    close = extractOne(
        _folded(word[:100]), by_fold.keys(), scorer=normalized_similarity, score_cutoff=_ALIKE
    )
    return by_fold[close[0]] if close else None


_MOST_KNOWN = 1000
"""Words that are looked through; only a hostile file has more, and then it has more mistakes."""
_ALIKE = 0.6
"""From here on a word is like another: that much of both is the same, in the same order."""


@lru_cache(maxsize=16)  # a hostile file names thousands, and misspells each
def _by_fold(known: tuple[str, ...]) -> dict[str, str]:
    return {_folded(name): name for name in known}


def _folded(word: str) -> str:
    return word.strip().casefold().replace("_", "-")


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as in a sentence: "a, b and c"."""
    *first, end = [*words] or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def offset(when: datetime) -> str:
    """Say how far a moment's own zone is from UTC: "UTC+1", "UTC+5:30", "UTC"."""
    seconds = round((when.utcoffset() or timedelta()).total_seconds())
    if not seconds:
        return "UTC"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    tail = f":{minutes:02}" if rest else ""
    if seconds_left:  # local mean time, before zones were whole minutes
        tail += f":{seconds_left:02}"
    return f"UTC{'+' if seconds > 0 else '-'}{hours}{tail}"


def moment(when: datetime, zone: tzinfo) -> str:
    """Show a moment with its date and zone: "2026-11-27 20:04 CET (UTC+1)"."""
    local = when.astimezone(zone)
    day_and_time = local.replace(tzinfo=None).isoformat(" ", "minutes")
    name, from_utc = local.tzname() or "", offset(local)
    if name == from_utc == "UTC":
        return f"{day_and_time} UTC"
    if name.startswith("UTC") or not name.isalpha():
        return f"{day_and_time} ({from_utc})"
    return f"{day_and_time} {name} ({from_utc})"


def in_words(delta: timedelta) -> str:
    """Say how long, cut to what matters: "45 s", "4 min", "1 h 05 min", "2 d 3 h"."""
    if delta < timedelta():
        return f"-{in_words(-delta)}"
    minutes, seconds = divmod(delta // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def ago(delta: timedelta) -> str:
    """Say how far back something lies, or how far ahead when the delta is negative."""
    if abs(delta) < timedelta(seconds=1):
        return "now"
    return f"{in_words(delta)} ago" if delta > timedelta() else f"in {in_words(-delta)}"


def clock(delta: timedelta) -> str:
    """Show a running clock: "00:12:31"."""
    seconds = abs(delta) // timedelta(seconds=1)
    sign = "-" if seconds and delta < timedelta() else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def columns(text: str) -> int:
    """Count the terminal columns that one line of clean text takes.

    The stdlib's East Asian widths, because wcwidth would cost a command typed
    in the heat more than the rest of its work.
    """
    if text.isascii():
        return len(text)
    taken, joined = 0, False
    for before, char in zip(f" {text}", text, strict=False):
        if not joined:
            taken += _columns_of(char, before)
        joined = char == "\u200d"
    return taken


def _columns_of(char: str, before: str) -> int:
    if char == "\ufe0f":  # asks for the emoji picture, which is two columns wide
        return 2 - _columns_of(before, "")
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


_ITEM = r" *(?:[-*•]|\d{1,3}[.)]) +"


def wrap(text: str, width: int, indent: str = "") -> str:
    """Fit text into a width, keeping its paragraphs, list items and indented lines.

    Lines indented without being part of an item are commands to copy: they stay
    as they are, even when too long. So do addresses.
    """
    room = max(width - columns(indent), 8)
    shown = [line for block in _blocks(text) for line in _filled(block, room)]
    return "\n".join(f"{indent}{line}" if line else "" for line in shown)


def _blocks(text: str) -> list[str]:
    """Gather lines into paragraphs, items, verbatim lines and (empty) separators."""
    blocks: list[str] = []
    for line in text.strip("\n").expandtabs(4).split("\n"):
        bare = line.strip(" ")
        last = blocks[-1] if blocks else ""
        verbatim = line.startswith("  ") and not re.match(_ITEM, last)
        if not bare:
            if last:
                blocks.append("")
        elif re.match(_ITEM, bare) or verbatim or not last or last.startswith("  "):
            blocks.append(line.rstrip(" ") if line.startswith("  ") else bare)
        else:
            blocks[-1] = f"{last} {bare}"
    return blocks


def _filled(block: str, room: int) -> list[str]:
    item = re.match(_ITEM, block)
    if block.startswith(" ") and not item:
        return [block]
    first = item[0] if item else ""
    rows, row = [], first
    for word in _pieces(block[len(first) :], room - len(first)):
        if row.strip(" ") and row != first and columns(row) + 1 + columns(word) > room:
            rows.append(row)
            row = " " * len(first)
        row += word if row == first or not row.strip(" ") else f" {word}"
    return [*rows, row]


def _pieces(text: str, room: int) -> list[str]:
    """Split at plain spaces only (a no-break space holds), and long runs of wide letters."""
    pieces = []
    for word in filter(None, text.split(" ")):
        wide = columns(word) > max(room, 2) and columns(word) != len(word)
        step = max(room, 2) // 2 if wide else len(word)
        pieces += [word[at : at + step] for at in range(0, len(word), step)]
    return pieces


def zone_of(name: str) -> tzinfo:
    """Find a time zone by its name, such as Europe/Paris."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        meant = _zone_meant(name)
    hint = f"did you mean {meant}?" if meant else "write a name such as Europe/Paris"
    raise CrisisError(f"{quoted(name)} is not a time zone", hint=hint)


def _zone_meant(name: str) -> str | None:
    from zoneinfo import available_timezones

    zones = sorted(available_timezones())
    cities = {zone.rpartition("/")[2]: zone for zone in zones if "/" in zone}
    city = did_you_mean(name.replace(" ", "_"), cities)
    return cities[city] if city else did_you_mean(name, zones)
