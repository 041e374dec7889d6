"""What an incident can be recognised by: plan, cause, severity, answers, the words of its title."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from crisisctl.incident.fold import Incident
from crisisctl.learning.figures import CAUSE, causes_of

_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST_WORDS = 80
_WORDS_OF = ("contributing",)
"""Facts whose words say what came together."""


class Traits(Struct, frozen=True, array_like=True):
    """What can be shared with another incident, as `kind:words`."""

    title: str
    shared: tuple[str, ...]
    words: tuple[str, ...]


def traits(incident: Incident) -> Traits:
    """What this incident can be recognised by."""
    found = [f"playbook:{name}" for name in incident.plans]
    causes, suspected = causes_of(incident)
    if suspected and (known := incident.known(CAUSE)) is not None:
        causes = (str(known.value),)  # a guess finds those that were like it, too
    found += [f"cause:{cause}" for cause in causes]
    if incident.severity:
        found.append(f"severity:{incident.severity}")
    found += _answers(incident)
    return Traits(incident.title, tuple(dict.fromkeys(found)), _words(incident))


def _answers(incident: Incident) -> list[str]:
    """The answers with choices: what is down, who can pay, what was decided."""
    found = []
    for name, known in incident.facts.items():
        spec = incident.spec(name)
        if spec is None or spec.workspace or known.status == "retracted" or name == CAUSE:
            continue
        if spec.type == "choice":
            found.append(f"{name}:{known.value}")
        elif spec.type == "choices" and isinstance(known.value, list):
            found += [f"{name}:{value}" for value in known.value]
    return found


def _words(incident: Incident) -> tuple[str, ...]:
    plain = {plan.title.casefold() for plan in incident.plans.values()}
    texts = [] if incident.title.casefold() in plain else [incident.title]
    for cause in incident.causes:
        texts += [cause.event.text, *cause.event.whys]
    for name in _WORDS_OF:
        known = incident.known(name)
        if known is not None:
            texts.append(str(known.value))
    return words(" ".join(texts))


def words(text: str) -> tuple[str, ...]:
    """The words of a text that can be shared: folded, without short ones."""
    folded = unicodedata.normalize("NFKD", text[:20_000].casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    found = dict.fromkeys(word[:40] for word in _WORD.findall(bare))
    return tuple(word for word in found if word not in _COMMON)[:_MOST_WORDS]


_COMMON = frozenset(
    """
    about after again also because been before being could does down during each every from have
    into more most nobody only other over same since some such than that their them then there
    these they this those through until very were what when where which while will with without
    would your avec avant apres aussi cette comme dans deja depuis elle elles entre etait etre
    leur mais meme nous notre plus pour sans sont tous tout toute une vous como cuando desde donde
    durante entre esta este esto fue hasta para pero porque puede sobre todo todos una bazi beri
    bile bizim bunu cunku daha diye gibi gore icin kadar olan olarak sonra tarafindan veya более
    было были быть вместо всех всего если есть между много может наши нашего очень после потому
    сейчас также того только чтобы этого этом site shop incident outage
    """.split()  # noqa: SIM905 - two hundred pairs of quotes read worse
)
"""Words that tell nothing, in the five languages."""
