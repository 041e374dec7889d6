"""The one error tree: what an operator reads when something cannot be done."""

from __future__ import annotations


class CrisisError(Exception):
    """Something the operator can act on: shown as one line, never a traceback.

    `code` is the exit code (1: it ran and the answer is bad, 2: it could not
    run). `hint` says what to do next.
    """

    def __init__(self, message: str, *, hint: str = "", code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
