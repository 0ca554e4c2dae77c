"""names an area guards, identifiers kept with a reason

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_list",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_name_list_area_id")),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_name_list")),
    )
    op.create_table(
        "guarded_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=240), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_guarded_name_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarded_name")),
        sa.UniqueConstraint("area_id", "folded", name=op.f("uq_guarded_name_area_id_folded")),
    )
    op.create_table(
        "kept_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_kept_identifier_area_id")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_kept_identifier_kept_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_identifier")),
        sa.UniqueConstraint(
            "record",
            "record_id",
            "field",
            "digest",
            name=op.f("uq_kept_identifier_record_record_id_field_digest"),
        ),
    )
    op.create_index(op.f("ix_kept_identifier_area_id"), "kept_identifier", ["area_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_kept_identifier_area_id"), table_name="kept_identifier")
    op.drop_table("kept_identifier")
    op.drop_table("guarded_name")
    op.drop_table("name_list")
