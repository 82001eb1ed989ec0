"""What operators read is complete: every command and every setting is in docs/operating.md."""

import re
import tomllib

from canglin.cli.main import COMMANDS, EXIT_CODES, parser
from tests.served import ROOT

OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
READS = re.compile(r"""environ(?:\.get|\.setdefault|\.pop)?[(\[]\s*["']([A-Z][A-Z_0-9]+)["']""")


def test_every_command_is_documented() -> None:
    assert [name for name in COMMANDS if f"`canglin {name}`" not in OPERATING] == []


def test_no_command_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `canglin ([a-z ]+)` \|", OPERATING, re.MULTILINE))
    assert documented == set(COMMANDS)


def test_every_environment_variable_that_the_program_reads_is_documented() -> None:
    read = {
        name for path in (ROOT / "src").rglob("*.py") for name in READS.findall(path.read_text(encoding="utf-8"))
    }
    assert "CANGLIN_DATA" in read
    assert [name for name in sorted(read) if f"`{name}`" not in OPERATING] == []


def test_every_documented_setting_is_read_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    settings = re.findall(r"^\| `([A-Z_]+)` \|", OPERATING, re.MULTILINE)
    assert [name for name in settings if f'"{name}"' not in source] == []


def test_exit_codes_are_documented_alike_in_the_help_and_the_manual() -> None:
    for code in re.findall(r"(\d+) [a-z]", EXIT_CODES):
        assert re.search(rf"(^|· ?|: |\n){code} ", OPERATING), code


def test_the_whole_help_can_be_printed() -> None:
    text = parser().format_help()
    assert all(name.split()[0] in text for name in COMMANDS)


def test_lock_files_pin_every_package_with_a_hash_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-build.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        blocks = re.split(r"\n(?=\S)", text)
        pinned = [block for block in blocks if block and not block.startswith("#")]
        assert pinned
        assert [block.split()[0] for block in pinned if "==" not in block or "--hash=sha256:" not in block] == [], name


def test_what_the_project_declares_is_locked() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = [re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in declared]  # type: ignore[index]
    assert [name for name in names if not re.search(rf"^{name}(\[|==)", lock, re.MULTILINE)] == []
