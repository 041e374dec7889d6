"""Reading a playbook: every mistake of a file at once, at its place, with what to do about it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisctl.playbook.critic import complaints
from crisisctl.playbook.load import BadFile, load, loads, problem_line
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import read_text
from crisisctl.workspace import shipped

GOOD = """\
playbook: outage
title: Site outage
reviewed: "2026-11-21"
roles: {commander: Decides, scribe: Writes}
facts:
  cause:
    type: choice
    ask: Why?
    choices: {overload: Too much, deployment: A change}
    example: deployment
  started_at: {type: time, ask: Since when?, milestone: started}
  report_by: {type: time, ask: By when?, promise: {title: Report, kept_by: report}}
  downtime: {type: duration, compute: now - started_at}
impact:
  checkout:
    ask: Can they pay?
    answers:
      all: {title: "Yes", severity: sev4}
      none: {title: Nobody, severity: sev1}
    example: none
deadlines:
  first-word: {from: declared, within: {sev1: 10m, sev2: 30m}, met_by: holding}
stages:
  assess:
    - id: look
      title: Look
      role: commander
      assign: [scribe]
      timebox: 5m
      ask: [cause, started_at, checkout, workaround]
    - id: dig
      title: Dig
      when: cause == 'overload' and severity != 'sev4'
      run: {command: uptime, timeout: 30s}
  communicate:
    - id: hold
      title: Tell them
      send: {message: holding, channels: [email, sms]}
    - id: other-way
      title: Another way
      decide:
        fact: workaround
        options:
          phone: {title: By phone, for: At once, against: People}
        example: phone
  post-mortem:
    - id: publish
      title: Publish
      send: {message: report, channels: [blog]}
"""
PLACE = "§"
"""Stands in a spoilt text right before the place where the problem must be reported."""


def spoilt(old: str, new: str) -> tuple[str, list[str]]:
    """The good text with one piece replaced, and the places marked in the new piece."""
    assert GOOD.count(old) == 1, old
    places = []
    text = GOOD.replace(old, new)
    while PLACE in text:
        before, _, after = text.partition(PLACE)
        lines = before.split("\n")
        places.append(f"{len(lines)}:{len(lines[-1]) + 1}")
        text = before + after
    return text, places


def placed(told: list[str], places: list[str]) -> list[str]:
    """The expected lines; one that does not begin with its place stands at the next mark."""
    left = iter(places)
    shown = [f"f:{one}" if one[0].isdigit() else f"f:{next(left)}: {one}" for one in told]
    assert not list(left)
    return shown


def lines(text: str) -> list[str]:
    """What is reported of a text, as it is shown."""
    return [problem_line("f", problem) for problem in loads(text)[1]]


def test_a_good_playbook_has_no_problem() -> None:
    plan, problems = loads(GOOD)

    assert problems == ()
    assert plan is not None
    assert [step.id for _, step in plan.steps()] == ["look", "dig", "hold", "other-way", "publish"]


def test_a_playbook_needs_only_a_name_a_title_and_a_step() -> None:
    text = "playbook: p\ntitle: P\nstages: {assess: [{id: look, title: Look}]}\n"

    assert loads(text)[1] == ()


def test_a_section_may_be_a_python_keyword() -> None:
    plan, _ = loads(GOOD)

    assert plan is not None
    assert plan.deadlines["first-word"].from_ == "declared"
    assert plan.spec("workaround") is not None
    assert plan.stages["communicate"][1].decide.options["phone"].for_ == "At once"  # type: ignore[union-attr]


SHAPE = {
    "title is missing": (
        "playbook: outage\ntitle: Site outage\n",
        "§playbook: outage\n",
        'error[missing-key]: the key "title" is missing (add `title:`)',
    ),
    "title is a number": (
        "title: Site outage",
        "title: §5",
        'error[wrong-type]: "title" must be text (put it in quotes)',
    ),
    "title is yes or no": (
        "title: Site outage",
        "title: §true",
        'error[wrong-type]: "title" must be text (put it in quotes)',
    ),
    "title is left empty": (
        "title: Site outage",
        "title:§",
        'error[wrong-type]: "title" must be text'
        " (it is empty: write something, or remove the line)",
    ),
    "title is a list": (
        "title: Site outage",
        "title: §[Site, outage]",
        'error[wrong-type]: "title" must be text',
    ),
    "a key is misspelt": (
        "    ask: Why?",
        "    ask: Why?\n    §chioces: {}",
        'error[unknown-key]: "chioces" is not a key of facts.cause (did you mean "choices"?)',
    ),
    "a key of a step is misspelt": (
        "      timebox: 5m",
        "      §timbox: 5m",
        'error[unknown-key]: "timbox" is not a key of stages.assess.0 (did you mean "timebox"?)',
    ),
    "a key of an option is misspelt": (
        "{title: By phone, for: At once, against: People}",
        "{title: By phone, for: At once, §agianst: People}",
        'error[unknown-key]: "agianst" is not a key of'
        ' stages.communicate.1.decide.options.phone (did you mean "against"?)',
    ),
    "a key resembles none": (
        "{message: holding, channels: [email, sms]}",
        "{message: holding, channels: [email, sms], §x: y}",
        'error[unknown-key]: "x" is not a key of stages.communicate.0.send'
        " (known keys: message, channels, to, kind and tiers)",
    ),
    "a stage is misspelt": (
        "  communicate:\n",
        "  §comunicate:\n",
        'error[unknown-value]: "comunicate" is not known here (did you mean "communicate"?'
        " it can be assess, communicate, resolve, compensate or post-mortem)",
    ),
    "a type is misspelt": (
        "{type: duration, compute",
        "{type: §durration, compute",
        'error[unknown-value]: "durration" is not known here (did you mean "duration"?'
        " it can be text, url, email, phone, time, duration, number, money, choice, choices"
        " or flag)",
    ),
    "a severity is unknown": (
        "{title: Nobody, severity: sev1}",
        "{title: Nobody, severity: §major}",
        'error[unknown-value]: "major" is not known here (it can be sev1, sev2, sev3 or sev4)',
    ),
    "a severity that is a key is unknown": (
        "{sev1: 10m, sev2: 30m}",
        "{sev1: 10m, §sev9: 30m}",
        'error[unknown-value]: "sev9" is not known here'
        ' (did you mean "sev1"? it can be sev1, sev2, sev3 or sev4)',
    ),
    "a clock starts from nothing": (
        "{from: declared, within",
        "{from: §declare, within",
        'error[unknown-value]: "declare" is not known here (did you mean "declared"? it can be'
        " started, detected, declared, first-message, mitigated, resolved or last-message)",
    ),
    "a milestone is unknown": (
        "milestone: started}",
        "milestone: §strated}",
        'error[unknown-value]: "strated" is not known here (did you mean "started"? it can be'
        " started, detected, declared, first-message, mitigated or resolved)",
    ),
    "a required key of a nested mapping is missing": (
        "promise: {title: Report, kept_by: report}",
        "promise: §{title: Report}",
        'error[missing-key]: the key "kept_by" is missing in facts.report_by.promise'
        " (add `kept_by:`)",
    ),
    "a python name is no key": (
        "{from: declared, within",
        "§{§from_: declared, within",
        'error[missing-key]: the key "from" is missing in deadlines.first-word (add `from:`)',
        'error[unknown-key]: "from_" is not a key of deadlines.first-word (did you mean "from"?)',
    ),
    "a list is wanted": (
        "      assign: [scribe]",
        "      assign: §scribe",
        'error[wrong-type]: "assign" must be a list (write it in brackets: [scribe])',
    ),
    "a mapping is wanted": (
        "roles: {commander: Decides, scribe: Writes}",
        "roles: §[commander, scribe]",
        'error[wrong-type]: "roles" must be a mapping of keys to values',
    ),
    "a step is only text": (
        "    - id: look\n      title: Look\n      role: commander\n      assign: [scribe]\n"
        "      timebox: 5m\n      ask: [cause, started_at, checkout, workaround]\n",
        "    - §look\n",
        'error[wrong-type]: item 1 of "assess" must be a mapping of keys to values',
    ),
    "a role in a list is a number": (
        "      assign: [scribe]",
        "      assign: [scribe, §5]",
        'error[wrong-type]: item 2 of "assign" must be text (put it in quotes)',
    ),
    "yes and no are words": (
        "{type: time, ask: Since when?, milestone: started}",
        "{type: time, ask: Since when?, milestone: started, optional: §yes}",
        'error[wrong-type]: "optional" must be true or false',
    ),
    "an example is a mapping": (
        "    example: deployment\n",
        "    example: §{a: b}\n",
        'error[wrong-type]: "example" must be text, a number, true or false or a list of texts',
    ),
    "an example is a list of numbers": (
        "    example: deployment\n",
        "    example: §[1, 2]\n",
        'error[wrong-type]: "example" must be text, a number, true or false or a list of texts',
    ),
    "a duration is a number": (
        "      timebox: 5m",
        "      timebox: §5",
        'error[wrong-type]: "timebox" must be a length of time (write 5m or 2h)',
    ),
}


@pytest.mark.parametrize(
    ("old", "new", "told"), [(a, b, t) for a, b, *t in SHAPE.values()], ids=SHAPE
)
def test_a_wrong_shape_is_reported_at_its_place(old: str, new: str, told: list[str]) -> None:
    text, places = spoilt(old, new)

    assert lines(text) == placed(told, places)


REFERENCES = {
    "the playbook's name": (
        "playbook: outage",
        "playbook: §Site Outage",
        'error[bad-id]: "Site Outage" is not a usable name'
        ' (small letters, digits and "-", beginning with a letter)',
    ),
    "a day that does not exist": (
        '"2026-11-21"',
        '§"2026-02-30"',
        'error[bad-date]: "2026-02-30" is not a date (write it as 2026-11-21)',
    ),
    "a day written otherwise": (
        '"2026-11-21"',
        '§"20261121"',
        'error[bad-date]: "20261121" is not a date (write it as 2026-11-21)',
    ),
    "a fact's name": (
        "  started_at: {type: time",
        "  §Facts!: {ask: x}\n  started_at: {type: time",
        'error[bad-id]: "Facts!" is not a usable name'
        ' (small letters, digits and "_", beginning with a letter)',
    ),
    "a fact named like what conditions know": (
        "  started_at: {type: time",
        "  §now: {ask: x}\n  §in: {ask: x}\n  started_at: {type: time",
        'error[reserved-name]: "now" means something already in conditions and messages'
        " (choose another name)",
        'error[reserved-name]: "in" means something already in conditions and messages'
        " (choose another name)",
    ),
    "an impact question named like a fact": (
        "  checkout:\n",
        "  §cause: {ask: x, answers: {a: {title: A, severity: sev1}}}\n  checkout:\n",
        'error[duplicate-name]: "cause" is already a fact',
    ),
    "a decision named like a fact": (
        "fact: workaround",
        "fact: §cause",
        '30:42: error[unknown-fact]: there is no fact "workaround"'
        " (there is cause, checkout, downtime, report_by and started_at)",
        'error[duplicate-name]: "cause" is already something else'
        " (name what is decided here differently)",
    ),
    "a decision taken twice with other options": (
        "    - id: other-way",
        "    - id: again\n      title: Again\n      decide: {fact: workaround, options: "
        "{fax: {title: Fax}}}\n    - id: other-way",
        '45:15: error[duplicate-name]: "workaround" is already something else'
        " (name what is decided here differently)",
    ),
    "a fact that nothing asks": (
        "{type: duration, compute: now - started_at}",
        "{type: duration}",
        '13:3: error[no-question]: nothing asks "downtime" (add `ask:` or `compute:`)',
    ),
    "a choice without choices": (
        "    choices: {overload: Too much, deployment: A change}\n",
        "",
        '6:3: error[no-choices]: "cause" is a choice without choices (add `choices:`)',
    ),
    "a milestone that is no time": (
        "{type: time, ask: Since when?, milestone: started}",
        "{type: text, ask: Since when?, milestone: §started}",
        'error[bad-milestone]: "started_at" is a milestone, so it must be of type time',
    ),
    "a promise kept by a message nobody sends": (
        "kept_by: report}",
        "kept_by: §reprot}",
        'error[unknown-message]: there is no message "reprot" (did you mean "report"?)',
    ),
    "an example that is no choice": (
        "    example: deployment\n",
        "    example: §deploy\n",
        'error[bad-example]: "deploy" is not a choice: write overload or deployment;'
        " did you mean deployment?",
    ),
    "an example that is no time": (
        "{type: time, ask: By when?,",
        "{type: time, example: §soon, ask: By when?,",
        'error[bad-example]: "soon" is not a time: write 2026-11-27T20:04+01:00, 20:04, -15m'
        " or now",
    ),
    "an impact example that is no answer": (
        "    example: none\n",
        "    example: §nobody\n",
        'error[unknown-answer]: there is no answer "nobody" (there is all and none)',
    ),
    "an impact question without answers": (
        '    answers:\n      all: {title: "Yes", severity: sev4}\n'
        "      none: {title: Nobody, severity: sev1}\n    example: none\n",
        "    answers: {}\n",
        '15:3: error[no-choices]: "checkout" has no answers',
    ),
    "a deadline's name": (
        "  first-word: {",
        "  §First_Word: {",
        'error[bad-id]: "First_Word" is not a usable name'
        ' (small letters, digits and "-", beginning with a letter)',
    ),
    "a deadline met by a message nobody sends": (
        "met_by: holding",
        "met_by: §holdign",
        'error[unknown-message]: there is no message "holdign" (did you mean "holding"?)',
    ),
    "a deadline's duration": (
        "sev2: 30m}",
        "sev2: §half an hour}",
        'error[bad-duration]: "half an hour" is not a duration: write 90m, 1h30m or 3d',
    ),
    "a timebox": (
        "timebox: 5m",
        "timebox: §soon",
        'error[bad-duration]: "soon" is not a duration: write 90m, 1h30m or 3d',
    ),
    "a command's timeout": (
        "timeout: 30s",
        "timeout: §never",
        'error[bad-duration]: "never" is not a duration: write 90m, 1h30m or 3d',
    ),
    "a step's id": (
        "id: dig",
        "id: §Dig here",
        'error[bad-id]: "Dig here" is not a usable name'
        ' (small letters, digits and "-", beginning with a letter)',
    ),
    "two steps of one id, in different stages": (
        "id: hold",
        "id: §look",
        'error[duplicate-step]: there are two steps "look" (the other one is on line 25;'
        " give one of them another id)",
    ),
    "a role that is nearly one": (
        "role: commander",
        "role: §comander",
        'error[unknown-role]: there is no role "comander" (did you mean "commander"?)',
    ),
    "a role that is none": (
        "assign: [scribe]",
        "assign: [scribe, §pilot]",
        'error[unknown-role]: there is no role "pilot" (there is commander and scribe)',
    ),
    "a question nobody defined": (
        "ask: [cause, started_at, checkout, workaround]",
        "ask: [cause, §start_at, checkout, workaround]",
        'error[unknown-fact]: there is no fact "start_at" (did you mean "started_at"?)',
    ),
    "a question that only conditions know": (
        "ask: [cause, started_at, checkout, workaround]",
        "ask: [cause, started_at, §severity, checkout, workaround]",
        'error[unknown-fact]: there is no fact "severity"'
        " (there is cause, checkout, downtime, report_by, started_at and workaround)",
    ),
    "a condition about nothing": (
        "when: cause == 'overload'",
        "when: §caus == 'overload'",
        'error[unknown-fact]: there is no fact "caus" (did you mean "cause"?)',
    ),
    "a condition that is not one": (
        "when: cause == 'overload' and",
        "when: §cause = 'overload' and",
        "error[bad-condition]: \"cause = 'overload' and severity != 'sev4'\" is not a condition:"
        " write == to compare",
    ),
    "a condition with more than conditions may do": (
        "when: cause == 'overload'",
        "when: §cause.upper() == 'OVERLOAD'",
        "error[bad-condition]: \"cause.upper() == 'OVERLOAD' and severity != 'sev4'\""
        " is not allowed: call is not part of a condition",
    ),
    "a computed fact over nothing": (
        "compute: now - started_at",
        "compute: §now - started",
        'error[unknown-fact]: there is no fact "started" (did you mean "started_at"?)',
    ),
    "two actions": (
        "      send: {message: holding, channels: [email, sms]}",
        "      send: {message: holding, channels: [email, sms]}\n      §run: {command: ls}",
        'error[two-actions]: step "hold" has send and run: one action is the most (split it)',
    ),
    "a decision without options": (
        "        options:\n          phone: {title: By phone, for: At once, against: People}\n"
        "        example: phone\n",
        "        options: {}\n",
        '41:7: error[no-choices]: the decision in "other-way" has no options',
    ),
    "an example that is no option": (
        "        example: phone",
        "        example: §fax",
        'error[unknown-option]: there is no option "fax" (there is phone)',
    ),
    "a decided name": (
        "fact: workaround",
        "fact: §Work-around",
        '30:42: error[unknown-fact]: there is no fact "workaround" (did you mean "Work-around"?)',
        'error[bad-id]: "Work-around" is not a usable name'
        ' (small letters, digits and "_", beginning with a letter)',
    ),
    "a message that would be another file": (
        "{message: report, channels: [blog]}",
        "{message: §../report, channels: [blog]}",
        '12:76: error[unknown-message]: there is no message "report" (did you mean "../report"?)',
        'error[bad-id]: "../report" is not a usable name'
        ' (small letters, digits and "-", beginning with a letter)',
    ),
    "a message without a channel": (
        "channels: [blog]",
        "channels: §[]",
        'error[no-choices]: the message of "publish" has no channel',
    ),
    "a playbook without a step": (
        GOOD[GOOD.index("stages:") :],
        "stages: {}\n",
        '12:76: error[unknown-message]: there is no message "report"',
        '22:72: error[unknown-message]: there is no message "holding"',
        "23:1: error[no-steps]: the playbook has no step",
    ),
}


@pytest.mark.parametrize(
    ("old", "new", "told"), [(a, b, t) for a, b, *t in REFERENCES.values()], ids=REFERENCES
)
def test_a_broken_reference_is_reported_at_its_place(old: str, new: str, told: list[str]) -> None:
    text, places = spoilt(old, new)

    assert lines(text) == placed(told, places)


def test_every_broken_reference_of_a_file_is_reported_at_once_in_its_order() -> None:
    text = (
        GOOD.replace("role: commander", "role: nobody")
        .replace("met_by: holding", "met_by: nothing")
        .replace("timebox: 5m", "timebox: ages")
        .replace("ask: [cause,", "ask: [because,")
        .replace("playbook: outage", "playbook: Outage")
    )

    assert [line.split(": ")[1] for line in lines(text)] == [
        "error[bad-id]",
        "error[unknown-message]",
        "error[unknown-role]",
        "error[bad-duration]",
        "error[unknown-fact]",
    ]


def test_every_wrong_shape_of_a_file_is_reported_at_once_in_its_order() -> None:
    text = (
        GOOD.replace("title: Site outage\n", "titel: Site outage\n")
        .replace("type: duration", "type: long")
        .replace("timebox: 5m", "timebox: 5")
        .replace("channels: [blog]", "chanels: [blog]")
    )

    assert [line.split(": ")[:2] for line in lines(text)] == [
        ["f:1:1", "error[missing-key]"],
        ["f:2:1", "error[unknown-key]"],
        ["f:13:20", "error[unknown-value]"],
        ["f:29:16", "error[wrong-type]"],
        ["f:49:13", "error[missing-key]"],
        ["f:49:31", "error[unknown-key]"],
    ]


def test_the_same_mistakes_are_always_told_in_the_same_order() -> None:
    text = "x: 1\n"

    assert lines(text) == [
        'f:1:1: error[missing-key]: the key "playbook" is missing (add `playbook:`)',
        'f:1:1: error[missing-key]: the key "stages" is missing (add `stages:`)',
        'f:1:1: error[missing-key]: the key "title" is missing (add `title:`)',
        'f:1:1: error[unknown-key]: "x" is not a key (known keys: playbook, title, stages,'
        " summary, owner, reviewed, roles, facts, impact, deadlines, regulators, approvals,"
        " compensation, close_needs and public)",
    ]


@pytest.mark.parametrize("text", ["- a\n", "outage\n", "5\n", "[]\n"])
def test_a_playbook_is_a_mapping(text: str) -> None:
    assert lines(text) == ["f:1:1: error[wrong-type]: the file must be a mapping of keys to values"]


def test_what_the_yaml_reader_finds_is_told_like_the_rest() -> None:
    text, places = spoilt("title: Site outage\n", "title: Site outage\n§title: Once more\n")

    assert lines(text) == [
        f"f:{places[0]}: error[yaml-duplicate-key]: the key 'title' is already on line 2"
        " (remove or rename one of them)"
    ]


def test_one_decision_may_be_taken_at_two_steps_if_its_options_are_the_same() -> None:
    again = "{id: again, title: A, decide: {fact: workaround, options: {phone: {title: P}}}}"
    text = GOOD.replace("    - id: other-way", f"    - {again}\n    - id: other-way")

    assert lines(text) == []


def test_a_file_is_refused_with_every_line_and_how_many_there_are(tmp_path: Path) -> None:
    file = tmp_path / "outage.yaml"
    file.write_text(GOOD.replace("role: commander", "role: a").replace("[scribe]", "[b]"))

    with pytest.raises(BadFile) as refused:
        load(file)

    assert refused.value.code == 2
    assert refused.value.hint == "2 problems: mend the file and try again"
    assert [line.partition(" ")[0] for line in refused.value.message.splitlines()] == [
        f"{file}:27:13:",
        f"{file}:28:16:",
    ]


def test_a_file_is_read_with_the_text_it_was_read_from(tmp_path: Path) -> None:
    file = tmp_path / "outage.yaml"
    file.write_text("\ufeff" + GOOD, encoding="utf-8")

    loaded = load(file)

    assert loaded.plan.title == "Site outage"
    assert loaded.source == GOOD


# Anything at all: it is either a playbook, or told what is wrong with it

SHIPPED = (shipped("playbooks") / "outage.yaml").read_text(encoding="utf-8")
WORDS = sorted(set(SHIPPED.split()))
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["", "\n", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!t ", "#", "'"]),
    st.sampled_from(["null", "true", "5", "1e400", "~", "? ", "<<: ", "\t", "\0", "\ud800", "»"]),
    st.text(max_size=8),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The shipped playbook with a few pieces of it replaced, doubled, moved or cut."""
    text = SHIPPED
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 5, 40, 400, 4000])))
        piece = draw(st.one_of(PIECES, st.just(text[start:end] * 2)))
        text = text[:start] + piece + text[end:]
    return text


@st.composite
def reworded(draw: st.DrawFn) -> str:
    """The shipped playbook with some of its words exchanged for others of its words."""
    words = SHIPPED.split(" ")
    for _ in range(draw(st.integers(1, 6))):
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
    return " ".join(words)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(mutated(), reworded()))
def test_a_mangled_playbook_is_never_more_than_a_list_of_problems(text: str) -> None:
    plan, problems = loads(text)

    last = text.count("\n") + 1 + text.count("\r")
    assert plan is not None or problems
    assert all(1 <= problem.line <= last and problem.column >= 1 for problem in problems)
    assert all(problem.text and "\n" not in problem.text for problem in problems)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reworded())
def test_the_quick_reader_takes_exactly_what_the_thorough_one_takes(text: str) -> None:
    document = read_text(text)
    if document.problems:
        return

    plan, _ = loads(text)

    assert (plan is None) == bool(complaints(Playbook, document.value))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=60), st.integers(0, len(SHIPPED)))
def test_a_file_of_any_bytes_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    file = tmp_path_factory.mktemp("any") / "outage.yaml"
    whole = SHIPPED.encode()
    file.write_bytes(whole[:at] + noise + whole[at:])

    with suppress(BadFile):
        assert load(file).plan.steps()
