"""The way in: `crisisctl` and `python -m crisisctl`."""

from __future__ import annotations

import sys


def main() -> None:
    """Answer `--version` at once; everything else goes to the front desk."""
    if sys.argv[1:] == ["--version"]:
        from crisisctl import __version__

        sys.stdout.write(f"crisisctl {__version__}\n")
        return
    from crisisctl.cli.app import app
    from crisisctl.cli.screen import harden

    harden()
    app(prog_name="crisisctl")


if __name__ == "__main__":
    main()
