"""The OpenAPI document as it is kept beside the tests. ``python -m tests.api.document`` writes it anew, for a change to
be looked at and committed with what caused it."""

import json
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).with_name("openapi.json")
REFRESH = ".venv/bin/python -m tests.api.document"


def document() -> dict[str, Any]:
    """As a client gets it."""
    from canglin.api import build, encode

    found: dict[str, Any] = json.loads(encode(build().get_openapi_schema(path_prefix="/api/v1/")))
    return found


def written() -> str:
    """One line an operation and a schema, so that a difference shows what changed. The records of the standard are
    left out: the conformance tests hold them against the specification."""
    from canglin.standard.tables import tables

    whole = document()
    standard = {spec.english for spec in tables().values()}
    lines = [f'"{name}": {_line(value)}' for name, value in whole.items() if name not in ("paths", "components")]
    for path, operations in whole["paths"].items():
        lines += [f'"{method.upper()} {path}": {_line(operation)}' for method, operation in operations.items()]
    for kind, parts in whole["components"].items():
        lines += [f'"{kind} {name}": {_line(part)}' for name, part in parts.items() if name not in standard]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    import tests.conftest  # noqa: F401 - a database for Django to start with

    SNAPSHOT.write_text(written(), encoding="utf-8")
