"""People, applications, tokens and the audit trail."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from canglin import crypto
from canglin.accounts import rules
from canglin.accounts.roles import ROLES, Role
from canglin.accounts.rules import Area


def role_choices() -> list[tuple[str, str]]:
    """The roles and their names. A function, so that another role is no change of the schema."""
    return [(role.name, role.label) for role in ROLES.values()]


class User(AbstractUser):
    """A person's account: one role, one area. The name people read is ``name``; ``username`` is what they sign in
    with."""

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        "登录名",
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[\w.@-]{2,64}\Z", "2–64 位字母、数字、汉字或 . _ @ -")],
        error_messages={"unique": "该登录名已被使用"},
    )
    name = models.CharField("姓名", max_length=64)
    unit = models.CharField("所在单位", max_length=256, blank=True)
    role = models.CharField("角色", max_length=24, choices=role_choices)
    area_codes = ArrayField(models.CharField(max_length=21), verbose_name="辖区")
    must_change_password = models.BooleanField("须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "人员"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def area(self) -> Area:
        """What the account may see and touch."""
        return Area.parse(",".join(self.area_codes))

    @property
    def role_spec(self) -> Role:
        """The role's line in the table of roles. Raises KeyError when the role was taken out of the table."""
        return ROLES[self.role]

    def get_full_name(self) -> str:
        """The person's name; Django and its packages ask for it under this name."""
        return self.name or self.username

    def get_short_name(self) -> str:
        """The same: a Chinese name has no short form."""
        return self.get_full_name()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used: policy.may decides. Deny."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """See has_perm."""
        return False


class Token(models.Model):
    """A person's key to /api/v1 (``Authorization: Bearer``). Only its SHA-256 is kept: what the table shows opens
    nothing."""

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name="所属人员")
    name = models.CharField("用途", max_length=128)
    digest = models.BinaryField("摘要", unique=True)
    shown = models.CharField("前几位", max_length=16)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    expires_at = models.DateTimeField("到期时间", null=True, blank=True)
    revoked_at = models.DateTimeField("停用时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "访问令牌"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.shown}… {self.name}"

    def usable(self, at: datetime | None = None) -> bool:
        """Whether it opens anything at that moment (now)."""
        at = at or timezone.now()
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


#: Ways to protect a request that an application may be allowed.
SUITES: dict[str, str] = {"v2022": "现行接口（AES-256-ECB、MD5）", "sm": "国密套件（SM4-GCM、HMAC-SM3）"}


def _suites() -> list[str]:
    return list(SUITES)


class Application(models.Model):
    """The account of a depot's (or a bureau's) own system. It may exist before the enterprise has reported itself."""

    class State(models.TextChoices):
        ACTIVE = "active", "启用"
        DISABLED = "disabled", "停用"

    appid = models.CharField("应用标识", max_length=16, unique=True)
    name = models.CharField("名称", max_length=128)
    enterprise = models.CharField("单位代码", max_length=18, db_index=True)
    depots = ArrayField(models.CharField(max_length=21), verbose_name="限定库区", default=list, blank=True)
    sealed_key = models.BinaryField("封存的应用密钥")
    sealed_secret = models.BinaryField("封存的加密密钥")
    key_version = models.PositiveIntegerField("密钥版本", default=1)
    plain = models.BooleanField("允许明文", default=False)
    suites = ArrayField(models.CharField(max_length=8), verbose_name="允许的安全套件", default=_suites)
    per_minute = models.PositiveIntegerField("每分钟请求上限", default=60_000)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.ACTIVE)
    last_seen_at = models.DateTimeField("最近接入", null=True)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    changed_at = models.DateTimeField("变更时间", auto_now=True, db_index=True)

    class Meta:
        verbose_name = "接入应用"
        ordering = ["name", "appid"]

    def __str__(self) -> str:
        return f"{self.name} {self.appid}"

    def _context(self, what: str) -> str:
        return f"application:{self.appid}:{what}:{self.key_version}"

    def put_keys(self, app_key: str, secret: str) -> None:
        """Seal both for the present key version (not saved yet)."""
        self.sealed_key = crypto.seal(app_key.encode(), self._context("app_key"))
        self.sealed_secret = crypto.seal(secret.encode(), self._context("secret"))

    @property
    def app_key(self) -> str:
        """The key it signs in with. Raises crypto.SealBroken."""
        return crypto.unseal(self.sealed_key, self._context("app_key")).decode()

    @property
    def secret(self) -> str:
        """The cipher's key, 32 lowercase hex characters. Raises crypto.SealBroken."""
        return crypto.unseal(self.sealed_secret, self._context("secret")).decode()

    @property
    def active(self) -> bool:
        """Whether it may sign in and report."""
        return self.state == self.State.ACTIVE

    @property
    def is_bureau(self) -> bool:
        """Whether it reports for other enterprises' depots and must name the depot in ``stockHouse``."""
        return rules.is_bureau(self.enterprise, self.depots)

    def allows(self, in_enterprise: str, in_depot: str, stock_house: str = "") -> bool:
        """Whether it may hand in a record of that enterprise and depot; see rules.allows."""
        return rules.allows(self.enterprise, self.depots, in_enterprise, in_depot, stock_house)


class AuditEntry(models.Model):
    """One line of the audit trail. Written by ``audit.record`` only; the database refuses to change or delete it."""

    class Result(models.TextChoices):
        DONE = "done", "成功"
        DENIED = "denied", "拒绝"
        FAILED = "failed", "失败"

    class Channel(models.TextChoices):
        WEB = "web", "页面"
        API = "api", "接口"
        CONSOLE = "console", "控制台"
        JOB = "job", "后台任务"

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    #: Not a foreign key: the trail outlives what it speaks of.
    user_id = models.BigIntegerField("人员号", null=True, db_index=True)
    who = models.CharField("操作人", max_length=128)
    role = models.CharField("角色", max_length=24, blank=True)
    channel = models.CharField("途径", max_length=8, choices=Channel.choices)
    address = models.GenericIPAddressField("来源地址", null=True)
    verb = models.CharField("操作", max_length=64, db_index=True)
    object_kind = models.CharField("对象类型", max_length=64, blank=True)
    object_key = models.CharField("对象", max_length=255, blank=True, db_index=True)
    object_label = models.CharField("对象名称", max_length=255, blank=True)
    area = models.CharField("涉及辖区", max_length=255, blank=True)
    before = models.JSONField("变更前", null=True)
    after = models.JSONField("变更后", null=True)
    result = models.CharField("结果", max_length=8, choices=Result.choices, default=Result.DONE)
    detail = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "审计日志"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.who} {self.verb} {self.object_key}"
