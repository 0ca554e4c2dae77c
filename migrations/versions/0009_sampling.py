"""the sample: a population list, its draw, replaced cases

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = ("listed", "drawn")
UNITS = ("drawn", "reserve", "replaced")
ALLOCATIONS = ("proportional", "equal")
REASONS = ("out_of_scope", "no_record", "duplicate", "conflict", "other_review", "other")


def upgrade() -> None:
    _sample()
    op.create_table(
        "population_list",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("settled", sa.LargeBinary(), nullable=True),
        _key("population_list", "sample_id", "sample", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sample_id", name=op.f("pk_population_list")),
    )
    op.create_table(
        "sample_stratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _key("sample_stratum", "sample_id", "sample", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_stratum")),
        sa.UniqueConstraint("sample_id", "position", name=op.f("uq_sample_stratum_sample_id_position")),
    )
    _unit()


def _sample() -> None:
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("state", _words(STATES, "sample_state"), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("strata_counts", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stratified_by", sa.String(length=200), nullable=False),
        sa.Column("allocation", _words(ALLOCATIONS, "allocation"), nullable=True),
        sa.Column("at_least_one", sa.Boolean(), nullable=False),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("list_deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("sample", "audit_id", "audit"),
        _key("sample", "uploaded_by_id", "person"),
        _key("sample", "drawn_by_id", "person"),
        _key("sample", "kept_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
    )
    op.create_index("ix_sample_audit_id_state", "sample", ["audit_id", "state"])
    op.create_index("ix_sample_kept_until", "sample", ["kept_until"])


def _unit() -> None:
    op.create_table(
        "sample_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("stratum_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("state", _words(UNITS, "unit_state"), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", _words(REASONS, "reason"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        _key("sample_unit", "sample_id", "sample", ondelete="CASCADE"),
        _key("sample_unit", "stratum_id", "sample_stratum", ondelete="CASCADE"),
        _key("sample_unit", "case_id", "case_record", ondelete="SET NULL"),
        _key("sample_unit", "replaces_id", "sample_unit"),
        _key("sample_unit", "replaced_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_unit")),
        sa.UniqueConstraint("case_id", name=op.f("uq_sample_unit_case_id")),
        sa.UniqueConstraint("stratum_id", "place", name=op.f("uq_sample_unit_stratum_id_place")),
    )
    op.create_index("ix_sample_unit_sample_id_state", "sample_unit", ["sample_id", "state", "case_id"])


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, parent: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("sample_unit")
    op.drop_table("sample_stratum")
    op.drop_table("population_list")
    op.drop_table("sample")
