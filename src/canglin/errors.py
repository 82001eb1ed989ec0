"""Errors that people read, whichever way they came in: by page, by command, by interface."""

from django.utils.translation import get_language


class Refused(ValueError):
    """What was asked for makes no sense as it stands. ``str`` says why in English (commands, programs), ``chinese`` is
    for pages."""

    def __init__(self, english: str, chinese: str):
        super().__init__(english)
        self.chinese = chinese

    @property
    def shown(self) -> str:
        """Why, in the reader's language."""
        return str(self) if (get_language() or "").startswith("en") else self.chinese
