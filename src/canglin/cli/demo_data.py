"""What ``canglin demo`` puts into an instance, run as a process of its own: accounts, then the province through the gateway.

Everything is told by ``demo.json`` in the instance's folder: which province, looked at at which moment, and whether all
of it has been sent. An interrupted feed is repeated as a whole; the gateway answers "same" to what it holds.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canglin.cli import database, preparation
from canglin.cli.command import CANNOT, Failure, note
from canglin.instance import Instance

if TYPE_CHECKING:
    from canglin.simulator.feed import Progress
    from canglin.simulator.province import Province

PREFIX = "演示"
REGION = "430000"
BAR = 24


def _state(instance: Instance) -> Path:
    return instance.data / "demo.json"


def _read(instance: Instance) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = json.loads(_state(instance).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return held


def _write(instance: Instance, state: Mapping[str, Any]) -> None:
    aside = _state(instance).with_suffix(".new")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(_state(instance))


def put(url: str, scale: str, seed: int) -> dict[str, Any]:
    """Make sure the province is in the instance at ``url``; returns what was sent (None: nothing new) and the logins."""
    instance = Instance.current()
    state = _read(instance)
    if state is None:
        if _held():
            note("this instance holds other records already: the demo province is left out")
            return {"sent": None, "logins": []}
        state = {"scale": scale, "seed": seed, "now": datetime.now().replace(microsecond=0).isoformat(), "done": False}
        _write(instance, state)
    elif (state["scale"], state["seed"]) != (scale, seed):
        note(f"this instance holds the province --scale {state['scale']} --seed {state['seed']}; for another, use --data")
    from canglin.simulator.province import Province

    province = Province(state["scale"], state["seed"], datetime.fromisoformat(state["now"]))
    if "logins" not in state:
        state["logins"] = _people(province)
        _write(instance, state)
    sent = None
    if not state["done"]:
        sent = _feed(url, province)
        state["done"] = True
        _write(instance, state)
    return {"sent": sent, "logins": state["logins"]}


def _held() -> bool:
    from canglin.records.queries import head

    return head().size > 0


def _people(province: "Province") -> list[dict[str, str]]:
    """Accounts of the people one meets in a province, with passwords to be shown at every start of a demo."""
    depot = max(province.depots, key=lambda d: len(d.lots))
    county = depot.region
    cast = [
        ("演示管理员", "admin", "00", "系统管理员：账号与接入应用"),
        ("演示省局", "stock", REGION, "省级储备管理岗：全省库存"),
        ("演示计划", "plans", REGION, "省级计划调控岗：下达计划"),
        ("演示县局", "county", county, f"县级主管岗：行政区划 {county}"),
        ("演示主任", "manager", depot.code, f"库点负责人：{depot.name}"),
        ("演示保管员", "keeper", depot.code, f"保管员：{depot.name}"),
    ]
    from canglin.accounts import actions, policy
    from canglin.accounts.models import User

    logins = []
    for name, role, area, what in cast:
        found = User.objects.filter(username=name).first()
        made = actions.reset_password(policy.CONSOLE, found) if found else actions.create_user(
            policy.CONSOLE, name, role, area, name=name)
        password = f"Yanshi-{secrets.randbelow(10**6):06d}"
        # A demo's visitor shall look around, not choose a password first.
        actions.change_password(made.user, made.password, password)
        logins.append({"user": name, "password": password, "what": what})
    return logins


def _applications(province: "Province") -> dict[str, dict[str, str]]:
    """Keys of one application for each enterprise; those of an interrupted start are used again."""
    from canglin.accounts import actions, policy
    from canglin.accounts.models import Application

    keys = {}
    held = {app.enterprise: app for app in Application.objects.filter(name__startswith=PREFIX)}
    for enterprise in province.enterprises:
        app = held.get(enterprise.code) or actions.create_application(
            policy.CONSOLE, enterprise.code, f"{PREFIX}库存系统 {enterprise.name}"[:128], per_minute=1_000_000,
        ).application
        keys[enterprise.code] = {"appid": app.appid, "app_key": app.app_key, "secret": app.secret}
    return keys


def _feed(url: str, province: "Province") -> dict[str, Any]:
    from canglin.accounts import actions, policy, queries
    from canglin.simulator.feed import feed

    planner = queries.user("演示计划")
    assert planner is not None
    token, text = actions.create_token(policy.CONSOLE, planner, "演示计划下达", days=1)
    began = time.monotonic()
    try:
        outcome = feed(
            url, _applications(province), province, _Bar(), processes=max(1, min(4, (os.cpu_count() or 2) // 2)), bureau_token=text,
        )
    finally:
        actions.revoke_token(policy.CONSOLE, token)
    return {
        "records": outcome.sent, "refused": outcome.refused, "reasons": outcome.reasons.most_common(5),
        "seconds": time.monotonic() - began,
    }


class _Bar:
    """Progress on standard error: a bar for a person at a terminal, a line now and then for a log."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, progress: "Progress") -> None:
        """Called with every answer; draws when it is time to."""
        done = progress.depots_total > 0 and progress.depots == progress.depots_total
        if time.monotonic() < self._next and not done:
            return
        self._next = time.monotonic() + (0.2 if self._live else 5.0)
        filled = BAR * progress.depots // max(1, progress.depots_total)
        bar = "█" * filled + "░" * (BAR - filled)
        line = (
            f"{bar} {progress.depots}/{progress.depots_total} depots  {progress.records:,} records  "
            f"{progress.per_second:,.0f} records/s"
        )
        sys.stderr.write(f"\r{line}  " + ("\n" if done else "") if self._live else line + "\n")
        sys.stderr.flush()


def main() -> int:
    """``python -m canglin.cli.demo_data URL SCALE SEED``; prints JSON."""
    url, scale, seed = sys.argv[1:4]
    try:
        with database.running(Instance.current()):
            preparation.set_up_django()
            from canglin.simulator.send import GaveUp

            try:
                told = put(url, scale, int(seed))
            except GaveUp as error:
                raise Failure(f"the gateway does not take it: {error}", "log/web.log says more") from error
    except Failure as failure:
        note(f"canglin: {failure}")
        return CANNOT
    except KeyboardInterrupt:
        return CANNOT
    sys.stdout.write(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
