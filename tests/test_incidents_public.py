"""Every real incident is walked to its end, and its two reports can be read to theirs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

INCIDENTS = Path(__file__).parent / "incidents"
WALKS = {
    "cloudflare": ("outage", "cloudflare-2025-11-18"),
    "gitlab": ("outage", "gitlab-2017-01-31"),
    "airways": ("breach", "british-airways-2018-09-05"),
    "shop": ("outage", "marks-and-spencer-2025-04-22"),
    "helldivers": ("review-wave", "helldivers-2024-05-03"),
}
SECOND_HALF = INCIDENTS / "marks-and-spencer-2025-05-13.yaml"


class Walked:
    """A real incident after its walk, in a home of its own."""

    def __init__(self, name: str, home: Path) -> None:
        self.name, self.home = name, home
        playbook, file = WALKS[name]
        answers = ("--answers", str(INCIDENTS / f"{file}.yaml"), "--no-input")
        self.id = self.types("start", playbook, *answers, exits=2 * (name == "shop")).strip()
        if name == "shop":
            into = ("--into", self.id, "--because", "Data was taken")
            self.types("start", "breach", *into, "--answers", str(SECOND_HALF), "--no-input")

    def types(self, *words: str, exits: int = 0) -> str:
        around = {"CRISISCTL_HOME": str(self.home), "CRISISCTL_OPERATOR": "scribe", "TZ": "UTC"}
        done = subprocess.run(
            [str(Path(sys.executable).with_name("crisisctl")), *words],
            env={**os.environ, **around},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == exits, done.stderr
        return done.stdout


@pytest.fixture(scope="module", params=WALKS)
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return Walked(request.param, tmp_path_factory.mktemp(request.param))


def test_every_step_of_a_real_incident_is_done_or_passed_over(walked: Walked) -> None:
    where = json.loads(walked.types("status", walked.id, "--json"))

    assert (where["stage"], where["step_done"]) == ("post-mortem", True)


def test_a_post_mortem_has_causes_lessons_and_action_items(walked: Walked) -> None:
    report = json.loads(walked.types("report", walked.id, "--json"))

    assert report["contributing"] if "contributing" in report else report["causes"]
    assert all(report["lessons"][name] for name in ("went_well", "went_badly", "got_lucky"))
    assert len(report["actions"]) >= 2
    assert all(action["owner"] and action["due"] for action in report["actions"])


@pytest.mark.parametrize("form", ["blog", "email"])
def test_a_public_report_of_a_real_incident_can_be_written_in_every_language(
    walked: Walked, form: str
) -> None:
    text = walked.types("report", walked.id, "--public", "-l", "all", "--form", form)

    heads = re.findall("(?m)^# ", text)
    assert len(heads) == (10 if walked.name == "shop" else 5)
    assert "We are sorry." in text


INSIDE = {
    "cloudflare": "cloudflare|supplier|permission|database|engineer|denial",
    "gitlab": "team-member|engineer|spam|postgres|dump|standby",
    "airways": "skimmer|remote|ICO|fine|third party|press officer",
    "shop": "share price|stock|head of|attackers were inside",
    "helldivers": "community team|producer|publisher|refunds help|suspected",
}
"""What stands in the record of each and is for those inside, or about somebody else."""


def test_a_public_report_says_nothing_that_is_for_those_inside(walked: Walked) -> None:
    text = walked.types("report", walked.id, "--public", "-l", "en", "-f", "text")

    assert not re.findall(INSIDE[walked.name], text, re.IGNORECASE)


TIMES = {
    "cloudflare": (
        "- 18 November 2025, 11:20 (UTC): the outage began.",
        "- 18 November 2025, 11:48 (UTC): we told you for the first time.",
        "- 18 November 2025, 14:30 (UTC): our shop worked again for you.",
        "for 3 hours 10 minutes in all",
    ),
    "gitlab": (
        "- 31 January 2017, 21:00 (UTC): the outage began.",
        "We lost orders and changes to accounts made between 31 January 2017, 17:20 (UTC) and "
        "1 February 2017, 00:00 (UTC).",
        "We worked on our systems and the work went wrong.",
    ),
    "airways": (
        "- 21 August 2018, 21:58 (UTC): the breach began.",
        "- 5 September 2018, 20:45 (UTC): we closed it.",
        "names, postal addresses, card numbers",
        "We have not found the cause for certain.",
        "Number of people concerned, as we know it now: 565,000.",
    ),
    "shop": (
        "- 13 May 2025, 07:00 (UTC): we were certain that personal data is concerned.",
        "Someone attacked our systems and stopped our shop.",
        "We are still counting how many people it concerns.",
    ),
    "helldivers": (
        "- 6 May 2024, 09:00 (UTC): the main problem was put right.",
        "We decided something about our prices or terms",
    ),
}


def test_a_public_report_tells_what_the_sources_tell(walked: Walked) -> None:
    text = walked.types("report", walked.id, "--public", "-l", "en", "-f", "text")

    assert [line for line in TIMES[walked.name] if line not in text] == []
