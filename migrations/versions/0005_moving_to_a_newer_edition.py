"""moving an audit to a newer edition: the moves, what went along, judgements set aside

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("from_edition_id", sa.Integer(), nullable=False),
        sa.Column("to_edition_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        _key("edition_move", "audit_id", "audit"),
        _key("edition_move", "from_edition_id", "edition"),
        _key("edition_move", "moved_by_id", "person"),
        _key("edition_move", "to_edition_id", "edition"),
        _key("edition_move", "undone_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_move")),
    )
    op.create_index(op.f("ix_edition_move_audit_id"), "edition_move", ["audit_id"])
    for table, parent in (("carried_question", "question"), ("carried_field", "profile_field")):
        op.create_table(
            table,
            sa.Column("move_id", sa.Integer(), nullable=False),
            sa.Column("from_id", sa.Integer(), nullable=False),
            sa.Column("to_id", sa.Integer(), nullable=False),
            _key(table, "from_id", parent),
            _key(table, "move_id", "edition_move", ondelete="CASCADE"),
            _key(table, "to_id", parent),
            sa.PrimaryKeyConstraint("move_id", "from_id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("move_id", "to_id", name=op.f(f"uq_{table}_move_id_to_id")),
        )
    op.create_table(
        "set_aside_judgement",
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("grade_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("set_aside_judgement", "audit_id", "audit"),
        _key("set_aside_judgement", "case_id", "case_record"),
        _key("set_aside_judgement", "decided_by_id", "person"),
        _key("set_aside_judgement", "grade_id", "grade"),
        _key("set_aside_judgement", "move_id", "edition_move"),
        _key("set_aside_judgement", "section_id", "section"),
        sa.PrimaryKeyConstraint("move_id", "id", name=op.f("pk_set_aside_judgement")),
    )
    op.create_index(op.f("ix_set_aside_judgement_case_id"), "set_aside_judgement", ["case_id"])


def _key(table: str, column: str, parent: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


# What the earlier release does not know of: rows of another edition than their audit's. It would stop at
# them, so they go, and with them what has been set aside.
STRAYS = (
    """DELETE FROM answer_choice WHERE answer_id IN (SELECT answer.id FROM answer
    JOIN case_return ON case_return.id = answer.return_id JOIN audit ON audit.id = case_return.audit_id
    JOIN question ON question.id = answer.question_id WHERE question.edition_id <> audit.edition_id)""",
    """DELETE FROM answer WHERE id IN (SELECT answer.id FROM answer
    JOIN case_return ON case_return.id = answer.return_id JOIN audit ON audit.id = case_return.audit_id
    JOIN question ON question.id = answer.question_id WHERE question.edition_id <> audit.edition_id)""",
    """DELETE FROM case_profile_value WHERE EXISTS (SELECT 1 FROM case_record
    JOIN audit ON audit.id = case_record.audit_id JOIN profile_field
    ON profile_field.id = case_profile_value.field_id WHERE case_record.id = case_profile_value.case_id
    AND profile_field.edition_id <> audit.edition_id)""",
    """UPDATE finding SET section_id = NULL WHERE EXISTS (SELECT 1 FROM audit JOIN section
    ON section.id = finding.section_id WHERE audit.id = finding.audit_id
    AND section.edition_id <> audit.edition_id)""",
)


def downgrade() -> None:
    for statement in STRAYS:
        op.execute(statement)
    op.drop_table("set_aside_judgement")
    op.drop_table("carried_field")
    op.drop_table("carried_question")
    op.drop_table("edition_move")
