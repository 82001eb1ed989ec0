"""Rules between fields of tests (1203, 1310): lists that belong together, verdicts, and the order of sampling and
testing."""

from collections.abc import Iterator

from canglin.standard.between import PARTS, in_order, parts
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

VERDICT = declare("report.verdict", "指标结果判定用语错误")

#: What a verdict may say, by category of index (zblb): quality, storage quality, food safety. Each may be followed by
#: ``|`` and the verdict on the whole (综合判定).
VERDICTS = {
    "1": ("达标", "不达标"),
    "2": ("宜存", "轻度不宜存", "重度不宜存"),
    "3": ("合格", "不合格"),
}
#: For a category that no code list has: the code list's own rule says so.
_ALL_VERDICTS = tuple(word for words in VERDICTS.values() for word in words)


def inbound_inspection(row: Row) -> Iterator[Violation]:
    """Items, values, price adjustments and deductions are lists of one length; sampled before tested.

    A single figure for all items together, as some systems send for the adjustments, is noted, not refused; so is the
    order of times, which the specification does not state for this table.
    """
    items = len(parts(row.test_items))
    for field, text in (("jyz", row.test_values), ("zkj", row.price_adjustments_cny), ("zkl", row.deductions_kg)):
        found = len(parts(text))
        if found != items:
            refuses = found > 1 or field == "jyz"
            yield Violation(field, PARTS, f"{found} 项", f"{items} 项，与检验项目相同", refuses)
    yield from in_order(("qysj", "扦样时间", row.sampled_at), ("jysj", "检验时间", row.tested_at), refuses=False)


def quality_report(row: Row) -> Iterator[Violation]:
    """As many verdicts as categories of index, each in its words; sampled before tested."""
    categories, verdicts = row.index_categories.split("#"), row.verdicts.split("#")
    if len(categories) != len(verdicts):
        yield Violation("zbjgpd", PARTS, f"{len(verdicts)} 项", f"{len(categories)} 项，与指标类别相同，以 # 分隔")
        categories = [""] * len(verdicts)
    for category, verdict in zip(categories, verdicts, strict=True):
        word, words = verdict.partition("|")[0].strip(), VERDICTS.get(category.strip(), _ALL_VERDICTS)
        if word not in words:
            yield Violation("zbjgpd", VERDICT, word or "（空）", f"{'、'.join(words)}，可加 |综合判定")
    if (found := len(parts(row.test_values))) != (items := len(parts(row.test_items))):
        yield Violation("jyxmz", PARTS, f"{found} 项", f"{items} 项，与检验项目相同", refuses=False)
    yield from in_order(("qysj", "扦样时间", row.sampled_at), ("jysj", "检验时间", row.tested_at))
