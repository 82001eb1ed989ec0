"""The English catalogue: complete for the frame and the components, and compiled without gettext's tools."""

import ast
import gettext
import io
import re
import sys
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "src/canglin/ui"
sys.path.insert(0, str(ROOT))

import hatch_build  # noqa: E402


def words():
    """Every Chinese text of the ui room that is marked for translation, the gallery's own aside."""
    found = set()
    for path in (UI / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {match[2] for match in re.finditer(r"""\{% trans (["'])(.+?)\1""", text)}
        for match in re.finditer(r"\{% blocktrans.*?%\}(.*?)\{% endblocktrans %\}", text, re.S):
            found.add(re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", match[1]))
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def catalogue():
    source = (ROOT / "src/canglin/locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    return hatch_build._messages(source)


def test_every_word_of_the_frame_and_components_has_its_english():
    assert not words() - catalogue().keys()


def test_a_translation_takes_the_same_values_as_its_message():
    holes = re.compile(r"%(?:\(\w+\))?[sd]")
    for message, translated in catalogue().items():
        assert sorted(holes.findall(message)) == sorted(holes.findall(translated)), message


def test_the_compiled_form_is_what_gettext_reads():
    messages = {
        "": "Content-Type: text/plain; charset=UTF-8\n",
        "库": "depot",
        "一个\0多个": "one\0many",
        "空": "nothing",
    }
    read = gettext.GNUTranslations(io.BytesIO(hatch_build._mo(messages)))
    assert (read.gettext("库"), read.gettext("空"), read.gettext("无")) == ("depot", "nothing", "无")


@pytest.mark.parametrize(
    ("source", "messages"),
    [
        ('msgid "甲"\nmsgstr "A"\n', {"甲": "A"}),
        ('#, fuzzy\nmsgid "甲"\nmsgstr "A"\n', {}),
        ('msgid "甲"\nmsgstr ""\n', {}),
        ('msgid ""\n"甲"\n"乙"\nmsgstr "A \\"B\\"\\n"\n', {"甲乙": 'A "B"\n'}),
    ],
)
def test_a_catalogue_is_read_as_gettext_writes_it(source, messages):
    assert hatch_build._messages(source) == messages


def test_a_reader_may_have_the_frame_in_english(client, db):
    client.post("/ui/language/", {"language": "en", "next": "/"})
    page = client.get("/nothing-here/").content.decode()
    assert '<html lang="en">' in page
    assert "No such page" in page
    translation.activate("zh-hans")
