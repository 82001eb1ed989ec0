"""A page that shows a secret the one time it is known. It is drawn in answer to the POST that made it and kept
nowhere."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canglin.ui.parts import Crumb


def shown_once(
    request: HttpRequest,
    title: str,
    secrets: Sequence[tuple[str, str]],
    *,
    crumbs: Sequence[Crumb],
    back: str,
    advice: str,
) -> HttpResponse:
    """Draw it: ``secrets`` are (label, text); ``back`` is where the reader goes on."""
    context = {"title": title, "secrets": secrets, "crumbs": crumbs, "back": back, "advice": advice}
    response = render(request, "accounts/shown_once.html", context)
    response["Cache-Control"] = "no-store"
    return response
