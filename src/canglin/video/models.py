"""Pictures from inside the warehouses and alarms of the cameras: tables 1307, 1308."""

from django.db import models

from canglin.standard.fields import Moment, Text
from canglin.standard.tables import StandardTable


class LotSnapshot(StandardTable):
    """仓内视频图像: the picture a camera took inside a warehouse, from a fixed preset.

    Key: camera, warehouse, time and preset.
    """

    depot_code = Text("kqdm", "库区代码", 21, required=True, ref="1102.kqdm", identifier="depot")
    camera_id = Text("spjksbid", "视频监控设", 20, key=True, identifier="camera")
    warehouse_code = Text("cfdm", "仓房代码", 25, key=True, ref="1103.cfdm", identifier="warehouse")
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    taken_at = Moment("zpsj", "抓拍时间", key=True)
    file_id = Text("fileStorageId", "文件id", 20, required=True)
    file_suffix = Text("txwjhzm", "图像文件后缀名", 5)
    preset_no = Text("yzwbh", "预置位编号", 32, key=True, alias="Yzwbh")

    class Standard:
        code, name, endpoint = "1307", "仓内视频图像", "cnsptx"
        key = ("camera_id", "warehouse_code", "taken_at", "preset_no")

    class Meta:
        verbose_name = verbose_name_plural = "仓内视频图像"
        indexes = [models.Index(fields=["lot_code", "taken_at"], name="lot_snapshot_at")]


class VideoAlarm(StandardTable):
    """库区视频监控异常事件告警: an alarm raised by a depot's camera, with its clip.

    Key: depot and time.
    """

    raised_at = Moment("gjsj", "告警时间", key=True)
    depot_name = Text("kqmc", "库区名称", 64, required=True)
    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    depot_address = Text("kqdz", "库区地址", 256)
    camera_id = Text("spjksbid", "视频监控设备id", 20, required=True, identifier="camera")
    location_type = Text("azwzlx", "安装位置类型", 2, required=True, codes="azwzlx")
    watched_area = Text("jsqysm", "监视区域说明", 256)
    alarm = Text("ycgjsm", "异常告警说明", 1024, required=True)
    file_id = Text("spwjl", "视频文件流", 1024, required=True, alias="fileStorageId")
    file_suffix = Text("spwjhzm", "视频文件后缀名", 5)

    class Standard:
        code, name, endpoint = "1308", "库区视频监控异常事件告警", "spjkycsjgjjbxx"
        key = ("depot_code", "raised_at")

    class Meta:
        verbose_name = verbose_name_plural = "库区视频监控异常事件告警"
        indexes = [models.Index(fields=["in_depot", "raised_at"], name="video_alarm_at")]
