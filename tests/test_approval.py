"""Who may let a message out: bound to the exact texts, by the rule of the audience."""

from __future__ import annotations

import pytest
from makers import a_playbook, an_incident_by

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.messages.approval import current_draft, holders, rule_for, standing, unsent
from crisisctl.playbook.model import Approvals

ENGLISH = ev.DraftedText("email", "en", "Down", "We are down.", "sha-en")
FRENCH = ev.DraftedText("email", "fr", "Panne", "Nous sommes en panne.", "sha-fr")
TWO_OF_LAW = Approvals(approvers=2, roles=("legal", "commander"), other_than_author=True)


def a_draft(*texts: ev.DraftedText, uses: tuple[str, ...] = ()) -> ev.MessageDrafted:
    return ev.MessageDrafted("holding", "customers", texts or (ENGLISH, FRENCH), uses)


def an_approval(*hashes: str, **changes: object) -> ev.MessageApproved:
    texts = tuple(ev.SentText("email", "en", sha) for sha in hashes or ("sha-en", "sha-fr"))
    return ev.MessageApproved("holding", "customers", texts, **changes)  # type: ignore[arg-type]


def a_sent(*hashes: str) -> ev.MessageSent:
    return ev.MessageSent(
        "holding", "customers", tuple(ev.SentText("email", "en", sha) for sha in hashes)
    )


def stands(incident: Incident, rule: Approvals, **people: tuple[str, ...]) -> str:
    draft, who = incident.drafts[-1], holders(incident, people)
    return standing(draft, incident.approvals, rule, who).wanted


def test_without_a_rule_the_author_alone_may_approve() -> None:
    incident = an_incident_by(("ana", a_draft()), ("ana", an_approval()))

    assert stands(incident, rule_for(a_playbook(), "customers", {})) == ""


def test_a_changed_character_is_another_text_and_is_not_covered() -> None:
    changed = ev.DraftedText("email", "fr", "Panne", "Nous sommes en panne !", "sha-new")
    incident = an_incident_by(
        ("ana", a_draft()), ("ana", an_approval()), ("ana", a_draft(ENGLISH, changed))
    )

    verdict = standing(incident.drafts[-1], incident.approvals, Approvals(), {})

    assert verdict.covered == {"sha-en"}
    assert verdict.wanted == "1 text must be approved by 1 person"


def test_two_people_of_the_roles_and_not_the_author_must_approve() -> None:
    roles = (("ana", ev.RoleAssigned("commander", "ana")), ("ana", ev.RoleAssigned("legal", "li")))
    drafted = an_incident_by(*roles, ("ana", a_draft()))
    one = an_incident_by(*roles, ("ana", a_draft()), ("li", an_approval()))
    author = an_incident_by(
        *roles, ("ana", a_draft()), ("li", an_approval()), ("ana", an_approval())
    )
    both = an_incident_by(*roles, ("ana", a_draft()), ("li", an_approval()), ("max", an_approval()))

    other = " (legal or commander) other than ana, who wrote it"
    assert stands(drafted, TWO_OF_LAW) == f"2 texts must be approved by 2 people{other}"
    assert stands(one, TWO_OF_LAW) == f"2 texts must be approved by 1 more person{other}"
    assert stands(author, TWO_OF_LAW) == f"2 texts must be approved by 1 more person{other}"
    assert stands(both, TWO_OF_LAW) != ""
    assert stands(both, TWO_OF_LAW, legal=("max",)) == ""


def test_one_person_who_approves_twice_is_one_person() -> None:
    incident = an_incident_by(("ana", a_draft()), ("li", an_approval()), ("li", an_approval()))

    assert stands(incident, Approvals(approvers=2)) == ("2 texts must be approved by 1 more person")


def test_breaking_the_glass_covers_the_texts_and_says_so() -> None:
    broken = an_approval(break_glass=True, because="nobody of legal answers the phone")
    incident = an_incident_by(("ana", a_draft()), ("ana", broken))

    verdict = standing(incident.drafts[-1], incident.approvals, TWO_OF_LAW, {})

    assert verdict.complete
    assert verdict.break_glass


def test_the_workspace_rule_goes_before_the_playbook_rule() -> None:
    plan = a_playbook(approvals={"customers": Approvals(approvers=3)})

    assert rule_for(plan, "customers", {}).approvers == 3
    assert rule_for(plan, "customers", {"customers": Approvals(approvers=2)}).approvers == 2
    assert rule_for(plan, "staff", {}).approvers == 1


@pytest.mark.parametrize(
    "after",
    [
        ev.FactRecorded("eta", "2026-11-27T21:00:00+00:00"),
        ev.FactRetracted("eta", "the host was wrong"),
    ],
)
def test_a_draft_no_longer_holds_once_a_fact_in_it_changed(after: ev.Event) -> None:
    known = ("ana", ev.FactRecorded("eta", "2026-11-27T20:00:00+00:00"))
    before = an_incident_by(known, ("ana", a_draft(uses=("eta",))))
    changed = an_incident_by(known, ("ana", a_draft(uses=("eta",))), ("jo", after))

    assert current_draft(before, "holding") is not None
    assert current_draft(changed, "holding") is None


def test_what_went_out_is_no_longer_unsent() -> None:
    half = an_incident_by(("ana", a_draft()), ("ana", an_approval()), ("ana", a_sent("sha-en")))
    whole = an_incident_by(("ana", a_draft()), ("ana", a_sent("sha-en", "sha-fr")))

    assert unsent(half, half.drafts[-1]) == (FRENCH,)
    assert current_draft(half, "holding") is half.drafts[-1]
    assert current_draft(whole, "holding") is None


def test_the_same_texts_drafted_again_after_they_went_out_are_to_be_sent_again() -> None:
    incident = an_incident_by(
        ("ana", a_draft()), ("ana", a_sent("sha-en", "sha-fr")), ("ana", a_draft())
    )

    assert unsent(incident, incident.drafts[-1]) == (ENGLISH, FRENCH)
