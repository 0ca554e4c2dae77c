"""dates of an edition paired with a limit

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_timescale",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("from_question_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_question_timescale_days")),
        sa.CheckConstraint(
            "question_id <> from_question_id", name=op.f("ck_question_timescale_two_questions")
        ),
        sa.ForeignKeyConstraint(
            ["from_question_id"],
            ["question.id"],
            name=op.f("fk_question_timescale_from_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_timescale_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_timescale")),
    )
    op.create_index(
        op.f("ix_question_timescale_from_question_id"), "question_timescale", ["from_question_id"]
    )


def downgrade() -> None:
    op.drop_table("question_timescale")
