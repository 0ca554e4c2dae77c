"""what is counted, kept beside it: whether a finding is coded, whether a case's returns are in

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The database keeps both columns itself, whoever writes the rows they sum up. In PostgreSQL the row they
# stand in is locked first, so that of two who write at once the second sees what the first has written.
SQLITE_KEEPERS = (
    """CREATE TRIGGER finding_theme_added AFTER INSERT ON finding_theme
    BEGIN UPDATE finding SET coded = 1 WHERE id = NEW.finding_id AND NOT coded; END""",
    """CREATE TRIGGER finding_theme_removed AFTER DELETE ON finding_theme
    BEGIN UPDATE finding SET coded = EXISTS (SELECT 1 FROM finding_theme WHERE finding_id = OLD.finding_id)
    WHERE id = OLD.finding_id; END""",
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
POSTGRESQL_KEEPERS = (
    """CREATE FUNCTION keep_coded() RETURNS trigger AS $$
    DECLARE touched integer;
    BEGIN
    IF TG_OP = 'DELETE' THEN touched := OLD.finding_id; ELSE touched := NEW.finding_id; END IF;
    PERFORM 1 FROM finding WHERE id = touched FOR NO KEY UPDATE;
    UPDATE finding SET coded = NOT coded WHERE id = touched
    AND coded <> EXISTS (SELECT 1 FROM finding_theme WHERE finding_id = touched);
    RETURN NULL;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER finding_theme_changed AFTER INSERT OR DELETE ON finding_theme
    FOR EACH ROW EXECUTE FUNCTION keep_coded()""",
    """CREATE FUNCTION keep_returns_in() RETURNS trigger AS $$
    DECLARE touched integer; every_one boolean;
    BEGIN
    IF TG_OP = 'DELETE' THEN touched := OLD.case_id; ELSE touched := NEW.case_id; END IF;
    PERFORM 1 FROM case_record WHERE id = touched FOR NO KEY UPDATE;
    SELECT bool_and(state IN ('submitted', 'not_involved')) INTO every_one
    FROM case_return WHERE case_id = touched;
    UPDATE case_record SET returns_in = every_one
    WHERE id = touched AND returns_in IS DISTINCT FROM every_one;
    RETURN NULL;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER case_return_changed AFTER INSERT OR DELETE OR UPDATE OF state ON case_return
    FOR EACH ROW EXECUTE FUNCTION keep_returns_in()""",
)
# The tables are not copied: a column is added to or taken from them as they stand, their own triggers too.
FILL = (
    "UPDATE finding SET coded = true WHERE id IN (SELECT finding_id FROM finding_theme)",
    """UPDATE case_record SET returns_in = NOT EXISTS (SELECT 1 FROM case_return
    WHERE case_id = case_record.id AND state NOT IN ('submitted', 'not_involved'))
    WHERE id IN (SELECT case_id FROM case_return)""",
)


def upgrade() -> None:
    op.add_column("finding", sa.Column("coded", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("case_record", sa.Column("returns_in", sa.Boolean(), nullable=True))
    for statement in FILL:
        op.execute(statement)
    op.create_index("ix_finding_audit_id_coded_released", "finding", ["audit_id", "coded", "released", "id"])
    op.create_index(
        "ix_case_record_audit_id_returns_in",
        "case_record",
        ["audit_id", "returns_in", "panel_opened_at"],
    )
    for column, other in (("auditor_id", "agency_id"), ("agency_id", "auditor_id")):
        name, columns = f"ix_case_return_{column}_state_due_on", [column, "state", "due_on"]
        op.drop_index(name, "case_return")
        op.create_index(name, "case_return", [*columns, "id", "audit_id", other])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_KEEPERS if sqlite else POSTGRESQL_KEEPERS:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in (
            "finding_theme_added",
            "finding_theme_removed",
            "case_return_added",
            "case_return_changed",
            "case_return_removed",
        ):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER finding_theme_changed ON finding_theme")
        op.execute("DROP TRIGGER case_return_changed ON case_return")
        op.execute("DROP FUNCTION keep_coded")
        op.execute("DROP FUNCTION keep_returns_in")
    for column in ("auditor_id", "agency_id"):
        name = f"ix_case_return_{column}_state_due_on"
        op.drop_index(name, "case_return")
        op.create_index(name, "case_return", [column, "state", "due_on"])
    op.drop_index("ix_case_record_audit_id_returns_in", "case_record")
    op.drop_index("ix_finding_audit_id_coded_released", "finding")
    op.drop_column("case_record", "returns_in")
    op.drop_column("finding", "coded")
