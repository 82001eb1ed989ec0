"""Who may do what: the one table of roles, and the verbs it is written in.

A verb is ``subject.action``. Subjects are the rooms (and, of this room, people, applications and the audit trail);
actions are

* ``view``    see pages and read through the API,
* ``export``  take data out as a file,
* ``submit``  hand in records of the standard by form or spreadsheet, for the places in one's area,
* ``change``  change what the platform itself keeps (plans, applications, people, rules),
* ``approve`` decide what somebody else asked for.

Whatever is not granted here is denied. An account has one role, so that system, security and audit administrators
exclude each other by construction (三权分立, GB/T 22239-2019 8.1.4.2). None of the three may change business data.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

Action = Literal["view", "export", "submit", "change", "approve"]

SUBJECTS: dict[str, str] = {
    "overview": "总览",
    "registry": "库点基础信息",
    "stock": "购销与库存",
    "quality": "质量",
    "storage": "储粮",
    "plans": "计划",
    "video": "视频",
    "supervision": "监管预警",
    "gateway": "数据接入",
    "records": "数据记录",
    "lake": "数据湖",
    "rulebook": "规则库",
    "people": "人员",
    "applications": "接入应用",
    "audit": "审计日志",
}
ACTIONS: dict[str, str] = {"view": "查看", "export": "导出", "submit": "填报", "change": "变更", "approve": "审批"}

#: What officers of a bureau read: everything but the administration of the platform itself.
_BUSINESS = (
    "overview",
    "registry",
    "stock",
    "quality",
    "storage",
    "plans",
    "video",
    "supervision",
    "gateway",
    "records",
    "lake",
    "rulebook",
)
_READ = tuple(f"{subject}.{action}" for subject in _BUSINESS for action in ("view", "export"))
_OWN_DEPOT = (
    "overview.view",
    "registry.view",
    "stock.view",
    "quality.view",
    "storage.view",
    "video.view",
    "supervision.view",
    "gateway.view",
    "records.view",
    "rulebook.view",
)


#: Records that may be handed in for a depot, by itself or by those in charge of it.
_FOR_DEPOTS = tuple(
    f"{subject}.submit" for subject in ("records", "registry", "stock", "quality", "storage", "video", "supervision")
)


@dataclass(frozen=True)
class Role:
    """A role: its short English name, its Chinese name, what it is for, and the verbs it grants. ``*.view`` grants
    every subject."""

    name: str
    label: str
    purpose: str
    grants: tuple[str, ...]
    #: The kinds of area an account of this role may have (see rules.Area).
    areas: tuple[str, ...] = ("nation", "region")
    #: Whether it administers the platform (one of the three separate duties).
    administers: bool = False


_TABLE = (
    Role(
        "admin",
        "系统管理员",
        "开设账号与接入应用，维护平台；不改业务数据，不改规则。",
        ("*.view", "people.change", "applications.change", "gateway.change", "gateway.export", "people.export"),
        administers=True,
    ),
    Role(
        "security",
        "安全管理员",
        "授予角色与辖区，停用账号，核查越权与锁定。",
        (
            "overview.view",
            "people.view",
            "people.export",
            "people.approve",
            "applications.view",
            "applications.approve",
            "gateway.view",
        ),
        administers=True,
    ),
    Role(
        "audit",
        "审计管理员",
        "查看并导出审计日志。",
        (
            "overview.view",
            "audit.view",
            "audit.export",
            "people.view",
            "applications.view",
            "records.view",
            "rulebook.view",
        ),
        administers=True,
    ),
    Role(
        "plans",
        "计划调控岗",
        "下达和调整储备、轮换计划。",
        (*_READ, "plans.change", "plans.approve", "plans.submit", "supervision.submit"),
    ),
    Role(
        "stock",
        "储备管理岗",
        "库存、轮换、损耗的审核与清算。",
        (*_READ, "stock.change", "stock.approve", "registry.change", "records.approve", "supervision.submit"),
    ),
    Role(
        "quality",
        "质量管理岗",
        "质量检验与质量安全监管。",
        (*_READ, "quality.change", "quality.approve", "supervision.submit"),
    ),
    Role(
        "rules",
        "规则管理岗",
        "维护规则库中的定额、标准与预警阈值，须写明依据。",
        (*_READ, "rulebook.change"),
    ),
    Role(
        "enforcement",
        "执法督查岗",
        "处置预警，开展检查，办理线索。",
        (*_READ, "supervision.change", "supervision.approve", "supervision.submit"),
    ),
    Role(
        "discipline",
        "纪检监察岗",
        "只读监督：查看全部业务、预警与审计日志。",
        (*_READ, "audit.view", "audit.export", "people.view"),
    ),
    Role(
        "bureau",
        "综合业务岗",
        "一人兼管计划、储备、质量和监管的局（市县常见）；不管账号、应用和规则。",
        (
            *_READ,
            *(f"{subject}.change" for subject in ("plans", "stock", "quality", "supervision", "registry")),
            *(f"{subject}.approve" for subject in ("plans", "stock", "quality", "supervision", "records")),
            *_FOR_DEPOTS,
            "plans.submit",
        ),
    ),
    Role(
        "county",
        "县级主管岗",
        "本县（市、区）的监管与处置，代没有系统的库点填报。",
        (*_READ, *_FOR_DEPOTS, "supervision.change", "plans.submit"),
    ),
    Role(
        "manager",
        "库点负责人",
        "本单位、本库点的数据填报、确认与整改。",
        (
            *_OWN_DEPOT,
            "plans.view",
            "stock.export",
            "quality.export",
            "storage.export",
            "registry.export",
            "gateway.export",
            "records.export",
            *_FOR_DEPOTS,
        ),
        areas=("enterprise", "depots"),
    ),
    Role(
        "keeper",
        "保管员",
        "本库点货位的日常填报。",
        (*_OWN_DEPOT, "records.submit", "stock.submit", "storage.submit"),
        areas=("enterprise", "depots"),
    ),
    Role(
        "viewer",
        "查阅",
        "只看，不填报，不导出。",
        tuple(f"{subject}.view" for subject in _BUSINESS),
        areas=("nation", "region", "enterprise", "depots"),
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _TABLE}


class UnknownVerb(LookupError):
    """A verb that is not in the vocabulary: a slip in our own code, never something a user did."""


def check(verb: str) -> None:
    """Raise UnknownVerb unless ``verb`` is ``subject.action`` of the vocabulary."""
    subject, _, action = verb.partition(".")
    if subject not in SUBJECTS or action not in get_args(Action):
        raise UnknownVerb(f"{verb!r}: subjects are {', '.join(SUBJECTS)}; actions are {', '.join(ACTIONS)}")


@cache
def grants(role: str, verb: str) -> bool:
    """Whether the role holds the verb. An unknown role holds nothing. Raises UnknownVerb."""
    check(verb)
    found = ROLES.get(role)
    return found is not None and (verb in found.grants or f"*.{verb.partition('.')[2]}" in found.grants)


def label(verb: str) -> str:
    """The verb as people read it: 变更规则库."""
    check(verb)
    subject, _, action = verb.partition(".")
    return f"{ACTIONS[action]}{SUBJECTS[subject]}"
