"""What the bureau itself records: reserve scale (1401), reserve and rotation plans (1402–1404). No depot may send
these."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from canglin.simulator.cast import Depot, Enterprise
from canglin.simulator.identity import credit_code
from canglin.simulator.places import PROVINCE, Prefecture
from canglin.simulator.stories import Step, Story

Item = tuple[str, dict[str, Any]]
RESERVES = ("121", "122", "123")


def office(region: str) -> str:
    """The credit code of the grain bureau of a region (registrar 11: government offices)."""
    return credit_code("11", region, int(region[2:4]) + 9000000)


def plan_number(prefecture: Prefecture, year: int) -> str:
    """1403.lhjhdh: the bureau's code, the year, a number."""
    return f"{office(prefecture.code)}{year}001"


def planned(stories: Iterable[Story]) -> Iterator[tuple[Story, Step]]:
    """The steps that a rotation plan orders: reserves only."""
    return ((s, step) for s in stories for step in s.steps if step.plan and s.nature in RESERVES)


def line_number(prefecture: Prefecture, story: Story, step: Step) -> str:
    """1404.jhmxdh: the plan's number, the lot without its enterprise, 1 in or 2 out."""
    return f"{plan_number(prefecture, step.day.year)}-{story.lot.code[18:]}{'1' if step.kind == 'fill' else '2'}"


def lines_of(depot: Depot, stories: Iterable[Story]) -> dict[str, str]:
    """Lot → the plan line its refilling answers to."""
    return {s.lot.code: line_number(depot.prefecture, s, step) for s, step in planned(stories) if step.kind == "fill"}


def records(firms: Iterable[Enterprise], told: Any, today: date, at: str) -> Iterator[Item]:
    """1401–1404, each after what it refers to. ``told`` gives a depot's stories."""
    close = {"czbz": "i", "zhgxsj": at}
    provincial: dict[tuple[str, str], int] = defaultdict(int)
    lines: list[dict[str, Any]] = []
    plans: dict[str, tuple[Prefecture, int]] = {}
    for firm in firms:
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for depot in firm.depots:
            stories = told(depot)
            for story in stories:
                if story.nature in RESERVES:
                    sums[story.grain.code, story.nature] += story.lot.holds_kg(story.grain.density) * 9 // 10000 * 10
            for story, step in planned(stories):
                number = plan_number(firm.prefecture, step.day.year)
                plans[number] = (firm.prefecture, step.day.year)
                year = step.harvest_year or next(s.harvest_year for s in story.steps if s.kind == "fill")
                lines.append({
                    "jhmxdh": line_number(firm.prefecture, story, step), "lhjhdh": number, "lspzdm": story.grain.code,
                    "lsdjdm": "03", "lsxzdm": story.nature, "shnd": str(year), "lhhwdm": story.lot.code,
                    "lhsl": story.lot.holds_kg(story.grain.density) // 1000, "lhlx": "1"
                    if step.kind == "fill" else "2", **close})
        for (variety, nature), scale_t in sums.items():
            provincial[variety, nature] += scale_t // 1000
            yield "1401", {"nf": str(today.year), "xzqhdm": firm.region, "ccqy": firm.code, "ylpz": variety,
                           "ylxz": nature, "ylcbgmjhsl": scale_t // 1000, "cbgmjhwh": f"演示粮〔{today.year}〕1号",
                           **close}
    for serial, ((variety, nature), scale_t) in enumerate(sorted(provincial.items()), 1):
        yield "1402", {"jhdh": f"{office(PROVINCE)}{serial:03d}", "jhwh": f"演示粮〔{today.year}〕2号",
                       "jhmc": f"{today.year}年储备计划", "jhnd": str(today.year), "jhzddw": "演示省粮食和物资储备局",
                       "jhxdsj": f"{today.year}-01-10", "lspzdm": variety, "lsdjdm": "03", "lsxzdm": nature,
                       "sl": scale_t, **close}
    for number, (prefecture, year) in sorted(plans.items()):
        yield "1403", {"lhjhdh": number, "jhwh": f"演示粮〔{year}〕3号", "jhmc": f"{prefecture.name}{year}年轮换计划",
                       "jhnd": str(year), "kszxrq": f"{year}-01-15", "jzzxrq": f"{year}-12-31",
                       "jhxddw": office(prefecture.code), "jhxddwmc": f"演示{prefecture.name}粮食和物资储备局",
                       "jhxdsj": f"{year}-01-12", **close}
    for line in lines:
        yield "1404", line
