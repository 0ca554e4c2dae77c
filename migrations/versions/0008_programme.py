"""a year's programme of planned audits; an audit is one of a programme, and repeats an earlier one

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REASONS = ("inspection", "data", "review", "previous_audit", "other")
METHODS = (
    "multi_agency",
    "single_agency",
    "dip_sample",
    "observation",
    "self_assessment",
    "longitudinal",
)
STATES = ("planned", "postponed", "dropped")


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=5_000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("programme", "area_id", "area"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("area_id", "starts_on", name=op.f("uq_programme_area_id_starts_on")),
    )
    op.create_index(
        "ix_programme_of_all_areas",
        "programme",
        ["starts_on"],
        unique=True,
        sqlite_where=sa.text("area_id IS NULL"),
        postgresql_where=sa.text("area_id IS NULL"),
    )
    op.create_table(
        "planned_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.String(length=300), nullable=False),
        sa.Column("reason", _words(REASONS, "reason"), nullable=False),
        sa.Column("reason_words", sa.String(length=500), nullable=False),
        sa.Column("method", _words(METHODS, "method"), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("state", _words(STATES, "state"), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "quarter BETWEEN 1 AND until AND until <= 4", name=op.f("ck_planned_audit_quarters")
        ),
        _key("planned_audit", "carried_from_id", "planned_audit"),
        _key("planned_audit", "framework_id", "framework"),
        _key("planned_audit", "lead_id", "person"),
        _key("planned_audit", "programme_id", "programme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_audit")),
        sa.UniqueConstraint("carried_from_id", name=op.f("uq_planned_audit_carried_from_id")),
    )
    for column in ("framework_id", "lead_id", "programme_id"):
        op.create_index(op.f(f"ix_planned_audit_{column}"), "planned_audit", [column])
    for table, column, parent in (
        ("planned_agency", "agency_id", "agency"),
        ("planned_person", "person_id", "person"),
    ):
        op.create_table(
            table,
            sa.Column("planned_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            _key(table, column, parent),
            _key(table, "planned_id", "planned_audit", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("planned_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    # In SQL of its own, which both databases read alike: Alembic copies the table for it on SQLite.
    for column, parent in (("planned_id", "planned_audit"), ("repeats_id", "audit")):
        op.execute(
            f"ALTER TABLE audit ADD COLUMN {column} INTEGER "
            f"CONSTRAINT fk_audit_{column} REFERENCES {parent} (id)"
        )
    op.create_index("ix_audit_planned_id_area_id", "audit", ["planned_id", "area_id"], unique=True)
    op.create_index("ix_audit_repeats_id", "audit", ["repeats_id"])


def _key(table: str, column: str, parent: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def _words(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_index("ix_audit_repeats_id", table_name="audit")
    op.drop_index("ix_audit_planned_id_area_id", table_name="audit")
    op.drop_column("audit", "repeats_id")
    op.drop_column("audit", "planned_id")
    for table in ("planned_person", "planned_agency", "planned_audit", "programme"):
        op.drop_table(table)
