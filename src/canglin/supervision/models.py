"""Warnings of violations as the specification reports them: table 1309."""

from django.db import models

from canglin.standard.fields import Moment, Text
from canglin.standard.tables import StandardTable


class ViolationWarning(StandardTable):
    """违规预警: a warning of a violation, published for a depot or a person.

    Key: warning number (depot + yyyyMMdd + 3). ``subject_code`` is an enterprise (18) or a depot (21). ``handled_at``
    is text in the specification.
    """

    warning_no = Text("yjxxdm", "预警信息代码", 32, key=True, identifier="warning_no")
    published_at = Moment("fbsj", "预警发布时间", required=True)
    subject_type = Text("wgztlx", "违规主体类型", 2, required=True, codes="wgztlx")
    subject_code = Text("qydm", "违规单位代码", 21, required=True, ref="1101.dwdm")
    offender = Text("wgxwr", "违规行为人", 128)
    depots_concerned = Text("sjkd", "涉及库点", 128, required=True)
    violation_type = Text("wglx", "违规类型", 2, required=True, codes="wglx")
    details = Text("wgqk", "违规详情", 512, required=True)
    handling_status = Text("czzt", "当前处置状态", 2, required=True, codes="czzt")
    handling = Text("hxczqk", "处置内容", 512)
    handled_by = Text("hxczr", "处置人", 32)
    handled_at = Text("hxczsj", "处置时间", 19)

    class Standard:
        code, name, endpoint = "1309", "违规预警", "wgyjxx"

    class Meta:
        verbose_name = verbose_name_plural = "违规预警"
        indexes = [models.Index(fields=["in_enterprise", "published_at"], name="violation_warning_at")]
