"""What changes the rulebook: a person's change, and the reviewed file that comes with the platform."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from canglin.errors import Refused
from canglin.rulebook import queries
from canglin.rulebook.file import rows
from canglin.rulebook.models import MARKS, RuleValue, parsed
from canglin.rulebook.ports import people
from canglin.standard import regions

#: The area (see accounts.rules) that a value without a region concerns.
EVERYWHERE = "00"


@dataclass(frozen=True)
class Loaded:
    """What loading the file did: rows added, replaced by newer ones, retired, and left alone because people had
    changed them."""

    added: int = 0
    replaced: int = 0
    retired: int = 0
    kept: int = 0


@transaction.atomic
def change(
    by: Any,
    code: str,
    text: str | None,
    *,
    valid_from: date,
    source: str,
    valid_to: date | None = None,
    region: str = "",
    variety: str = "",
    nature: str = "",
    subject: str = "",
    mark: str = "S",
    note: str = "",
    name: str = "",
    kind: str = "",
    unit: str | None = None,
) -> RuleValue:
    """From ``valid_from`` (to ``valid_to``, or until further notice) the rule has the value ``text`` for that scope.

    What held there before ends the day before; what began inside the new span is replaced. Nothing is lost: both stay
    readable. A new scope of a known code takes name, kind and unit from it. The region must
    lie in the acting person's area; a value for the whole nation is changed by those whose area is everything. Raises
    Denied, Refused.
    """
    people().demand(by, "rulebook.change", region or EVERYWHERE)
    _lock()
    like = RuleValue.objects.filter(code=code).order_by("-id").first()
    kind = kind or (like.kind if like else "")
    new = RuleValue(
        code=code,
        name=name or (like.name if like else ""),
        kind=kind,
        text=text,
        unit=unit if unit is not None else like.unit if like else "",
        region=region,
        variety=variety,
        nature=nature,
        subject=subject,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source.strip(),
        mark=mark,
        note=note,
        origin=RuleValue.Origin.PERSON,
        changed_by=str(by)[:128],
    )
    _check(new)
    before = [_plain(old) for old in _make_room(new)]
    new.save(force_insert=True)
    people().record(by, "rulebook.change", new, area=region, before={"values": before}, after=_plain(new))
    queries.forget()
    transaction.on_commit(queries.forget)
    return new


def _lock() -> None:
    """One change of the rulebook at a time; it is rare, and two must not both see the same old row open."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('canglin.rulebook'))")


def _check(new: RuleValue) -> None:
    if not new.code or not new.name or new.kind not in RuleValue.Kind.values:
        raise Refused(f"no rule {new.code!r}; a new one needs a name and a kind (number, text or table)", f"没有规则 {new.code}")
    if not new.source:
        raise Refused(
            "a value needs its source: the law, standard or document it follows",
            "必须写明依据：法规、标准或文件名称及文号",
        )
    if new.mark not in MARKS:
        raise Refused(f"marks are {', '.join(MARKS)}", "请选择可信程度")
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise Refused("a value cannot end before it begins", "失效日期不能早于生效日期")
    if new.region and not (new.region.isdigit() and regions.known(new.region.ljust(6, "0"))):
        raise Refused(f"no region begins with {new.region!r}", f"没有以 {new.region} 开头的行政区划")
    for what, code, length in (("variety", new.variety, 7), ("nature", new.nature, 3)):
        if code and not (code.isdigit() and len(code) <= length):
            raise Refused(
                f"{what} is the beginning of a code of {length} digits, not {code!r}",
                f"{'品种' if what == 'variety' else '性质'}须为 {length} 位代码的开头几位",
            )
    if new.text is None and new.mark != "unknown":
        raise Refused("without a value the mark is unknown", "没有数值时，可信程度只能选“未查得”")
    try:
        value = parsed(new.kind, new.text)
    except ValueError as wrong:
        raise Refused(f"the value does not fit its kind: {wrong}", f"值与类型不符：{_KINDS[new.kind]}") from None
    if new.code.startswith("severity.") and any(new.scope[1:]):
        raise Refused("a severity holds for the whole platform", "接入校验的处理方式全平台统一，不能限定区划、品种、性质或对象")
    if new.code.startswith("severity.") and value not in queries.SEVERITIES:
        raise Refused(
            f"a severity is one of {', '.join(queries.SEVERITIES)}",
            "处理方式为：" + "、".join(f"{word}（{label}）" for word, label in queries.SEVERITIES.items()),
        )


def _make_room(new: RuleValue) -> list[RuleValue]:
    """End, split or replace what holds in the new row's scope and span; returns the rows touched as they were."""
    scope = dict(zip(("code", "region", "variety", "nature", "subject"), new.scope, strict=True))
    touched = []
    for old in RuleValue.objects.select_for_update().filter(**scope, replaced_at=None):
        if (new.valid_to is not None and old.valid_from > new.valid_to) or (
            old.valid_to is not None and old.valid_to < new.valid_from
        ):
            continue
        touched.append(RuleValue.objects.get(pk=old.pk))
        rest_from = new.valid_to + timedelta(days=1) if new.valid_to is not None else None
        outlives = rest_from is not None and (old.valid_to is None or old.valid_to >= rest_from)
        end = old.valid_to
        if old.valid_from < new.valid_from:
            old.valid_to = new.valid_from - timedelta(days=1)
        else:
            old.replaced_at = timezone.now()
        old.save(update_fields=["valid_to", "replaced_at"])
        if outlives and rest_from is not None:
            # It goes on behind the new one's end, as a row of its own.
            old.pk, old._state.adding = None, True
            old.valid_from, old.valid_to, old.replaced_at, old.created_at = rest_from, end, None, timezone.now()
            old.save(force_insert=True)
    return touched


def _plain(row: RuleValue) -> dict[str, Any]:
    return {
        "text": row.text,
        "unit": row.unit,
        "region": row.region,
        "variety": row.variety,
        "nature": row.nature,
        "subject": row.subject,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
        "mark": row.mark,
        "note": row.note,
    }


_KINDS = {"number": "应为一个数，如 0.10", "text": "应为文字", "table": '应为 JSON，如 {"min": 1.01, "max": 1.03}'}
_FILED = ("name", "kind", "text", "unit", "valid_to", "source", "mark", "note")


@transaction.atomic
def load() -> Loaded:
    """Bring in the reviewed file of values (data/rules.toml) and the severities that rooms declare. Runs at every
    set-up; doing it again changes nothing. Scopes that people have changed are left to them."""
    _lock()
    persons = set(
        RuleValue.objects.filter(origin=RuleValue.Origin.PERSON).values_list("code", "region", "variety", "nature", "subject")
    )
    held = {(*row.scope, row.valid_from): row for row in RuleValue.objects.filter(origin=RuleValue.Origin.FILE, replaced_at=None)}
    added, replaced, kept = [], 0, 0
    for new in rows():
        if new.scope in persons:
            kept += 1
            held.pop((*new.scope, new.valid_from), None)
            continue
        old = held.pop((*new.scope, new.valid_from), None)
        if old is not None and all(getattr(old, name) == getattr(new, name) for name in _FILED):
            continue
        if old is not None:
            replaced += 1
            RuleValue.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
        added.append(new)
    gone = [row.pk for row in held.values() if row.scope not in persons]
    retired = RuleValue.objects.filter(pk__in=gone).update(replaced_at=timezone.now()) if gone else 0
    RuleValue.objects.bulk_create(added)
    queries.forget()
    transaction.on_commit(queries.forget)
    return Loaded(len(added) - replaced, replaced, retired, kept)
