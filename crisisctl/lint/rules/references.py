"""What refers to what."""

from __future__ import annotations

from crisisctl.lint.rule import described

described("bad-id", "references", "TODO.")
described("reserved-name", "references", "TODO.")
described("bad-date", "references", "TODO.")
described("duplicate-name", "references", "TODO.")
described("no-steps", "references", "TODO.")
described("no-question", "references", "TODO.")
described("no-choices", "references", "TODO.")
described("bad-milestone", "references", "TODO.")
described("unknown-message", "references", "TODO.")
described("bad-example", "references", "TODO.")
described("unknown-answer", "references", "TODO.")
described("bad-duration", "references", "TODO.")
described("duplicate-step", "references", "TODO.")
described("unknown-role", "references", "TODO.")
described("unknown-fact", "references", "TODO.")
described("two-actions", "references", "TODO.")
described("unknown-option", "references", "TODO.")
described("bad-condition", "references", "TODO.")
