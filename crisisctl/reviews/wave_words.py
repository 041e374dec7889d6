"""The verdict in two or three sentences that a manager understands."""

from __future__ import annotations

from datetime import datetime

from crisisctl.messages.proof.language import NAMES
from crisisctl.reviews.wave import Group, Verdict, Wave
from crisisctl.text import listed, safe

_OF = {"source": "on", "product": "about", "language": "in", "country": "from"}
_KINDS = {"source": "on", "product": "for", "language": "in", "country": "in"}


def words(verdict: Verdict) -> str:
    """Say it in plain English."""
    wave = verdict.wave
    if wave is None:
        return _quiet(verdict)
    sentences = [_headline(verdict, wave), _numbers(wave), *_remarks(verdict, wave)]
    return " ".join(sentence for sentence in sentences if sentence)


def _quiet(verdict: Verdict) -> str:
    if verdict.level == "too-little":
        return (
            f"There is too little to say whether this is a wave: {verdict.why_little}. "
            "An export that reaches some weeks further back would tell."
        )
    if not verdict.complaints:
        return f"No wave: none of the {verdict.reviews:,} reviews is a complaint."
    share = _percent(verdict.complaints / verdict.reviews)
    return (
        f"No wave: at no time were there clearly more complaints than usual and a clearly larger "
        f"share of them as well. Of {verdict.reviews:,} reviews, {verdict.complaints:,} are "
        f"complaints ({share})."
    )


def _headline(verdict: Verdict, wave: Wave) -> str:
    what = "A wave of complaints" if wave.level == "wave" else "A weak wave of complaints"
    if verdict.scope is not None:
        where = f"{_OF[verdict.scope.kind]} {_named(verdict.scope)}"
        what += f" {where}, while the shop as a whole looks as usual"
    if wave.until is None:
        return f"{what}, and it is still going on."
    return f"{what}; it is over."


def _numbers(wave: Wave) -> str:
    usual = _usually(wave)
    if wave.hours < 24:
        span = f"On {_day(wave.start)} from {wave.start:%H:%M} UTC, {wave.complaints:,} complaints"
        count = f"{span} came within {wave.hours:g} hours; about {_about(wave.expected)} are usual"
    else:
        a_day = _about(wave.a_day)
        count = f"{_span(wave)}, {a_day} complaints a day instead of about {usual}"
    if wave.only_complaints:
        return f"{count}."
    share = f"{_percent(wave.share)} of all reviews are negative instead of"
    return f"{count}; {share} {_percent(wave.usual_share)}."


def _remarks(verdict: Verdict, wave: Wave) -> list[str]:
    found = [f"{strength(wave)} (against the {wave.usual_days} days before)."]
    groups = [group for group in verdict.groups if group is not verdict.scope]
    if groups and verdict.scope is None:
        named = [f"{_KINDS[group.kind]} {_named(group)}" for group in groups[:3]]
        found.append(f"It stands out {listed(named)}.")
    if wave.only_complaints:
        found.append(
            "The file holds only complaints, so this goes by their number alone: praise may have "
            "become more as well."
        )
    elif wave.by_count_alone:
        found.append(
            "Nearly all reviews are negative at any time, so this goes by their number alone."
        )
    others = [each for each in verdict.waves if each.level == "wave" and each != wave]
    if others and verdict.scope is None:
        spans = [_span(each).removeprefix("On ") for each in others[-3:]]
        when = listed(f"{span[0].lower()}{span[1:]}" for span in spans)
        found.append(f"There {'was another' if len(others) == 1 else 'were others'}: {when}.")
    if wave.newcomer:
        found.append(
            f"Most of it comes from {safe(wave.newcomer)}, which had no reviews before: perhaps "
            "only the source is new."
        )
    return found


def strength(wave: Wave) -> str:
    """How strong it is, in plain words: how much more, and whether chance could do it."""
    more = f"{wave.times:.0f} times" if wave.times >= 3 else f"{wave.times:.1f} times"
    size = f"That is {more} as many as usual"
    if wave.strength >= 6:
        return f"{size}, far beyond chance"
    if wave.strength >= 4:
        return f"{size}, clearly beyond chance"
    return f"{size}, more than chance would explain"


def _usually(wave: Wave) -> str:
    return _about(wave.expected * 24 / wave.hours)


def _span(wave: Wave) -> str:
    if wave.until is None:
        return f"Since {_day(wave.start)}"
    last = datetime.fromtimestamp(wave.until.timestamp() - 1, wave.until.tzinfo)
    if last.date() == wave.start.date():
        return f"On {_day(wave.start)}"
    begin = _day(wave.start)
    if (last.year, last.month) == (wave.start.year, wave.start.month):
        begin = f"{wave.start.day}"
    elif last.year == wave.start.year:
        begin = f"{wave.start.day} {wave.start:%B}"
    return f"From {begin} to {_day(last)}"


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"


def _about(number: float) -> str:
    if number >= 9.5 or abs(number - round(number)) < 0.05:
        return f"{number:,.0f}" if number >= 0.95 else "0"
    return f"{number:.1f}"


def _percent(part: float) -> str:
    if 0 < part < 0.095:
        return f"{part * 100:.1f} %"
    return f"{part * 100:.0f} %"


def _named(group: Group) -> str:
    return NAMES.get(group.name, safe(group.name)) if group.kind == "language" else safe(group.name)
