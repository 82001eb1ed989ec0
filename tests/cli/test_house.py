"""The house as a whole: no migration is missing, every address resolves."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import get_resolver


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{said.getvalue()}", pytrace=False)


def test_every_address_is_put_together_without_errors() -> None:
    assert get_resolver().url_patterns
