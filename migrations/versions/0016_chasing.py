"""who was chased when, due dates put off, and the last digest of each person

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        _key("chase", "audit_id", "audit"),
        _key("chase", "person_id", "person"),
        _key("chase", "return_id", "case_return", ondelete="CASCADE"),
        _key("chase", "sent_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase")),
    )
    op.create_index("ix_chase_audit_id_sent_at", "chase", ["audit_id", "sent_at", "id"])
    op.create_index("ix_chase_return_id_sent_at", "chase", ["return_id", "sent_at"])
    op.create_index(op.f("ix_chase_person_id"), "chase", ["person_id"])
    op.create_table(
        "due_date_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_by_id", sa.Integer(), nullable=True),
        _key("due_date_extension", "extended_by_id", "person"),
        _key("due_date_extension", "return_id", "case_return", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_date_extension")),
    )
    op.create_index(op.f("ix_due_date_extension_return_id"), "due_date_extension", ["return_id"])
    op.create_table(
        "last_digest",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        _key("last_digest", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_last_digest")),
    )


def downgrade() -> None:
    op.drop_table("last_digest")
    op.drop_table("due_date_extension")
    op.drop_table("chase")


def _key(table: str, column: str, parent: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), **options)
