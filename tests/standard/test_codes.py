"""The code lists against the published ones: nothing lost, everything changed has its reason."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from canglin.standard import codes

PUBLISHED: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "data" / "published_dictionaries.toml").read_text("utf-8"))


def test_there_are_107_lists_each_with_version_and_source() -> None:
    assert len(codes.lists()) == 107
    for held in codes.lists().values():
        assert held.name
        assert held.version
        assert held.source
        assert held.items


@pytest.mark.parametrize("id", sorted(PUBLISHED))
def test_no_published_code_is_lost_and_every_change_says_why(id: str) -> None:
    held = codes.code_list(id).items
    for item in PUBLISHED[id]["items"]:
        ours = held[item["code"]]
        if ours.published:
            assert ours.published == item["label"]
            assert ours.note
        else:
            # A variety's label is the last part of the published one.
            assert ours.label == (item["label"].split("/", 1)[-1] if id == "food_variety" else item["label"])
        if item.get("parent") != ours.parent and "parent" in item:
            assert ours.note, (id, ours)
    added = held.keys() - {item["code"] for item in PUBLISHED[id]["items"]}
    assert all(held[code].note for code in added)
    assert added == ({"1133001"} if id == "food_variety" else set())


def test_hierarchies_have_no_gaps_and_no_circles() -> None:
    for id, held in codes.lists().items():
        for item in held.items.values():
            assert item.parent is None or item.parent in held.items, (id, item)
            above = [a.code for a in codes.ancestors(id, item.code)]
            assert item.code not in above
            assert len(above) == len(set(above)) < 6


def test_labels_and_their_lines() -> None:
    assert codes.label("food_variety", "1131001") == "早籼稻谷"
    assert codes.full_label("food_variety", "1131001") == "谷物/稻谷/籼稻谷/早籼稻谷"
    assert codes.label("food_variety", "nothing") == "nothing"
    assert codes.label("food_variety", None) == ""
    assert codes.labels("tfmd", "1#2") == "降温通风、降水通风"
    assert codes.code_list("dwlx").name == "单位类型"
    assert codes.descendants("food_variety", "1131000") == {"1131000", "1131001", "1131002"}
    assert codes.descendants("food_variety", "none") == frozenset()
    assert codes.within("1131001", "1131", "1132")
    assert not codes.within(None, "1131")


@pytest.mark.parametrize(("code", "label"), [
    ("1160000", "糙米"), ("1133001", "籼糯稻谷"), ("1133002", "粳糯稻谷"),
    ("2116000", "油茶籽压榨油"), ("2126000", "油茶籽浸出油"),
])
def test_the_known_errors_of_the_variety_list_are_corrected_with_a_note(code: str, label: str) -> None:
    item = codes.code_list("food_variety").items[code]
    assert item.label == label
    assert item.note


def test_several_codes_fit_only_where_there_is_room() -> None:
    assert codes.several("jyxm", 1024)
    assert codes.several("zblb", 8)
    assert not codes.several("dwlx", 2)
    assert not codes.several("fddbrzzlx", 2)
    assert codes.unknown_parts("zblb", "1#2#9") == ("9",)
    assert codes.unknown_parts("zblb", "#") == ("#",)
