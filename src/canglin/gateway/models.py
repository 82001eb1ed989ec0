"""What the gateway itself keeps: refused records, daily counts, uploaded files, answers to repeated batch calls."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Refusal(models.Model):
    """A record that was refused, with its reasons; kept 90 days (REFUSALS_KEPT_DAYS) for the depot and the bureau.

    ``payload`` is what was sent, as text, cut at 64 KiB; ``violations`` a list of {field, rule, found, expected}. ``code`` is the
    v2022 reply code. ``in_enterprise`` and ``in_depot`` are the sender's, since the record itself may not say.
    """

    received_at = models.DateTimeField("接收时间", db_index=True)
    source = models.CharField("来源", max_length=170)
    channel = models.CharField("通道", max_length=8)
    table_code = models.CharField("数据表", max_length=4)
    key = models.CharField("主键", max_length=255)
    code = models.SmallIntegerField("返回码")
    violations = models.JSONField("原因")
    payload = models.TextField("内容")
    in_enterprise = models.CharField("所属单位", max_length=18)
    in_depot = models.CharField("所属库区", max_length=21)

    class Meta:
        verbose_name = verbose_name_plural = "被拒记录"
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["source", "-received_at"]), models.Index(fields=["in_depot", "-received_at"])]

    def __str__(self) -> str:
        return f"{self.table_code} {self.key} {self.code}"


class Tally(models.Model):
    """How many records per day, source, table and outcome; for refused and noted ones also per rule.

    ``outcome`` is taken, same, refused or noted (taken with a fault noted). ``rule`` is "" for taken and same. A refused record
    counts once with rule "" and once under each rule it broke.
    """

    day = models.DateField("日期")
    source = models.CharField("来源", max_length=170)
    in_enterprise = models.CharField("所属单位", max_length=18)
    table_code = models.CharField("数据表", max_length=4)
    outcome = models.CharField("结果", max_length=8)
    rule = models.CharField("规则", max_length=40)
    count = models.BigIntegerField("条数")
    last_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = verbose_name_plural = "接入计数"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "source", "in_enterprise", "table_code", "outcome", "rule"], name="gateway_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source} {self.table_code} {self.outcome} {self.rule}: {self.count}"


class UploadedFile(models.Model):
    """A picture or clip. Its bytes lie in the data folder under their SHA-256; here is who sent them and what they belong to.

    Not bound to a record after UNBOUND_MINUTES it is dropped. One file, one record.
    """

    class Kind(models.TextChoices):
        PICTURE = "jpg", "图片"
        CLIP = "mp4", "视频"

    id = models.CharField("文件编号", max_length=20, primary_key=True)
    kind = models.CharField("类型", max_length=3, choices=Kind.choices)
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.BigIntegerField("大小")
    name = models.CharField("文件名", max_length=255)
    source = models.CharField("来源", max_length=170)
    in_enterprise = models.CharField("所属单位", max_length=18)
    uploaded_at = models.DateTimeField("上传时间")
    bound_table = models.CharField("所属数据表", max_length=4, blank=True)
    bound_key = models.CharField("所属记录", max_length=255, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "上传文件"
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["bound_table", "bound_key"])]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class Answer(models.Model):
    """The answer given to a batch call with an Idempotency-Key, given again to a repeat for 24 hours."""

    source = models.CharField("来源", max_length=170)
    key = models.CharField("幂等键", max_length=128)
    request_sha256 = models.CharField("请求摘要", max_length=64)
    body = models.BinaryField("应答")
    answered_at = models.DateTimeField("应答时间", db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="gateway_answer_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class Import(models.Model):
    """An uploaded workbook on its way: read, checked and taken row by row by a job; its result file says what became of
    each row."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        READING = "reading", "读取中"
        SENDING = "sending", "接收中"
        DONE = "done", "完成"
        FAILED = "failed", "未能导入"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人")
    table_code = models.CharField("数据表", max_length=4)
    name = models.CharField("文件名", max_length=255)
    stored = models.CharField("存放名", max_length=64)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    rows = models.IntegerField("行数", default=0)
    done = models.IntegerField("已处理", default=0)
    taken = models.IntegerField("已接收", default=0)
    same = models.IntegerField("与已有相同", default=0)
    refused = models.IntegerField("未接收", default=0)
    failure = models.TextField("原因", blank=True)
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "表格导入"
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.table_code} {self.name}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (self.State.DONE, self.State.FAILED)
