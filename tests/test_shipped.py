"""What is shipped: every playbook sound, every message in five languages, fit to be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from makers import a_send, an_incident

from crisisctl.deadlines.owed import next_update_at
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, apply
from crisisctl.incident.knowledge import Names, confirmed, holds
from crisisctl.messages.bulk.columns import PREFIX
from crisisctl.messages.channels import load_channels
from crisisctl.messages.formats import filters
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Setting, Text, render_pack
from crisisctl.messages.templates import MessageTemplate, MissingFact, find_template
from crisisctl.playbook.load import load, loads
from crisisctl.playbook.model import Fact, FactType, Playbook, Step
from crisisctl.playbook.values import Value
from crisisctl.runner import commands
from crisisctl.runner.answers import Answers, examples
from crisisctl.workspace import Workspace, locales_of, playbook_names, shipped

LOCALES = ("en", "es", "fr", "ru", "tr")
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 19, 21, tzinfo=UTC)
PLAYBOOKS = playbook_names(Workspace())
KNOWN = tuple(load_channels(Workspace()).channels)
CHANNELS = (
    *("homepage", "error-page", "status-page", "x", "instagram", "facebook"),
    *("telegram", "email", "sms", "push", "blog", "internal"),
)
"""Where every message of an outage must fit, whichever of them its own step names."""
PERSONAL = ("email", "sms", "push")
"""Where a message to the customers of a tier must fit: it is about one person, never in public."""


def channels_of(playbook: str, message: str) -> tuple[str, ...]:
    """Where a message must fit: a notice of a breach only where it is sent."""
    send = the_plan(playbook).sends(message)
    assert send is not None
    assert send.send is not None
    if send.send.tiers:
        return PERSONAL
    return CHANNELS if playbook == "outage" else send.send.channels


@cache
def the_plan(playbook: str) -> Playbook:
    return load(shipped("playbooks") / f"{playbook}.yaml").plan


@cache
def the_examples(playbook: str) -> Answers:
    return examples(the_plan(playbook), now=NOW, zone=PARIS)


MESSAGES = [(name, message) for name in PLAYBOOKS for message in the_plan(name).messages()]
TEXTS = [(playbook, message, locale) for playbook, message in MESSAGES for locale in LOCALES]


def the_template(playbook: str, message: str, locale: str) -> MessageTemplate:
    return find_template(Workspace(), playbook, message, locale, PARIS)


# Playbooks


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_nothing_is_sent_before_it_is_known_in_which_languages(playbook: str) -> None:
    asked: set[str] = set()
    for _, step in the_plan(playbook).steps():
        asked |= set(step.ask)
        assert step.send is None or "locales" in asked, step.id


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_shipped_playbook_has_no_problem_and_is_called_like_its_file(playbook: str) -> None:
    text = (shipped("playbooks") / f"{playbook}.yaml").read_text(encoding="utf-8")

    plan, problems = loads(text)

    assert problems == ()
    assert plan is not None
    assert plan.playbook == playbook
    assert plan.summary
    assert plan.owner
    assert plan.reviewed


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_shipped_playbook_leaves_no_stage_empty_and_no_step_without_an_owner(
    playbook: str,
) -> None:
    plan = the_plan(playbook)

    assert list(plan.stages) == ["assess", "communicate", "resolve", "compensate", "post-mortem"]
    assert all(plan.stages.values())
    for _, step in plan.steps():
        assert step.role, step.id
        assert step.guide or step.checklist, step.id
        if step.decide:
            assert all(option.for_ and option.against for option in step.decide.options.values())


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_shipped_playbook_asks_every_fact_it_has_and_has_an_example_for_each(
    playbook: str,
) -> None:
    plan = the_plan(playbook)
    asked = {name for _, step in plan.steps() for name in step.ask}
    computed = {name for name, fact in plan.facts.items() if fact.compute}

    assert asked | computed == {*plan.facts, *plan.impact}
    given = examples(plan, now=NOW, zone=PARIS)
    assert given.facts.keys() >= asked


@pytest.mark.parametrize(("playbook", "message"), MESSAGES)
def test_a_message_goes_to_channels_there_are_and_exists_in_every_language(
    playbook: str, message: str
) -> None:
    step = the_plan(playbook).sends(message)

    assert step is not None
    assert step.send is not None
    assert set(step.send.channels) <= set(KNOWN)
    assert tuple(locales_of(Workspace(), playbook, message)) == LOCALES


def test_no_template_is_left_over() -> None:
    files = {
        (file.parent.name, file.name.partition(".")[0])
        for file in shipped("templates").glob("*/*.j2")
        if file.parent.name != "layouts"
    }

    assert files == set(MESSAGES)


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_message_has_the_same_blocks_and_speaks_of_the_same_facts_in_every_language(
    playbook: str, message: str, locale: str
) -> None:
    english = the_template(playbook, message, "en")
    other = the_template(playbook, message, locale)

    assert other.blocks == english.blocks
    assert other.names == english.names


@pytest.mark.parametrize(("playbook", "message"), MESSAGES)
def test_a_message_speaks_only_of_facts_there_are(playbook: str, message: str) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    spoken = the_template(playbook, message, "en").names
    if step.send and step.send.tiers:
        spoken = frozenset(name for name in spoken if not name.startswith(PREFIX))

    assert spoken <= {*plan.names(), "next_update", "sent_at"}


# What is known when a message is due


def facts_until(plan: Playbook, step: Step, *, sure: bool) -> list[str]:
    """What has been asked and decided by then; `sure`: whatever nobody may leave open.

    A step with a condition is surely walked where what is surely known makes it hold.
    """
    found: dict[str, None] = {}
    for _, each in plan.steps():
        if not (sure and each.when and each != step) or holds(
            each.when, an_incident_that_knows(plan, found), now=NOW
        ):
            asked = [*each.ask, *([each.decide.fact] if each.decide else [])]
            found |= dict.fromkeys(name for name in asked if _answered(plan, name, sure=sure))
        if each == step:
            break
    return list(found)


def _answered(plan: Playbook, name: str, *, sure: bool) -> bool:
    spec = plan.spec(name)
    if spec is None or spec.compute:
        return False
    return not (sure and (spec.optional or spec.certainty == "ask"))


def an_incident_that_knows(
    plan: Playbook,
    names: Iterable[str],
    changes: Names | None = None,
    *more: ev.Event,
) -> Incident:
    """An incident in which the examples of these facts are confirmed, some of them changed."""
    given = the_examples(plan.playbook).facts
    known: Names = {name: given[name].value for name in names if name in given} | (changes or {})
    happened: list[ev.Event] = []
    incident = an_incident(plan=plan)
    for name, value in known.items():
        learned = commands.answer(incident, name, value, source="")
        happened += learned
        for number, event in enumerate(learned, incident.seq + 1):
            apply(incident, ev.Entry(number, NOW, NOW, "ana", event))
    return an_incident(*happened, *more, plan=plan)


def what_it_says(
    incident: Incident,
    message: str,
    locale: str,
    *,
    channels: Iterable[str] = (),
    now: datetime = NOW,
    zone: ZoneInfo = PARIS,
) -> tuple[Text, ...]:
    """The texts of a message as `send` would write them, in one language."""
    plan = incident.playbook
    step = plan.sends(message)
    assert step is not None
    assert step.send is not None
    names: dict[str, object] = {**confirmed(incident, now=now), "sent_at": now}
    promised = next_update_at(incident, now=now, to=step.send.to)
    if promised is not None:
        names["next_update"] = promised
    where = tuple(channels) or channels_of(plan.playbook, message)
    send = a_send(message, channels=where, to=step.send.to)
    return render_pack(Setting(Workspace(), plan.playbook, zone), send, names, (locale,)).texts


def step_of(playbook: str, message: str) -> Step:
    step = the_plan(playbook).sends(message)
    assert step is not None
    return step


def flaws(text: Text) -> Iterator[str]:
    """What customers must never read."""
    whole = f"{text.heading}\n{text.body}"
    if text.overflow or text.unseen:
        yield text.overflow or text.unseen
    for what in ("{{", "}}", "{%", "%}", "None", "Undefined", "<", "  ", "..", "::", "( ", " )"):
        if what in whole:
            yield f"holds {what!r}"
    for pattern in (
        r":\s*(?:\n\n|\Z)",
        r" [.,](?!\w)",
        r"^\s*-\s*$",
        r"[:,]\.",
        r"\.\w",
        r"^[.,;:]",
        r"\n\n\n",
    ):
        bare = re.sub(r"\S+@\S+|https?://\S+", "ADDRESS", whole)
        bare = re.sub(r"(?<=\d)[.,](?=\d)", "", bare)  # 18.400 in Spanish and Turkish
        if found := re.search(pattern, bare, re.MULTILINE):
            yield f"holds {found[0]!r} at {bare[max(0, found.start() - 20) : found.end() + 5]!r}"
    for key in re.findall(r"\b[a-z]+-[a-z]+\b", " ".join(CHOICE_KEYS)):
        if re.search(rf"\b{key}\b", whole):
            yield f"holds the key {key!r}"


CHOICE_KEYS = sorted(
    {
        key
        for playbook in PLAYBOOKS
        for name in the_plan(playbook).names()
        if (spec := the_plan(playbook).spec(name))
        for key in spec.choices
    }
)


def all_flaws(texts: Iterable[Text]) -> list[str]:
    return [f"{text.channel}: {flaw}" for text in texts for flaw in flaws(text)]


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_message_can_be_sent_with_only_what_is_surely_known_by_then(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    incident = an_incident_that_knows(plan, facts_until(plan, step, sure=True))

    assert all_flaws(what_it_says(incident, message, locale)) == []


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_message_can_be_sent_with_everything_that_may_be_known(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    by_then = an_incident_that_knows(plan, facts_until(plan, step, sure=False))
    in_the_end = an_incident_that_knows(plan, plan.names())

    assert all_flaws(what_it_says(by_then, message, locale)) == []
    assert all_flaws(what_it_says(in_the_end, message, locale)) == []


# Every value of every choice, and long values

NEPAL = ZoneInfo("Asia/Kathmandu")  # UTC+5:45, as long as an offset gets
LONG: dict[FactType, Value] = {
    "text": "Kestrel Outdoor & Leisure",
    "url": "https://status.kestrel-outdoor.example/de",
    "email": "kundenservice@kestrel-outdoor.example",
    "phone": "+33 (0)1 23 45 67 89",
    "time": datetime(2026, 9, 30, 17, 55, tzinfo=UTC),
    "duration": timedelta(days=13, hours=22),
    "number": 100,
    "money": "1000000.00 EUR",
}
"""As long as real values get, in the month with the longest name."""


def worst(plan: Playbook, names: Iterable[str]) -> Names:
    """For each of these facts its longest plausible value."""
    found: Names = {}
    for name in names:
        spec = plan.spec(name)
        if spec is None or spec.compute:
            continue
        if spec.type == "choices":
            found[name] = tuple(spec.choices)
        elif spec.type in LONG:
            found[name] = LONG[spec.type]
    if "started_at" in found:  # what began must end later, or there is no downtime
        found["started_at"] = datetime(2026, 9, 17, 17, 55, tzinfo=UTC)
    return found


def chosen(plan: Playbook, names: Iterable[str]) -> Iterator[tuple[str, Value]]:
    """Every value of every choice among these facts, and every single one of several."""
    for name in sorted(names):
        spec = plan.spec(name) or Fact()
        for key in spec.choices:
            yield name, (key if spec.type == "choice" else (key,))


def all_that_is_known(plan: Playbook, message: str, names: Iterable[str]) -> set[str]:
    """By the time of the message, and what is learned early now and then; not the end itself."""
    step = plan.sends(message)
    assert step is not None
    early = {name for name in names if (spec := plan.spec(name)) and spec.milestone != "resolved"}
    return {*facts_until(plan, step, sure=False), *early}


@pytest.mark.slow
@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_message_fits_and_reads_well_with_every_choice_and_with_long_values(
    playbook: str, message: str, locale: str
) -> None:
    plan, names = the_plan(playbook), the_template(playbook, message, "en").names
    known, send = all_that_is_known(plan, message, names), step_of(playbook, message).send
    channels = send.channels if send else ()
    found = []

    for name, value in [("", ""), *chosen(plan, names)]:
        changes = worst(plan, known) | ({name: value} if name else {})
        for each in ({name: value} if name else {}, changes):
            incident = an_incident_that_knows(plan, known, each)
            texts = what_it_says(incident, message, locale, channels=channels, zone=NEPAL)
            found += [f"{name}={value}: {flaw}" for flaw in all_flaws(texts)]

    assert found == []


@cache
def what_matters(playbook: str, message: str, locale: str) -> dict[str, dict[str, list[str]]]:
    """For each block and fact: what each value of it, or not knowing it, makes of the block.

    The same text as an earlier value makes, another one, nothing, or an error.
    """
    plan, template = the_plan(playbook), the_template(playbook, message, locale)
    known = all_that_is_known(plan, message, template.names)
    found: dict[str, dict[str, list[str]]] = {block: {} for block in template.blocks}
    texts: dict[tuple[str, str], list[str]] = {}
    for name, value in [*((name, None) for name in sorted(template.names)), *chosen(plan, known)]:
        facts = known - {name} if value is None else known
        changes = {} if value is None else {name: value}
        names = {**confirmed(an_incident_that_knows(plan, facts, changes), now=NOW)}
        if name != "next_update":
            names["next_update"] = NOW
        for block in template.blocks:
            seen = texts.setdefault((block, name), [])
            try:
                text = template.render(block, names).strip()
            except MissingFact as error:
                text = f"needs {error.fact}"
            kind = text if text.startswith("needs ") else "something" if text else "nothing"
            if text not in seen:
                seen.append(text)
            found[block].setdefault(name, []).append(f"{kind} {seen.index(text)}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_every_language_says_the_same_things_in_the_same_cases(
    playbook: str, message: str, locale: str
) -> None:
    english = what_matters(playbook, message, "en")
    other = what_matters(playbook, message, locale)

    different = {
        f"{block}, {name}": (english[block][name], other[block][name])
        for block in english
        for name in english[block]
        if english[block][name] != other[block][name] and block != "sms"  # may have to say less
    }
    assert different == {}


# Promises and guesses


def same_spaces(text: str) -> str:
    return re.sub(r"\s", " ", text)


def said(texts: Iterable[Text]) -> dict[str, str]:
    return {text.channel: same_spaces(f"{text.heading}\n{text.body}") for text in texts}


def written(when: datetime, locale: str) -> tuple[str, str]:
    """A moment as the long and the short filter write it."""
    made = filters(locale, PARIS)
    return same_spaces(made["moment"](when)), same_spaces(made["clock"](when))


RHYTHM = [(p, m, locale) for p, m, locale in TEXTS if m in ("holding", "update")]


@pytest.mark.parametrize(("playbook", "message", "locale"), RHYTHM)
def test_a_message_during_the_outage_says_on_every_channel_when_the_next_one_comes(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    incident = an_incident_that_knows(plan, facts_until(plan, step, sure=True))
    promised = next_update_at(incident, now=NOW, to="customers")
    assert promised is not None
    long, short = written(promised, locale)

    texts = said(what_it_says(incident, message, locale))

    assert [name for name, text in texts.items() if long not in text and short not in text] == []


SPEAKS_OF = [(p, m, locale) for p, m, locale in TEXTS if "eta" in the_template(p, m, "en").names]


@pytest.mark.parametrize(("playbook", "message", "locale"), SPEAKS_OF)
def test_an_end_time_is_stated_only_when_it_is_confirmed(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    known = [name for name in facts_until(plan, step, sure=True) if name != "eta"]
    eta = datetime(2026, 11, 28, 5, 37, tzinfo=UTC)
    guess = ev.FactRecorded("eta", eta.isoformat(), "suspected")
    without = an_incident_that_knows(plan, known)
    suspected = an_incident_that_knows(plan, known, {}, guess)
    certain = an_incident_that_knows(plan, known, {"eta": eta})

    assert what_it_says(suspected, message, locale) == what_it_says(without, message, locale)
    long, short = written(eta, locale)
    stated = said(what_it_says(certain, message, locale))
    assert "email" in [name for name, text in stated.items() if long in text or short in text]
    for text in said(what_it_says(without, message, locale)).values():
        assert long not in text
        assert short not in text


CAUSES = [(p, m, locale) for p, m, locale in TEXTS if "cause" in the_template(p, m, "en").names]


@pytest.mark.parametrize(("playbook", "message", "locale"), CAUSES)
def test_a_cause_is_stated_only_when_it_is_confirmed(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    spec = plan.spec("cause")
    assert spec is not None
    known = [name for name in facts_until(plan, step, sure=False) if name != "cause"]
    without = an_incident_that_knows(plan, known)
    nothing = said(what_it_says(without, message, locale, channels=("email",)))["email"]
    stated = {}

    for cause in spec.choices:
        suspicion = ev.FactRecorded("cause", cause, "suspected")
        guess = an_incident_that_knows(plan, known, {}, suspicion)
        certain = an_incident_that_knows(plan, known, {"cause": cause})
        assert said(what_it_says(guess, message, locale, channels=("email",)))["email"] == nothing
        stated[cause] = said(what_it_says(certain, message, locale, channels=("email",)))["email"]

    assert nothing not in stated.values()
    assert len(set(stated.values())) == len(stated)


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_no_text_that_a_colleague_typed_goes_out_to_customers(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    assert step.send is not None
    typed = {n for n, fact in plan.facts.items() if fact.type == "text" and not fact.workspace}
    typed -= {"product_name"}  # a proper name: the same in every language, and people must know it

    if step.send.to == "customers":
        assert not typed & the_template(playbook, message, locale).names


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_message_ends_with_thanks_and_says_how_to_reach_us(
    playbook: str, message: str, locale: str
) -> None:
    plan, step = the_plan(playbook), step_of(playbook, message)
    assert step.send is not None
    incident = an_incident_that_knows(plan, facts_until(plan, step, sure=True))
    thanks = {"en": "Thank you", "fr": "Merci", "es": "racias", "tr": "ekkür", "ru": "пасибо"}

    if step.send.to == "customers":
        text = said(what_it_says(incident, message, locale))["email"]
        # whose data got out has nothing to be thanked for
        assert thanks[locale] in text or kind_of(step.send) == "notice"
        assert "help@kestrel.example" in text or "privacy@kestrel.example" in text


# How each language is written


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_text_is_set_as_its_language_is_written(playbook: str, message: str, locale: str) -> None:
    plan = the_plan(playbook)
    incident = an_incident_that_knows(plan, plan.names())

    for text in what_it_says(incident, message, locale):
        if text.channel == "sms":  # plain spaces and straight marks: they cost nothing there
            continue
        words = re.sub(r"https?://\S+", "ADDRESS", f"{text.heading}\n{text.body}")
        assert misset(words, locale) == [], text.channel


def misset(words: str, locale: str) -> list[str]:
    """What a careful typesetter of the language would correct."""
    rules = {
        "en": [r"\w ['\"]\w+$", r" [!?;:]", r"«"],
        "fr": [r"[^\u202f][;!?]", r"[^\u00a0\d]:", r"«[^\u00a0]", r"[^\u00a0]»", r"\d%", r"\d %"],
        "es": [r" [!?;:]", r"^[^¿\n]*\?", r"^[^¡\n]*!"],
        "tr": [r" [!?;:]", r"\d ?%", r"«"],
        "ru": [r" [!?;:]", r"[\"“”]", r"\d%"],
    }
    return [found[0] for rule in rules[locale] for found in re.finditer(rule, words, re.MULTILINE)]


# What is said without a source is not said

PERCENT = (
    r"(\d+(?:[.,]\d+)?)\s?(?:%|percent|per cent|pour cent|por ciento|процент)|(?:%|yüzde)\s?(\d+)"
)


def shipped_texts() -> list[Path]:
    found = [*shipped("playbooks").rglob("*"), *shipped("templates").glob("*/*.j2")]
    return [f for f in found if f.is_file() and f.parent.name != "layouts"]


def test_no_percentage_is_shipped_but_those_of_the_offer() -> None:
    shares = {
        (share, file.name)
        for file in shipped_texts()
        if file.parent.name != "regulations"  # a law's thresholds carry their source
        for found in re.finditer(PERCENT, file.read_text(encoding="utf-8"), re.IGNORECASE)
        if (share := found[1] or found[2]) not in ("10", "20")
    }

    assert shares == set()


@pytest.mark.parametrize(
    "claim",
    [
        r"\b(?:47|85|92|68)\s?%",
        r"%\s?(?:47|85|92|68)\b",
        r"\b4[.,]45\b",
        r"thousands of euros|milliers d.euros",
        r"\b(?:47|60|68|70|75|80|85|92) (?:percent|per cent)",
    ],
)
def test_a_number_without_a_source_stands_nowhere(claim: str) -> None:
    root = Path(__file__).parents[1]
    texts = [*shipped_texts(), *root.glob("*.md"), *(root / "crisisctl").rglob("*.py")]

    assert [f.name for f in texts if re.search(claim, f.read_text(encoding="utf-8"), re.I)] == []
