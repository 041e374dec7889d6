"""The form of a playbook file: what the YAML reader and the model themselves refuse."""

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
described("yaml-duplicate-key", "form", "TODO.")
described("yaml-anchor", "form", "TODO.")
described("yaml-tag", "form", "TODO.")
described("yaml-depth", "form", "TODO.")
described("yaml-size", "form", "TODO.")
described("yaml-key", "form", "TODO.")
described("yaml-merge", "form", "TODO.")
described("yaml-number", "form", "TODO.")
described("yaml-control", "form", "TODO.")
described("yaml-encoding", "form", "TODO.")
described("yaml-documents", "form", "TODO.")
described("yaml-empty", "form", "TODO.")
described("missing-key", "form", "TODO.")
described("unknown-key", "form", "TODO.")
described("unknown-value", "form", "TODO.")
described("wrong-type", "form", "TODO.")
described("template-file", "form", "TODO.")
described("unknown-rule", "form", "TODO.")
described("unneeded-ignore", "form", "TODO.")
