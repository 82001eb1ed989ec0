"""The small things pages hand to components."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from canglin.ui import formats


@dataclass(frozen=True)
class Crumb:
    """A step of the way to this page."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Empty:
    """What stands where there is nothing: what is missing, why, and what to do about it."""

    title: str
    why: str = ""
    action: str = ""
    href: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class Figure:
    """A figure card. ``change`` is the difference to the period before; ``rising_is`` says whether growth is good."""

    label: str
    value: Any
    unit: str = ""
    digits: int | None = None
    as_of: datetime | None = None
    change: Any = None
    change_label: str = ""
    rising_is: str = "neutral"
    note: str = ""
    href: str = ""
    tone: str = ""
    share: float | None = None

    @property
    def shown(self) -> str:
        """The value as written; text stays as it is."""
        return self.value if isinstance(self.value, str) else formats.number(self.value, self.digits)

    @property
    def change_shown(self) -> str:
        """The difference with its sign."""
        text = formats.number(self.change, self.digits)
        return f"+{text}" if self.change and self.change > 0 else text

    @property
    def change_icon(self) -> str:
        """Up, down or level."""
        if not self.change:
            return "minus"
        return "arrow-up-right" if self.change > 0 else "arrow-down-right"

    @property
    def change_tone(self) -> str:
        """Good or bad, when growth means either."""
        if not self.change or self.rising_is == "neutral":
            return "neutral"
        return "good" if (self.change > 0) == (self.rising_is == "good") else "bad"


@dataclass(frozen=True)
class Fact:
    """A line of a description list. ``standard_id`` is the field's number in the data standard."""

    label: str
    value: Any
    unit: str = ""
    standard_id: str = ""
    note: str = ""
    tone: str = ""
    href: str = ""
    wide: bool = False

    @property
    def shown(self) -> str:
        """The value as written."""
        if isinstance(self.value, datetime):
            return formats.moment(self.value)
        if self.value is None or self.value == "":
            return formats.NOTHING
        if isinstance(self.value, bool):
            return "是" if self.value else "否"
        if isinstance(self.value, str):
            return self.value
        return formats.number(self.value) if hasattr(self.value, "as_tuple") or self.unit else str(self.value)


@dataclass(frozen=True)
class Event:
    """A point of a timeline."""

    at: datetime
    title: str
    text: str = ""
    who: str = ""
    icon: str = "point"
    tone: str = "neutral"
    href: str = ""


@dataclass(frozen=True)
class Tab:
    """A tab that is an address of its own; ``count`` stands beside it."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Node:
    """A node of a tree."""

    label: str
    href: str = ""
    note: str = ""
    icon: str = ""
    open: bool = False
    current: bool = False
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """How far a job is. ``total`` None: not known yet."""

    label: str
    done: int = 0
    total: int | None = None
    state: str = "running"
    message: str = ""
    result_label: str = ""
    result_href: str = ""

    @property
    def running(self) -> bool:
        """Whether it is worth asking again."""
        return self.state in ("queued", "running")

    @property
    def share(self) -> int:
        """Whole percent done."""
        return min(100, self.done * 100 // self.total) if self.total else 0
