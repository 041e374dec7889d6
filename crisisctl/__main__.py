"""The way in: `crisisctl` and `python -m crisisctl`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Do what was typed; an exit code of success means that all of the result was written."""
    try:
        try:
            _answer()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
            # all memory goes with the process: else its last search for cycles takes a tenth of
            # what a short command takes
            gc.freeze()
    except KeyboardInterrupt:  # before anything was begun: no command has seen it
        if sys.stderr is not None:
            sys.stderr.write("interrupted\n")
        sys.exit(130)
    except OSError as error:
        from crisisctl.cli.door import lost

        sys.exit(lost(error))


def _answer() -> None:
    """Answer `--version` at once; everything else goes to the front desk."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        from crisisctl import __version__

        sys.stdout.write(f"crisisctl {__version__}\n")
        return
    import signal

    # most of what is read and imported lives to the end: to look for cycles in it finds little
    gc.set_threshold(100_000)
    from crisisctl.cli.app import app, keep_only
    from crisisctl.cli.screen import harden

    # told to end, it leaves as on Ctrl-C: the terminal restored, with the way to go on
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    harden()
    keep_only(sys.argv[1:])
    app(prog_name="crisisctl")


if __name__ == "__main__":
    main()
