"""取り込み: files as they came, what each of their lines says, and how employers' own columns are understood.

Lines are passing rows (`PersonalIndex`): they are thrown away and made anew whenever the file is checked again, and what
they did stands in the register with its own history. The file, its bytes and the maps are records.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from members.intake.enums import FileState, ImportKind, Outcome
from privacy.notice.register import Category
from privacy.records import PersonalIndex, PersonalRecord


class ColumnMap(PersonalRecord):
    """列の対応. How one employer's own file is to be understood, kept for the next time.

    places: our column → {head, place} of theirs. constants: our column → the text for every line. translations: our
    column → {their text: ours}. head_row: row of the heads, 0 for a file without. Constants may name somebody, so it
    stands behind the wall like everything typed here.
    """

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None

    title = models.CharField("名前", max_length=60)
    kind = models.CharField("種別", max_length=20, choices=ImportKind.choices)
    employer = models.ForeignKey(
        "enrollment.Employer", verbose_name="事業所", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    head_row = models.PositiveIntegerField("見出しの行", default=1)
    places = models.JSONField("列", default=dict)
    constants = models.JSONField("決まった値", default=dict, blank=True)
    translations = models.JSONField("値の読み替え", default=dict, blank=True)
    saved_by_id = models.BigIntegerField("保存した職員", null=True)
    saved_at = models.DateTimeField("保存した日時", default=timezone.now)

    class Meta:
        verbose_name = "列の対応"
        verbose_name_plural = "列の対応"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "title"],
                name="intake_columnmap_title",
                violation_error_message="この種別に、同じ名前の列の対応があります。",
            )
        ]

    def __str__(self) -> str:
        return f"列の対応 {self.pk}"


class ImportFile(PersonalRecord):
    """取り込みファイル. A file an employer sent, how it is read, and where it stands.

    digest: SHA-256 of the bytes in hex. counts: outcome → lines. notes: what the clerk should know of the file.
    problem: why nothing can be read, as [what, remedy].
    """

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None

    kind = models.CharField("種別", max_length=20, choices=ImportKind.choices)
    employer = models.ForeignKey(
        "enrollment.Employer", verbose_name="事業所", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_date = models.DateField("収受日")
    name = models.CharField("ファイルの名前", max_length=200)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    digest = models.CharField("SHA-256", max_length=64)
    encoding = models.CharField("文字コード", max_length=40, blank=True)
    delimiter = models.CharField("区切り", max_length=1, default=",")
    notes = models.JSONField("お知らせ", default=list)
    problem = models.JSONField("読めない理由", default=list)

    head_row = models.PositiveIntegerField("見出しの行", default=1)
    width = models.PositiveIntegerField("列の数", default=0)
    heads = models.JSONField("見出し", default=list)
    places = models.JSONField("列", default=dict)
    constants = models.JSONField("決まった値", default=dict)
    translations = models.JSONField("値の読み替え", default=dict)
    column_map = models.ForeignKey(
        ColumnMap, verbose_name="列の対応", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    state = models.CharField("状態", max_length=20, choices=FileState.choices, default=FileState.UPLOADED)
    lines = models.PositiveIntegerField("行数", default=0)
    counts = models.JSONField("内訳", default=dict)
    applied_lines = models.PositiveIntegerField("反映した行数", default=0)
    job = models.ForeignKey(
        "jobs.Job", verbose_name="処理", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    replaces = models.ForeignKey(
        "self", verbose_name="直す前のファイル", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by_id = models.BigIntegerField("受け付けた職員")
    uploaded_at = models.DateTimeField("受け付けた日時", default=timezone.now)
    checked_at = models.DateTimeField("検査した日時", null=True)
    decided_by_id = models.BigIntegerField("反映した職員", null=True)
    decided_at = models.DateTimeField("反映を始めた日時", null=True)
    applied_at = models.DateTimeField("反映が終わった日時", null=True)

    class Meta:
        verbose_name = "取り込みファイル"
        verbose_name_plural = "取り込みファイル"
        indexes = [
            models.Index(fields=["digest"], name="intake_file_digest"),
            models.Index(fields=["-uploaded_at"], name="intake_file_uploaded"),
        ]

    def __str__(self) -> str:
        return f"取り込み {self.pk}"

    def count(self, outcome: str) -> int:
        """How many lines ended so."""
        return int(self.counts.get(outcome, 0))

    @property
    def applicable(self) -> int:
        """Lines that can be applied and were not yet."""
        return self.count(Outcome.NEW) + self.count(Outcome.CHANGED) - self.applied_lines


class ImportContent(PersonalRecord):
    """取り込みファイルの中身: the bytes as they came."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None

    import_file = models.OneToOneField(
        ImportFile, verbose_name="取り込みファイル", on_delete=models.PROTECT, related_name="content"
    )
    body = models.BinaryField("中身")

    class Meta:
        verbose_name = "取り込みファイルの中身"
        verbose_name_plural = "取り込みファイルの中身"

    def __str__(self) -> str:
        return f"取り込みファイルの中身 {self.pk}"


class StagedRow(PersonalIndex):
    """取り込みの行. One line: what stands in it, what it would change, what became of it.

    number: the row of the spreadsheet. step: 0 insured people and changes, 1 dependants (applied after). raw: the cells.
    values: column → value. differences: [title, old, new, remark] each. messages: [column, title, value, what, remedy, what
    without the value] each. operations: what applying does, in order. identity: tells that two lines are of one person.
    member: whom it is about, before or after. member_version: what was compared with.
    Of a protected person raw, values and differences stand in `ProtectedStagedRow`, and the messages with their values.
    """

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    import_file = models.ForeignKey(
        ImportFile, verbose_name="取り込みファイル", on_delete=models.PROTECT, related_name="rows"
    )
    number = models.PositiveIntegerField("行")
    step = models.PositiveSmallIntegerField("順")
    identity = models.CharField("人の見分け", max_length=200, blank=True)
    raw = models.JSONField("書かれている値", default=list)
    values = models.JSONField("読み取った値", default=dict)
    differences = models.JSONField("違い", default=list)
    messages = models.JSONField("知らせ", default=list)
    operations = ArrayField(models.CharField(max_length=20), verbose_name="すること", default=list)
    outcome = models.CharField("扱い", max_length=10, choices=Outcome.choices)
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    member_version = models.PositiveIntegerField("比べた版", null=True)
    protected = models.BooleanField("保護対象", default=False)
    corrected = models.JSONField("画面で直した値", default=dict)
    corrected_by_id = models.BigIntegerField("直した職員", null=True)
    corrected_at = models.DateTimeField("直した日時", null=True)
    applied_at = models.DateTimeField("反映した日時", null=True)

    class Meta:
        verbose_name = "取り込みの行"
        verbose_name_plural = "取り込みの行"
        constraints = [
            models.UniqueConstraint(fields=["import_file", "number"], name="intake_row_once"),
            models.CheckConstraint(
                condition=models.Q(protected=False) | models.Q(raw=[], values={}, differences=[], corrected={}),
                name="intake_row_protected_apart",
            ),
        ]
        indexes = [
            models.Index(fields=["import_file", "outcome", "step", "number"], name="intake_row_outcome"),
            models.Index(fields=["import_file", "identity"], name="intake_row_identity"),
        ]

    def __str__(self) -> str:
        return f"取り込みの行 {self.pk}"


class ProtectedStagedRow(PersonalIndex):
    """保護対象の取り込みの行. What a line says of a protected person: in a table of its own, for named clerks."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    row = models.OneToOneField(
        StagedRow, verbose_name="行", on_delete=models.PROTECT, related_name="protected_contents"
    )
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    raw = models.JSONField("書かれている値", default=list)
    values = models.JSONField("読み取った値", default=dict)
    differences = models.JSONField("違い", default=list)
    messages = models.JSONField("知らせ", default=list)
    corrected = models.JSONField("画面で直した値", default=dict)

    class Meta:
        verbose_name = "保護対象の取り込みの行"
        verbose_name_plural = "保護対象の取り込みの行"

    def __str__(self) -> str:
        return f"保護対象の取り込みの行 {self.pk}"
