"""Safety risks and hazards: table 1301."""

from django.db import models

from canglin.standard.fields import Text
from canglin.standard.tables import StandardTable


class SafetyRisk(StandardTable):
    """安全管理: a risk point of a depot, the hazards found there and how they were put right.

    Key: depot and risk number (region 6 + yyyyMMdd + 4). ``rectify_by`` is text in the specification.
    """

    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    enterprise_code = Text("dwdm", "单位代码", 18, required=True, ref="1101.dwdm", identifier="uscc")
    depot_name = Text("kqmc", "库区名称", 256, required=True)
    place = Text("dd", "地点", 128, required=True)
    risk_no = Text("fxdbm", "风险点编码", 18, key=True, identifier="risk_no")
    identified_by = Text("sbr", "识别人", 32, required=True)
    process_or_part = Text("hjbw", "环节/部位", 128)
    risk = Text("fxxx", "风险信息", 256)
    risk_type = Text("fxlx", "风险类型", 1, codes="fxlx")
    risk_level = Text("fxfj", "风险分级", 1, codes="fxfj")
    control_measures = Text("fxglcs", "风险管控措施", 1000)
    hazard = Text("yhxx", "隐患信息", 256, alias="Yhxx")
    hazard_check = Text("yhpcxx", "隐患排查信息", 1000)
    hazard_rectification = Text("yhzgxx", "隐患整改信息", 1000)
    hazard_acceptance = Text("yhysxx", "隐患整改验收信息", 1000)
    accident = Text("sgjbxx", "事故基本信息", 1000)
    rectify_by = Text("zgsx", "整改时限", 10)
    responsible_unit = Text("zrdw", "责任单位", 128)
    responsible_person = Text("zrr", "责任人", 32)
    rectification_acceptance = Text("zgysxx", "整改验收信息", 1024)
    follow_up_person = Text("fxgzjgzrr", "风险跟踪监管责任人", 32)

    class Standard:
        code, name, endpoint = "1301", "安全管理", "aqgl"
        key = ("depot_code", "risk_no")

    class Meta:
        verbose_name = verbose_name_plural = "安全管理"
        indexes = [models.Index(fields=["in_depot"], name="safety_risk_at")]
