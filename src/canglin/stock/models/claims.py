"""What a depot says it holds: stock card and month book, tables 1208, 1211. Claims, never the book."""

from django.db import models

from canglin.standard.fields import Amount, Day, Moment, Text, Whole, Year
from canglin.standard.tables import StandardTable
from canglin.stock.rules import claims


class StockCard(StandardTable):
    """粮食库存信息: the stock card (货位卡) of a lot: what the depot says lies there.

    Key: lot, variety, day of filling and time stated; cards append, the newest per lot, variety and filling is
    current. A claim, checked against the ledger: ``priced_kg`` (计价数量) follows net weights, ``weighed_kg``
    (实际数量) gross − tare. All kg.
    """

    lot_code = Text("hwdm", "货位代码", 30, key=True, ref="1105.hwdm", identifier="lot")
    variety_code = Text("lspzdm", "粮食品种代码", 7, codes="food_variety")
    nature_code = Text("lsxzdm", "粮食性质代码", 3, codes="food_nature")
    grade_code = Text("lsdjdm", "粮食等级代码", 2, codes="food_grade")
    harvest_year = Year("shnd", "收获年度")
    country_code = Text("gb", "国别", 6, standard="GB/T 2659-2000")
    origin_code = Text("cd", "产地", 6, standard="LS/T 1713-2015")
    keeper = Text("bgy", "保管员", 64)
    owner_code = Text("lqgsdwdm", "粮权归属单位代码", 18, ref="1101.dwdm", identifier="uscc")
    management_mode = Text("glfs", "管理方式", 2, codes="glfs")
    storage_place = Text("scdd", "收储地点", 1, codes="scdd")
    storage_mode = Text("clfs", "储粮方式", 1, codes="clfs")
    lot_status = Text("hwzt", "货位(油罐)状态", 1, required=True, codes="hwzt")
    filled_at = Moment("rcsj", "入仓时间")
    sealed_on = Day("fcrq", "封仓日期")
    emptied_at = Moment("ccwcsj", "出仓完成时间")
    cleared_at = Moment("qcsj", "清仓时间")
    loss_before_sealing_kg = Amount("chwqsh", "成货位前损耗", 20, 6, unit="kg")
    weighed_kg = Amount("sjsl", "实际数量", 20, 6, required=True, unit="kg")
    priced_kg = Amount("jjsl", "计价数量", 20, 6, required=True, unit="kg")
    bag_count = Whole("bclbs", "包存粮包数", unit="bags")
    grain_line_height_m = Amount("sjzlxg", "实际装粮线高", 20, 6, unit="m")
    grain_volume_m3 = Amount("ldtj", "粮堆体积", 20, 6, unit="m³")
    note = Text("bz", "备注", 400)
    stated_at = Moment("zhgxsj", "最后更新时间", key=True)

    class Standard:
        code, name, endpoint = "1208", "粮食库存信息", "lskc"
        key = ("lot_code", "variety_code", "filled_at", "stated_at")

    class Meta:
        verbose_name = verbose_name_plural = "粮食库存信息"
        indexes = [models.Index(fields=["lot_code", "stated_at"], name="stock_card_at")]


class BookStock(StandardTable):
    """账面库存信息: the month's book of a depot for one variety: opening + received − issued = closing, kg.

    Key: depot, variety, year and month. A claim, checked against the ledger. ``is_closed`` is 0 for closed (月结) and
    1 for open: the code list counts the wrong way round.
    """

    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    variety_code = Text("lspzdm", "粮食品种代码", 7, key=True, codes="food_variety")
    year = Year("nd", "年度", key=True)
    month = Text("yf", "月份", 2, key=True)
    opening_kg = Amount("qcsl", "期初数量", 20, 6, required=True, unit="kg")
    received_kg = Amount("bqsrsl", "本期收入数量", 20, 6, required=True, unit="kg")
    issued_kg = Amount("bqzcsl", "本期支出数量", 20, 6, required=True, unit="kg")
    closing_kg = Amount("qmye", "期末数量", 20, 6, required=True, unit="kg")
    is_closed = Whole("yjbz", "月结标志", required=True)
    business_date = Day("ywrq", "业务日期", required=True)

    class Standard:
        code, name, endpoint = "1211", "账面库存信息", "zmkcxx"
        key = ("depot_code", "variety_code", "year", "month")
        rules = (claims.book_stock,)

    class Meta:
        verbose_name = verbose_name_plural = "账面库存信息"
        indexes = [models.Index(fields=["in_depot", "year", "month"], name="book_stock_at")]
