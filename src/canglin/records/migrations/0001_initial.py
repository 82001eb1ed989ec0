import canglin.records.models  # noqa: F401
from django.db import migrations, models

LOG = """
CREATE TABLE records_record (
    number bigint NOT NULL,
    table_code varchar(4) NOT NULL,
    key varchar(255) NOT NULL,
    operation varchar(1) NOT NULL,
    form varchar(4) NOT NULL,
    payload text NOT NULL,
    source varchar(170) NOT NULL,
    channel varchar(8) NOT NULL,
    received_at timestamptz NOT NULL,
    stated_at timestamptz NOT NULL,
    in_enterprise varchar(18) NOT NULL,
    in_depot varchar(21) NOT NULL,
    leaf_hash bytea NOT NULL,
    PRIMARY KEY (number, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX records_record_history ON records_record (table_code, key, number);

-- The log is append-only for every application account; what a superuser does behind its back the tree gives away.
CREATE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record log is append-only';
END $$;
CREATE TRIGGER records_append_only BEFORE UPDATE OR DELETE ON records_record
    FOR EACH ROW EXECUTE FUNCTION records_append_only();
CREATE TRIGGER records_no_truncate BEFORE TRUNCATE ON records_record
    FOR EACH STATEMENT EXECUTE FUNCTION records_append_only();

INSERT INTO records_tree (id, size, frontier, root) VALUES
    (1, 0, '', '\\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
"""

UNDO = "DROP TABLE records_record; DROP FUNCTION records_append_only;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Tree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(default=0, verbose_name="条数")),
                ("frontier", models.BinaryField(default=b"", verbose_name="前沿")),
                ("root", models.BinaryField(default=b"", verbose_name="根哈希")),
                ("received_at", models.DateTimeField(null=True, verbose_name="最后接收")),
            ],
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("pk", models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="日志号")),
                ("table_code", models.CharField(max_length=4, verbose_name="数据表")),
                ("key", models.CharField(max_length=255, verbose_name="主键")),
                ("operation", models.CharField(max_length=1, verbose_name="操作")),
                ("form", models.CharField(max_length=4, verbose_name="规范形式")),
                ("payload", models.TextField(verbose_name="内容")),
                ("source", models.CharField(max_length=170, verbose_name="来源")),
                ("channel", models.CharField(max_length=8, verbose_name="通道")),
                ("received_at", models.DateTimeField(verbose_name="接收时间")),
                ("stated_at", models.DateTimeField(verbose_name="最后更新时间")),
                ("in_enterprise", models.CharField(max_length=18, verbose_name="所属单位")),
                ("in_depot", models.CharField(max_length=21, verbose_name="所属库区")),
                ("leaf_hash", models.BinaryField(verbose_name="叶哈希")),
            ],
            options={"db_table": "records_record", "ordering": ["number"], "managed": False,
                     "verbose_name": "日志", "verbose_name_plural": "日志"},
        ),
        migrations.RunSQL(LOG, UNDO),
    ]
