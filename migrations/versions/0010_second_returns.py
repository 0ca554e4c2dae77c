"""second returns by a second auditor, blind; what auditors can be given; draws of cases to audit twice

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# As migration 0004 made them: SQLite copies the table to change its constraint, and its triggers are lost.
SQLITE_KEEPERS = (
    """CREATE TRIGGER case_return_added AFTER INSERT ON case_return
    BEGIN UPDATE case_record SET returns_in = (SELECT min(state IN ('submitted', 'not_involved'))
    FROM case_return WHERE case_id = NEW.case_id) WHERE id = NEW.case_id; END""",
    """CREATE TRIGGER case_return_changed AFTER UPDATE OF state ON case_return
    BEGIN UPDATE case_record SET returns_in = (SELECT min(state IN ('submitted', 'not_involved'))
    FROM case_return WHERE case_id = NEW.case_id) WHERE id = NEW.case_id; END""",
    """CREATE TRIGGER case_return_removed AFTER DELETE ON case_return
    BEGIN UPDATE case_record SET returns_in = (SELECT min(state IN ('submitted', 'not_involved'))
    FROM case_return WHERE case_id = OLD.case_id) WHERE id = OLD.case_id; END""",
)
ONCE, TWICE = "uq_case_return_case_id_agency_id", "uq_case_return_case_id_agency_id_second"
# Figures leave second returns out: what they are counted from alone says which they are.
COUNTED = {
    "ix_case_return_audit_id_state": ["audit_id", "state", "case_id", "submitted_at"],
    "ix_case_return_audit_id_agency_id_state": ["audit_id", "agency_id", "state", "due_on", "auditor_id"],
}


def upgrade() -> None:
    with op.batch_alter_table("case_return") as batch:
        batch.add_column(sa.Column("second", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.drop_constraint(ONCE, type_="unique")
        batch.create_unique_constraint(TWICE, ["case_id", "agency_id", "second"])
    for name, columns in COUNTED.items():
        op.drop_index(name, "case_return")
        op.create_index(name, "case_return", [*columns, "second"])
    op.create_index(
        "ix_case_return_second",
        "case_return",
        ["audit_id", "agency_id", "case_id"],
        sqlite_where=sa.text("second IS 1"),
        postgresql_where=sa.text("second IS TRUE"),
    )
    _keep()
    op.create_table(
        "audit_auditor",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("own_cases", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_auditor_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_auditor_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("pk_audit_auditor")),
    )
    op.create_index(op.f("ix_audit_auditor_person_id"), "audit_auditor", ["person_id"])
    op.create_table(
        "second_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("of_cases", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_second_draw_audit_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_second_draw_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_draw")),
    )
    op.create_index(op.f("ix_second_draw_audit_id"), "second_draw", ["audit_id"])


def downgrade() -> None:
    """Refused while there are second returns: a case has no room for them, and they are somebody's work."""
    seconds = op.get_bind().scalar(sa.text("SELECT count(*) FROM case_return WHERE second"))
    if seconds:
        raise RuntimeError(
            f"{seconds} second returns would be lost: the earlier version has one return for each agency "
            "and case. Nothing was changed. Keep this version, or remove them under Allocation first"
        )
    op.drop_table("second_draw")
    op.drop_table("audit_auditor")
    op.drop_index("ix_case_return_second", "case_return")
    for name, columns in COUNTED.items():
        op.drop_index(name, "case_return")
        op.create_index(name, "case_return", columns)
    with op.batch_alter_table("case_return") as batch:
        batch.drop_constraint(TWICE, type_="unique")
        batch.create_unique_constraint(ONCE, ["case_id", "agency_id"])
        batch.drop_column("second")
    _keep()


def _keep() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_KEEPERS:
            op.execute(statement)
