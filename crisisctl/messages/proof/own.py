"""What belongs to the shop itself: the workspace file names it, so a text may tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from crisisctl.messages.proof.personal import Own, digits
from crisisctl.workspace import Workspace

_HOST = re.compile(r"https?://([\w.-]+)")


def own_of(workspace: Workspace, more: Iterable[object] = ()) -> Own:
    """The shop's own addresses, hosts, numbers and name, as `brand:` has them.

    `more` is what else is known to be the shop's: links, addresses, numbers.
    """
    brand = workspace.get("brand")
    told = (
        [each for each in brand.values() if isinstance(each, str)]
        if isinstance(brand, Mapping)
        else []
    )
    told += [each for each in more if isinstance(each, str)]
    addresses = {each.lower() for each in told if "@" in each}
    hosts = {each.partition("@")[2] for each in addresses}
    hosts |= {host[1].lower() for each in told if (host := _HOST.match(each))}
    name = workspace.get("brand.name")
    return Own(
        addresses=frozenset(addresses),
        hosts=frozenset(host.removeprefix("www.") for host in hosts),
        numbers=frozenset(digits(each) for each in told if digits(each)),
        name=re.sub(r"\W", "", name).lower() if isinstance(name, str) else "",
    )
