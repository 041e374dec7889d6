"""The form of a file: what reading it finds, before any rule looks at it."""

from __future__ import annotations

from crisisctl.lint.rule import described

described(
    "yaml-syntax",
    "form",
    """The file cannot be read as YAML.

    Nothing in it can be used until it can be read. The finding stands where
    reading failed; the mistake is there or just before.

    Bad:
        title: Site outage: nobody can order
    Good:
        title: "Site outage: nobody can order"
    """,
)
described(
    "yaml-duplicate-key",
    "form",
    """A key stands twice in the same place.

    Only one of the two values can count, and readers do not agree which. What
    was corrected in one place would still be wrong in the other.

    Bad:
        title: Site outage
        owner: sre
        title: The shop is down
    Good:
        title: The shop is down
        owner: sre
    """,
)
described(
    "yaml-anchor",
    "form",
    """YAML anchors (&) and aliases (*) are not supported.

    They make a playbook hard to read at night, and a few lines of them can grow
    into millions. A text that begins with one of these signs needs quotes.

    Bad:
        title: *urgent* Site outage
    Good:
        title: "*urgent* Site outage"
    """,
)
described(
    "yaml-tag",
    "form",
    """YAML tags (!) are not supported.

    In other programs a tag can run code. A text that begins with ! needs quotes.

    Bad:
        title: !important Site outage
    Good:
        title: "!important Site outage"
    """,
)
described(
    "yaml-depth",
    "form",
    """Lists or mappings are nested far too deep.

    No playbook needs that; such a file only keeps a reader busy.

    Bad:
        ask: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[url]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    Good:
        ask: [site_url]
    """,
)
described(
    "yaml-size",
    "form",
    """The file is larger than a playbook can be.

    The limits are 1 MiB and 50,000 values. A plan of that size cannot be read
    on a bad night; two crises need two playbooks.

    Bad:
        channels: [email, email, email, and fifty thousand more]
    Good:
        channels: [email]
    """,
)
described(
    "yaml-key",
    "form",
    """A key is not text.

    A number, true, false or null as a key is read differently by every program,
    and a list or mapping cannot be a key at all.

    Bad:
        choices: {1: One shop, true: All shops}
    Good:
        choices: {one: One shop, all: All shops}
    """,
)
described(
    "yaml-merge",
    "form",
    """YAML merge keys (<<) are not supported.

    What a step holds must be readable in the step itself.

    Bad:
        - <<: {role: support}
          id: answer
    Good:
        - role: support
          id: answer
    """,
)
described(
    "yaml-number",
    "form",
    """A number is too large, or not a number that can be used.

    Digits would be lost without a word. What is a code and not a quantity, such
    as an account or an article, needs quotes.

    Bad:
        example: 4006381333931400638133393140
    Good:
        example: "4006381333931400638133393140"
    """,
)
described(
    "yaml-control",
    "form",
    """A text holds an invisible character.

    Nobody sees it in the file, and it can hide or change what a terminal or a
    customer's phone shows.

    Bad:
        title: "Site \\x1b[2Joutage"
    Good:
        title: "Site outage"
    """,
)
described(
    "yaml-encoding",
    "form",
    """The file is not saved as UTF-8, or holds bytes that are not text.

    Accents and Cyrillic letters would arrive garbled at customers.

    Bad:
        a file saved as Windows-1252 or UTF-16
    Good:
        the same file saved as UTF-8
    """,
)
described(
    "yaml-documents",
    "form",
    """The file holds more than one document.

    A line of three hyphens begins a new document, and what follows it would be
    ignored. One playbook is one file.

    Bad:
        playbook: outage
        ---
        title: Site outage
    Good:
        playbook: outage
        title: Site outage
    """,
)
described(
    "yaml-empty",
    "form",
    """The file is empty.

    It holds nothing but comments or blank lines, so there is no plan to follow.

    Bad:
        # to be written
    Good:
        playbook: outage
        title: Site outage
        stages: {}
    """,
)
described(
    "yaml-trap",
    "form",
    """A word without quotes that other tools take for something else.

    We read it as the text it looks like. Many editors, formatters and scripts
    follow an older YAML: to them `no`, `on` and `y` are true or false, 4:30 is
    270, 012 is ten and 1_000 is a number. When such a tool saves the file, the
    playbook says something else, and nobody has changed it.

    Bad:
        choices: {yes: It does, no: It does not}
        example: 20:04
    Good:
        choices: {"yes": It does, "no": It does not}
        example: "20:04"
    """,
)
described(
    "yaml-hash",
    "form",
    """A text is cut off by a # that begins a comment.

    After a space, # begins a comment, so the rest of the sentence is lost
    without a word. A comment that is meant as one has a space after its #.

    Bad:
        title: Call #1 on the list
    Good:
        title: "Call #1 on the list"
    """,
)
described(
    "missing-key",
    "form",
    """A key is missing.

    Without it the playbook cannot be started.

    Bad:
        - id: fix
          role: technical-lead
    Good:
        - id: fix
          title: Repair
          role: technical-lead
    """,
)
described(
    "unknown-key",
    "form",
    """A key that does not exist, mostly a spelling mistake.

    What stands under it would be ignored on the night, so the file is refused.
    A key that belongs elsewhere is unknown too: compare how far it is indented.

    Bad:
        eta: {type: time, ask: When is it back?, optinal: true}
    Good:
        eta: {type: time, ask: When is it back?, optional: true}
    """,
)
described(
    "unknown-value",
    "form",
    """A word that is not one of those that can stand here.

    Types, severities, stages, milestones and kinds of message have fixed names.

    Bad:
        eta: {type: date, ask: When is it back?}
    Good:
        eta: {type: time, ask: When is it back?}
    """,
)
described(
    "wrong-type",
    "form",
    """A value of the wrong kind: a number for a text, a text for a list.

    A number where text is wanted needs quotes. A line that ends in a colon, or
    holds one before a space, becomes a mapping: put the whole line in quotes.

    Bad:
        title: 404
        checklist: Seen from a second network
    Good:
        title: "404"
        checklist: [Seen from a second network]
    """,
)
described(
    "template-file",
    "form",
    """A message text cannot be read: it is not UTF-8, far too large, or not a file.

    The message cannot be sent in that language until it can be read.

    Bad:
        holding.fr.j2 saved as Windows-1252
    Good:
        holding.fr.j2 saved as UTF-8
    """,
)
described(
    "unknown-rule",
    "form",
    """A comment ignores a rule that does not exist.

    So it ignores nothing; mostly the rule is misspelt.

    Bad:
        playbook: outage  # crisisctl: ignore[no-ownr]
    Good:
        playbook: outage  # crisisctl: ignore[no-owner]
    """,
)
described(
    "unneeded-ignore",
    "form",
    """A comment ignores a finding that is not there any more.

    It would hide the same mistake when somebody makes it again.

    Bad:
        owner: sre  # crisisctl: ignore[no-owner]
    Good:
        owner: sre
    """,
)
