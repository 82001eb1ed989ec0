"""The stock ledger as stored: accounts, the moves between them, and what each account changed by per month and per day.

All four are views of the log, written by ``stock.ledger.effect`` alone and made again by ``canglin rebuild``. Amounts
are kg with six decimals, in two quantities: priced (净重, 计价数量) and weighed (毛重 − 皮重, 实际数量).
"""

from decimal import Decimal

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint


def _quantity(name: str) -> "models.DecimalField[Decimal, Decimal]":
    """kg to the milligram. Wider than a ticket's own decimal(20, 6): sums of many must fit."""
    return models.DecimalField(name, max_digits=28, decimal_places=6)


class Account(models.Model):
    """What can hold grain: a lot's grain of one kind, or a counterpart of a depot (supplier, customer, loss, …).

    ``id`` is a digest of the other columns (see ledger.accounts), so it needs no look-up and is the same after a
    rebuild. ``depot_code`` is the first 21 characters of the lot. Dimensions a record does not state are empty ('' and
    0); ``rules.composition`` says at reading what they most likely are. ``other_lot_code`` is set on what was
    transferred: the lot at the other end. ``priced_kg`` and ``weighed_kg`` are the balance of everything booked,
    whatever its date; ``number`` is the last log entry that moved it.
    """

    class Kind(models.TextChoices):
        """The accounts of double entry; codes are what the ledger stores."""

        LOT = "lot", "货位"
        SUPPLIER = "supplier", "供粮方"
        CUSTOMER = "customer", "购粮方"
        LOSS = "loss", "损溢"
        NATURE = "nature", "性质转变"
        TRANSIT = "transit", "在途"

    id = models.BigIntegerField("账户号", primary_key=True)
    kind = models.CharField("账户类别", max_length=8, choices=Kind.choices)
    depot_code = models.CharField("库区代码", max_length=21)
    lot_code = models.CharField("货位代码", max_length=30, default="")
    variety_code = models.CharField("粮食品种代码", max_length=7, default="")
    nature_code = models.CharField("粮食性质代码", max_length=3, default="")
    harvest_year = models.SmallIntegerField("收获年度", default=0)
    other_lot_code = models.CharField("对方货位代码", max_length=30, default="")
    priced_kg = _quantity("计价数量")
    weighed_kg = _quantity("实际数量")
    number = models.BigIntegerField("最后日志号")

    class Meta:
        verbose_name = verbose_name_plural = "库存账户"
        constraints = [
            UniqueConstraint(
                fields=["lot_code", "depot_code", "kind", "variety_code", "nature_code", "harvest_year", "other_lot_code"],
                name="stock_account_identity",
            ),
            CheckConstraint(condition=Q(kind="lot") ^ Q(lot_code=""), name="stock_account_only_lots_have_a_lot"),
        ]
        indexes = [Index(fields=["depot_code"], name="stock_account_depot")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.lot_code or self.depot_code}"


class Move(models.Model):
    """An amount that flowed into the lot's ``account_id`` from ``contra_id`` (out of it when negative). Append-only.

    Every move has a lot on one side and a counterpart on the other; from lot to lot are two moves through transit.
    ``number`` is the log entry that caused it. A changed or removed record first posts the moves of its old version
    with the sign turned, at the old business time, and ``reverses`` names the old version's log entry.
    """

    pk = models.CompositePrimaryKey("number", "seq")
    number = models.BigIntegerField("日志号")
    seq = models.SmallIntegerField("序号")
    # No foreign keys: PostgreSQL would look each up again, row by row, though the accounts are written in the same
    # statement.
    account_id = models.BigIntegerField("货位账户")
    contra_id = models.BigIntegerField("对方账户")
    priced_kg = _quantity("计价数量")
    weighed_kg = _quantity("实际数量")
    business_at = models.DateTimeField("业务时间")
    received_at = models.DateTimeField("接收时间")
    table_code = models.CharField("数据表", max_length=4)
    key = models.CharField("主键", max_length=255)
    reverses = models.BigIntegerField("冲销日志号", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "库存分录"
        indexes = [
            Index(fields=["account_id", "business_at"], name="stock_move_account"),
            # Rows lie in the order of receipt, which a BRIN index finds again at hardly any cost in writing.
            BrinIndex(fields=["received_at"], name="stock_move_received", pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"{self.number}.{self.seq}"


class MonthNet(models.Model):
    """Monthly closing (月结): what an account changed by in one month of business time (China's calendar). Zero rows
    stay."""

    pk = models.CompositePrimaryKey("account_id", "month")
    account_id = models.BigIntegerField("账户")
    month = models.DateField("月份", help_text="first day of the month")
    priced_kg = _quantity("计价数量")
    weighed_kg = _quantity("实际数量")

    class Meta:
        verbose_name = verbose_name_plural = "月结"

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m}"


class DayNet(models.Model):
    """What a lot's account changed by on one day: a month of a busy account may have 100,000 moves, never more than 31
    days."""

    pk = models.CompositePrimaryKey("account_id", "day")
    account_id = models.BigIntegerField("账户")
    day = models.DateField("日期")
    priced_kg = _quantity("计价数量")
    weighed_kg = _quantity("实际数量")

    class Meta:
        verbose_name = verbose_name_plural = "日结"
        indexes = [Index(fields=["day"], name="stock_daynet_day")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"
