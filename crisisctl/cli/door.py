"""The one error door: whatever stops a command leaves through here."""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from crisisctl.cli.screen import Screen, abandon
from crisisctl.errors import CrisisError
from crisisctl.text import safe

SECTIONS = {
    "During a crisis": (
        "start", "resume", "status", "note", "fact", "message", "reviews", "compensate",
        "deadlines", "timeline", "similar", "severity", "role", "handover", "restrict", "waive",
        "keep", "clocks", "notify", "list", "page",
    ),
    "After it": (
        "review", "correct", "cause", "action", "report", "register", "close", "reopen", "verify",
        "export", "import", "stats", "digest",
    ),
    "Before it": (
        "playbooks", "show", "preview", "proof", "lint", "suggest", "schema", "doctor",
    ),
}  # fmt: skip
"""The commands by the moment they are needed, the most urgent first."""

EARLIER = r"-[0-9][0-9a-z ]*"


class FrontDesk(TyperGroup):
    """The group of all commands, with the door around each of them."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what stops it is shown in one line, never as a traceback."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except CrisisError as error:
            show(error)
            raise typer.Exit(error.code) from None
        except KeyboardInterrupt:
            show(CrisisError("interrupted", code=130))
            raise typer.Exit(130) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # typer ends quietly when nobody reads on
            raise typer.Exit(lost(error)) from None
        except Exception as error:
            usage: Any = error
            if hasattr(usage, "exit_code"):  # typer's usage errors show themselves
                usage.message = safe(usage.message, lines=True)
                raise
            show(_our_bug(error))
            raise typer.Exit(3) from None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands by the moment they are needed."""
        for title, names in SECTIONS.items():
            rows = [
                (name, self.commands[name].get_short_help_str(formatter.width - 16))
                for name in names
                if name in self.commands
            ]
            with formatter.section(title):
                formatter.write_dl(rows)


class Timed(TyperCommand):
    """A command whose argument may be a time such as -15m, which looks like an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put such times behind the options, where they are taken for what they are."""
        options = (param for param in self.params if not getattr(param, "is_flag", False))
        takers = {name for param in options for name in param.opts if name.startswith("-")}
        pairs = list(zip(["", *args], args, strict=False))
        earlier = [w for last, w in pairs if re.fullmatch(EARLIER, w) and last not in takers]
        if earlier and "--" not in args:
            kept = [w for last, w in pairs if not re.fullmatch(EARLIER, w) or last in takers]
            args = [*kept, "--", *earlier]
        return super().parse_args(ctx, args)


def show(error: CrisisError) -> None:
    """The error and what to do about it, last, on stderr."""
    screen = Screen(sys.stderr, os.environ)
    first, *rest = error.message.split("\n")
    if error.code in (0, 130):  # leaving on purpose is no mistake
        screen.line(first, "bold")
        return
    screen.line(f"error: {first}", "bad")
    for line in rest:
        screen.line(line, "bad")
    if error.hint:
        screen.line(f"hint:  {error.hint}")


def lost(error: OSError) -> int:
    """Say what went wrong outside, unless nobody reads on; the exit code.

    What is left unwritten is let go: Python would try once more, and complain.
    """
    with suppress(OSError):
        if error.errno != errno.EPIPE:
            show(_from_outside(error))
    abandon(sys.stdout)
    abandon(sys.stderr)
    return 1


def _from_outside(error: OSError) -> CrisisError:
    where = f" ({error.filename})" if error.filename else ""
    return CrisisError(f"{error.strerror or error}{where}".lower(), code=1)


def _our_bug(error: Exception) -> CrisisError:
    """Keep the details in a file; tell the operator in one line."""
    import tempfile
    import traceback
    from pathlib import Path

    from crisisctl import __version__

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = Path(tempfile.gettempdir()) / f"crisisctl-crash-{stamp}-{os.getpid()}.txt"
    # no arguments and no values: they may hold what customers must not read
    frames = traceback.format_tb(error.__traceback__)
    text = (
        f"crisisctl {__version__}, Python {sys.version}\n{type(error).__name__}\n{''.join(frames)}"
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        where = f"details are in {path}"
    except OSError:
        where = "the details could not be written"
    kind = type(error).__name__
    return CrisisError(
        f"this is our mistake, not yours ({kind}); {where}",
        hint="what was recorded is safe; the texts can be read with `crisisctl preview`",
        code=3,
    )
