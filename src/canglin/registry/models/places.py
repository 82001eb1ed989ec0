"""From depot down to lot: tables 1102, 1104, 1105, 1106. Warehouses stand in their own file, they are long."""

from django.db import models

from canglin.registry import rules
from canglin.standard.fields import Amount, Day, Text, Whole
from canglin.standard.tables import StandardTable


class Depot(StandardTable):
    """库区信息: a site of an enterprise; the unit that reports.

    Key: the enterprise's code and three digits (21). ``warehouse_capacity_t`` and ``tank_capacity_t`` are tonnes (t),
    the site's area is m².
    """

    depot_code = Text("kqdm", "库区代码", 21, key=True, identifier="depot")
    enterprise_code = Text("dwdm", "单位代码", 18, required=True, ref="1101.dwdm", identifier="uscc")
    depot_name = Text("kqmc", "库区名称", 256, required=True)
    depot_address = Text("kqdz", "库区地址", 512, required=True)
    region_code = Text("xzqhdm", "行政区划代码", 6, required=True, standard="GB/T 2260-2007", identifier="region")
    ownership = Text("kqcq", "库区产权", 1, required=True, codes="kqcq")
    warehouse_capacity_t = Amount("yxcr", "有效仓容", 20, 6, required=True, unit="t")
    tank_capacity_t = Amount("yxgr", "有效罐容", 20, 6, required=True, unit="t")
    site_area_m2 = Amount("zdmj", "占地面积", 20, 6, required=True, unit="m²")
    warehouse_count = Whole("cfs", "仓房数", required=True)
    tank_count = Whole("ygs", "油罐数", required=True)
    longitude = Amount("jd", "库区经度", 20, 6, required=True)
    latitude = Amount("wd", "库区纬度", 20, 6, required=True)

    class Standard:
        code, name, endpoint = "1102", "库区信息", "kqxx"
        rules = (rules.coordinates,)

    class Meta:
        verbose_name = verbose_name_plural = "库区信息"
        indexes = [models.Index(fields=["in_enterprise"], name="depot_at")]


class Compartment(StandardTable):
    """廒间信息: a room of a warehouse, or the one room of an oil tank.

    Key: the warehouse's or tank's code and three digits (28). ``warehouse_code`` names a warehouse (1103) or an oil
    tank (1106).
    """

    compartment_code = Text("ajdh", "廒间代码", 28, key=True, identifier="compartment")
    compartment_name = Text("ajmc", "廒间名称", 256, required=True)
    warehouse_code = Text("cfbh", "仓房(或油罐)编码", 25, required=True, ref="1103.cfdm", identifier="warehouse")
    length_m = Amount("ajcd", "廒间长度", 8, 4, unit="m")
    width_m = Amount("ajkd", "廒间宽度", 8, 4, unit="m")
    height_m = Amount("ajgd", "廒间高度", 8, 4, unit="m")
    design_capacity_t = Amount("ajsjcr", "廒间设计仓容", 20, 3, required=True, unit="t")
    phone = Text("ajlxdh", "廒间联系电话", 20)
    in_use_since = Day("ajqyrq", "廒间启用日期")
    condition = Text("ajzt", "廒间状态", 1, required=True, codes="ajzt")

    class Standard:
        code, name, endpoint = "1104", "廒间信息", "ajxx"

    class Meta:
        verbose_name = verbose_name_plural = "廒间信息"
        indexes = [models.Index(fields=["in_depot"], name="compartment_at")]


class StorageLot(StandardTable):
    """货位信息: a lot, the heap of grain that is booked, measured and inspected as one.

    Key: the compartment's code and two digits (30); a tank's lot is the tank's code and ``00001``. A name ending in
    ``//xn`` marks a virtual lot. Capacity in t, while everything that moves in a lot is in kg.
    """

    lot_code = Text("hwdm", "货位代码", 30, key=True, identifier="lot")
    lot_name = Text("hwmc", "货位名称", 256, required=True)
    compartment_code = Text("ajdm", "廒间代码", 28, required=True, ref="1104.ajdh", identifier="compartment")
    in_use_since = Day("hwqyrq", "货位启用日期", required=True)
    capacity_t = Amount("hwrl", "货位容量", 20, 6, unit="t")
    custody_unit = Text("bgdw", "保管单位", 128)
    keeper = Text("bgy", "保管员", 128)

    class Standard:
        code, name, endpoint = "1105", "货位信息", "hwxx"

    class Meta:
        verbose_name = verbose_name_plural = "货位信息"
        indexes = [models.Index(fields=["in_depot"], name="storage_lot_at")]


class OilTank(StandardTable):
    """油罐信息: an oil tank. Numbered together with the depot's warehouses (1103).

    Key: the depot's code and four digits (25). Capacity in t.
    """

    tank_code = Text("ygdm", "油罐代码", 25, key=True, identifier="warehouse")
    tank_name = Text("ygmc", "油罐名称", 256, required=True)
    depot_code = Text("kqdm", "库区代码", 21, required=True, ref="1102.kqdm", identifier="depot")
    capacity_t = Amount("gr", "罐容", 20, 6, required=True, unit="t")
    built_on = Day("jzsj", "建造时间", required=True)
    is_intact = Text("ygjfssssfwh", "油罐及附属设施是否完好", 1, required=True, codes="ygjfssssfwh")
    has_heating = Text("ywjrzz", "有无加热装置", 1, required=True, codes="ywjrzz")
    tank_type = Text("yglx", "油罐类型", 1, required=True, codes="yglx")
    inner_diameter_m = Amount("gnzj", "罐内直径", 20, 6, unit="m")
    inner_height_m = Amount("gngd", "罐内高度", 20, 6, unit="m")
    calibration_method = Text("jdfs", "检定方式", 1, codes="jdfs")
    weld_type = Text("hjfs", "焊接方式", 1, codes="hjfs")
    condition = Text("ygzt", "油罐状态", 1, required=True, codes="ygzt")
    designer = Text("sjdw", "设计单位", 256)
    builder = Text("jsdw", "建设单位", 256)
    site_supervisor = Text("jldw", "监理单位", 256)

    class Standard:
        code, name, endpoint = "1106", "油罐信息", "ygxx"

    class Meta:
        verbose_name = verbose_name_plural = "油罐信息"
        indexes = [models.Index(fields=["in_depot"], name="oil_tank_at")]
