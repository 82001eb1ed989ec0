"""The ui room: what every page is made of. It knows no grain."""

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register


class UiConfig(AppConfig):
    """Registers the check that the browser files are there."""

    name = "canglin.ui"
    label = "ui"

    def ready(self) -> None:
        """Nothing is read here; only the check is made known."""
        register(_browser_files_are_there)


def _browser_files_are_there(**_: object) -> list[CheckMessage]:
    from canglin.ui.icons import VENDOR

    if (VENDOR / "icons.json").is_file():
        return []
    return [Warning("The browser files are missing.", hint="Run: python hatch_build.py", id="ui.W001")]
