"""Warehouses (仓房): table 1103."""

from django.db import models

from canglin.registry import rules
from canglin.standard.fields import Amount, Day, Text, Whole
from canglin.standard.tables import StandardTable


class Warehouse(StandardTable):
    """仓房信息: a building that holds grain. Numbered together with the depot's oil tanks (1106).

    Key: the depot's code and four digits (25). Capacity in t, measures in m, volume in m³. Grades Ⅰ–Ⅳ are as the
    depot declares them.
    """

    warehouse_code = Text("cfdm", "仓房代码", 25, key=True, identifier="warehouse")
    warehouse_name = Text("cfmc", "仓房名称", 256, required=True)
    depot_code = Text("kqdm", "库区代码", 21, required=True, ref="1102.kqdm", identifier="depot")
    warehouse_type = Text("cflxdm", "仓房类型代码", 8, required=True, codes="cflxdm")
    in_use_since = Day("jfsyrq", "交付使用日期")
    builder = Text("jsdw", "建设单位", 256)
    design_life = Text("sjsynx", "设计使用年限", 32)
    designer = Text("sjdw", "设计单位", 256)
    site_supervisor = Text("jldw", "监理单位", 256)
    wall_structure = Text("qtjg", "墙体结构", 2, required=True, codes="qtjg")
    roof_structure = Text("fdjg", "房顶结构", 2, required=True, codes="fdjg")
    truss_structure = Text("fjjg", "房架结构", 2, required=True, codes="fjjg")
    floor_structure = Text("dmjg", "地面结构", 2, required=True, codes="dmjg")
    design_capacity_t = Amount("sjcr", "设计仓容", 20, 6, required=True, unit="t")
    outer_length_m = Amount("cwc", "仓外长", 20, 6, unit="m")
    outer_width_m = Amount("cwk", "仓外宽", 20, 6, unit="m")
    outer_eaves_height_m = Amount("cwyg", "仓外檐高", 20, 6, unit="m")
    outer_ridge_height_m = Amount("cwdg", "仓外顶高", 20, 6, unit="m")
    silo_outer_diameter_m = Amount("tcwj", "筒仓外径", 20, 6, unit="m")
    inner_length_m = Amount("cnc", "仓内长", 20, 6, unit="m")
    inner_width_m = Amount("cnk", "仓内宽", 20, 6, unit="m")
    inner_eaves_height_m = Amount("cnyg", "仓内檐高", 20, 6, unit="m")
    grain_line_height_m = Amount("cnzlxg", "仓内装粮线高", 20, 6, unit="m")
    silo_inner_diameter_m = Amount("tcnj", "筒仓内径", 20, 6, unit="m")
    inner_volume_m3 = Amount("cntj", "仓内体积", 20, 6, unit="m³")
    door_count = Whole("cmsl", "仓门数量")
    door_position = Text("cmwz", "仓门位置", 256)
    door_height_m = Amount("cmgd", "仓门高度", 20, 6, unit="m")
    door_width_m = Amount("cmkd", "仓门宽度", 20, 6, unit="m")
    grain_retaining_door_type = Text("dlmxs", "挡粮门型式", 2, codes="dlmxs")
    is_intact = Text("cfsfwh", "仓房是否完好", 1, required=True, codes="cfsfwh")
    storage_class = Text("clgx", "储粮功效", 1, required=True, codes="clgx")
    is_insulated = Text("nfgrbw", "能否隔热保温", 1, required=True, codes="nfgrbw")
    insulation_measures = Text("grbwcs", "隔热保温措施", 512)
    insulation_grade = Text("grxn", "隔热性能", 1, required=True, codes="grxn")
    structure_material_grade = Text("jgcl", "结构材料", 1, required=True, codes="jgcl")
    airtightness_grade = Text("qmx", "气密性", 1, required=True, codes="qmx")
    is_digitised = Text("sfyjxxxhgz", "是否已进行信息化改造", 1, required=True, codes="sfyjxxxhgz")
    condition_monitoring_grade = Text("lqjs", "粮情技术", 1, required=True, codes="lqjs")
    takes_bulk = Text("nfszcc", "能否散装储存", 1, required=True, codes="nfszcc")
    has_pest_proofing = Text("ywfsfqfczz", "有无防鼠防雀防虫装置及设施", 1, required=True, codes="ywfsfqfczz")
    has_fire_and_theft_protection = Text("ywfhfbfdss", "有无防火防爆防盗设施", 1, required=True, codes="ywfhfbfdss")
    has_mechanical_ventilation = Text("ywjxtfss", "有无机械通风设施", 1, required=True, codes="ywjxtfss")
    ventilation_system_type = Text("tfxtxs", "通风系统型式", 1, codes="tfxtxs")
    ventilation_grade = Text("tfjs", "通风技术", 1, required=True, codes="tfjs")
    takes_recirculating_fumigation = Text("nfhlxzsc", "能否环流熏蒸杀虫", 1, required=True, codes="nfhlxzsc")
    disinfestation_grade = Text("scjs", "杀虫技术", 1, codes="scjs")
    takes_nitrogen_storage = Text("nffddyqtcl", "能否富氮低氧气调储粮", 1, required=True, codes="nffddyqtcl")
    temperature_control_grade = Text("kwjs", "控温技术", 1, codes="kwjs")
    pest_detection_method = Text("hcjcfs", "害虫检测方式", 2, required=True, codes="hcjcfs")
    condition = Text("cfzt", "仓房状态", 1, required=True, codes="cfzt")
    keeper = Text("bgr", "保管员", 128, required=True)
    longitude = Amount("jd", "仓房经度", 20, 6)
    latitude = Amount("wd", "仓房纬度", 20, 6)

    class Standard:
        code, name, endpoint = "1103", "仓房信息", "cfxx"
        rules = (rules.coordinates,)

    class Meta:
        verbose_name = verbose_name_plural = "仓房信息"
        indexes = [models.Index(fields=["in_depot"], name="warehouse_at")]
