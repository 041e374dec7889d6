"""What was said, brought back: from the journal, or from the files of an older one."""

from __future__ import annotations

from pathlib import Path

import pytest
from makers import an_incident_by

from crisisctl.incident import events as ev
from crisisctl.messages import outbox
from crisisctl.messages.history import history, kept_words, last_said, words_of_sent
from crisisctl.messages.pack import Pack, Text

ENGLISH = ev.DraftedText("email", "en", "Down", "We are down.", "sha-en")


def a_text(body: str = "We are down.") -> Text:
    return Text("holding", "email", "en", "Down", body, "", "text", ())


def written(folder: Path) -> ev.SentText:
    [sent] = outbox.write(Pack("holding", "customers", (a_text(),), ()), folder)
    return sent


def sent(*texts: ev.SentText, to: str = "customers") -> ev.MessageSent:
    return ev.MessageSent("holding", to, texts)


def test_the_words_come_from_the_draft_that_the_journal_keeps() -> None:
    gone = ev.SentText("email", "en", "sha-en", "/no/such/file.txt")
    draft = ev.MessageDrafted("holding", "customers", (ENGLISH,))
    incident = an_incident_by(("ana", draft), ("ana", sent(gone)))

    [said] = history(incident)

    assert (said.channel, said.locale, said.heading, said.body) == (
        *("email", "en", "Down", "We are down."),
    )
    assert last_said(incident, "customers", "email", "en") == said
    assert last_said(incident, "staff", "email", "en") is None
    assert last_said(incident, "customers", "sms", "en") is None


def test_what_an_older_version_sent_is_read_from_its_files(tmp_path: Path) -> None:
    incident = an_incident_by(("ana", sent(written(tmp_path))))

    assert [(said.heading, said.body) for said in history(incident)] == [("Down", "We are down.")]


def test_a_file_that_was_changed_is_not_taken_for_what_was_sent(tmp_path: Path) -> None:
    text = written(tmp_path)
    Path(text.file).write_text("It was the intern.\n", encoding="utf-8")

    with pytest.raises(outbox.Altered, match="was changed since it was approved"):
        words_of_sent({}, text)
    assert history(an_incident_by(("ana", sent(text)))) == []


@pytest.mark.parametrize("what", ["gone", "folder", "latin", "huge"])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, what: str) -> None:
    text = written(tmp_path)
    file = Path(text.file)
    file.unlink()
    if what == "folder":
        file.mkdir()
    elif what != "gone":
        file.write_bytes(b"\xe9" if what == "latin" else b"x" * 3_000_000)

    with pytest.raises(outbox.Altered):
        words_of_sent(kept_words(an_incident_by()), text)
