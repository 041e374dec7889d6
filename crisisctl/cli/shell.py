"""Running a step's shell command: bounded in time and in what is kept of its output."""

from __future__ import annotations

import os
import signal
import subprocess

from crisisctl.text import safe

KEPT = 20_000
"""Characters of output kept in the journal."""


def run_bounded(command: str, seconds: float) -> tuple[int, str]:
    """Run it; the exit code (124: out of time) and its cleaned output."""
    process = subprocess.Popen(
        command,
        shell=True,  # a playbook's own command, shown to and confirmed by the operator
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        code = 124
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    text = safe(output.decode("utf-8", "replace"), lines=True)
    if len(text) > KEPT:
        text = f"{text[:KEPT]}\n… ({len(text) - KEPT} more characters)"
    return code, text
