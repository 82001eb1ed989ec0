"""What a depot keeps besides grain: equipment and chemicals, tables 1107, 1108."""

from django.db import models

from canglin.standard.fields import Amount, Day, Text
from canglin.standard.tables import StandardTable


class Equipment(StandardTable):
    """设备信息: a scale, fan, detector or other device of a depot, with its last calibration (检定).

    Key: depot and equipment number. Types follow LS/T 1706-2017.
    """

    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    enterprise_code = Text("dwdm", "单位代码", 18, required=True, ref="1101.dwdm", identifier="uscc")
    depot_name = Text("kqmc", "库区名称", 256, required=True)
    equipment_no = Text("sbbh", "设备编号", 20, key=True)
    equipment_name = Text("sbyqmc", "设备仪器名称", 50, required=True)
    equipment_type = Text("sbyqdm", "设备仪器代码", 8, required=True, standard="LS/T 1706-2017")
    model = Text("sbggxh", "设备规格型号", 50)
    manufacturer = Text("sccj", "生产厂家", 256)
    manufactured_on = Day("scrq", "生产日期")
    description = Text("sbms", "设备描述", 512)
    condition = Text("sbzt", "设备状态", 1, codes="sbzt")
    calibrated_on = Day("jdsj", "检定时间")
    calibrated_by = Text("jddw", "检定单位", 256)

    class Standard:
        code, name, endpoint = "1107", "设备信息", "sbxx"
        key = ("depot_code", "equipment_no")

    class Meta:
        verbose_name = verbose_name_plural = "设备信息"
        indexes = [models.Index(fields=["in_depot"], name="equipment_at")]


class Chemical(StandardTable):
    """药剂信息: the stock of one purchase of a fumigant or protectant.

    Key: chemical number, depot and day of purchase. ``stock_quantity`` is in kg unless ``stock_unit`` says grams (2)
    or millilitres (3): the specification prints kg and still lets the depot choose, so never add quantities without
    looking at the unit.
    """

    chemical_no = Text("yjbh", "药剂编号", 24, key=True)
    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    purchased_on = Day("cgrq", "采购日期", key=True)
    enterprise_code = Text("dwdm", "单位代码", 18, required=True, ref="1101.dwdm", identifier="uscc")
    depot_name = Text("kqmc", "库区名称", 256, required=True)
    chemical_name = Text("yjmc", "药剂名称", 20, required=True)
    packaging = Text("bzw", "包装物", 1, required=True, codes="bzw")
    model = Text("ggxh", "型号规格", 256, required=True)
    safety_instructions = Text("aqsysms", "安全使用说明书", 1000)
    manufacturer = Text("sccj", "生产厂家", 40)
    purchased_from = Text("cgly", "采购来源", 40)
    storage_conditions = Text("cctj", "储存条件", 200, standard="LS 1212-2008")
    storage_place = Text("ccdd", "储存地点", 1, required=True, codes="ccdd")
    packaging_disposal = Text("bzwclfs", "包装物处理方式", 1000, standard="LS 1212-2008")
    residue_disposal = Text("czclfs", "残渣处理方式", 1000, standard="LS 1212-2008")
    shelf_life = Text("bzq", "保质期", 20, required=True)
    stock_quantity = Amount("kcsl", "库存数量", 20, 6, required=True, unit="kg")
    stock_unit = Text("kcsldw", "库存数量单位", 1, codes="kcsldw")

    class Standard:
        code, name, endpoint = "1108", "药剂信息", "yjxx"
        key = ("chemical_no", "depot_code", "purchased_on")

    class Meta:
        verbose_name = verbose_name_plural = "药剂信息"
        indexes = [models.Index(fields=["in_depot"], name="chemical_at")]
