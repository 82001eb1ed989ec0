"""Keys of records in addresses of pages: ``path("tickets/<record_key:key>/", …)``."""

import re
from urllib.parse import quote, unquote

from django.urls import register_converter

# A key holds whatever a depot wrote into its number. What would end the path, climb in it or vanish from it is written
# as %25XX; the bar between the parts of a key stays readable.
_TROUBLE = re.compile(r"[%/\\\s\x00-\x20\x7f]|^\.+$")


class RecordKey:
    """The key of a record as one part of a path; any text survives the way there and back."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        """From the address."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Into the address."""
        return _TROUBLE.sub(lambda found: quote(found[0], safe="").replace(".", "%2E"), str(value))


register_converter(RecordKey, "record_key")
