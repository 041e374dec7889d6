"""A page as a PDF: the same as printed by a browser, on a machine that has none."""

from __future__ import annotations

from typing import Any

from crisisctl.errors import CrisisError


def pdf(html: str) -> bytes:
    """The page on A4, tagged for those who have it read aloud; nothing is fetched for it.

    Raises `CrisisError` where the library, or what it draws letters with, is not installed.
    """
    weasyprint = _library()
    own = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    made = weasyprint.HTML(string=html, url_fetcher=own).write_pdf(pdf_variant="pdf/ua-1")
    return bytes(made)


def _library() -> Any:
    try:
        import weasyprint
    except ImportError as error:
        raise CrisisError(
            "a PDF needs WeasyPrint, which is not installed",
            hint="install it: pip install 'crisisctl[pdf]'; or print the page from a browser: "
            "--format html",
        ) from error
    except OSError as error:  # Pango is a library of the system
        raise CrisisError(
            f"a PDF needs Pango, which this machine lacks: {error}",
            hint="install Pango, or print the page from a browser: --format html",
        ) from error
    return weasyprint
