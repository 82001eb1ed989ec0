"""Icons, drawn into the page from the set that the build put beside the static files."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

VENDOR = Path(__file__).parent / "static/vendor"


@cache
def drawings() -> dict[str, str]:
    """Icon name → inner SVG; empty when the browser files were never built."""
    try:
        return dict(json.loads((VENDOR / "icons.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}


def icon(name: str, label: str = "") -> SafeString:
    """The icon as inline SVG: decoration unless a label says what it means.

    Raises LookupError for a name that icons.txt does not list, so that a typing error shows in the first test.
    """
    known = drawings()
    if known and name not in known:
        raise LookupError(f"No icon {name!r}: add it to ui/icons.txt and run python hatch_build.py")
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        meaning,
        mark_safe(known.get(name, "")),  # noqa: S308 - drawings of the pinned icon package
    )
