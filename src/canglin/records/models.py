"""The log and its Merkle tree as stored.

`Record` is append-only and partitioned by the month of receipt. Its leaf hashes are the leaves of one RFC 6962 tree; of the
inner nodes only those of level 8 and above are kept (one for 256 leaves), the rest is computed from leaf hashes when asked.
"""

from django.db import models


class Record(models.Model):
    """One log entry: a version of a record, or its removal.

    ``number`` counts from 1 without gaps; leaf ``number - 1`` of the tree. ``payload`` is the record in canonical form ``form``
    (RFC 8785; see standard.canonical), without its operation. ``source`` is ``app:<appid>`` or ``user:<name>``. ``stated_at``
    is the record's own last change (zhgxsj), ``received_at`` when the platform took it; the latter never runs backwards.
    """

    number = models.BigIntegerField("日志号", primary_key=True)
    table_code = models.CharField("数据表", max_length=4)
    key = models.CharField("主键", max_length=255)
    operation = models.CharField("操作", max_length=1)
    form = models.CharField("规范形式", max_length=4)
    payload = models.TextField("内容")
    source = models.CharField("来源", max_length=170)
    channel = models.CharField("通道", max_length=8)
    received_at = models.DateTimeField("接收时间")
    stated_at = models.DateTimeField("最后更新时间")
    in_enterprise = models.CharField("所属单位", max_length=18)
    in_depot = models.CharField("所属库区", max_length=21)
    leaf_hash = models.BinaryField("叶哈希")

    class Meta:
        # Django cannot declare a partitioned table; migration 0001 writes it in SQL.
        managed = False
        db_table = "records_record"
        ordering = ["number"]
        verbose_name = verbose_name_plural = "日志"

    def __str__(self) -> str:
        return f"{self.number} {self.table_code} {self.key}"


class Tree(models.Model):
    """The tree's head: one row. Whoever appends holds it FOR UPDATE, so appends are one after another in all processes.

    ``frontier`` holds the roots of the perfect subtrees from the largest to the smallest, 32 bytes each (one per set bit of size).
    """

    size = models.BigIntegerField("条数", default=0)
    frontier = models.BinaryField("前沿", default=b"")
    root = models.BinaryField("根哈希", default=b"")
    received_at = models.DateTimeField("最后接收", null=True)


class Node(models.Model):
    """An inner node of the tree: root of the perfect subtree over leaves [index·2^level, (index+1)·2^level). level ≥ 8."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()
