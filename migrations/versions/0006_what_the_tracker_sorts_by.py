"""what long lists look for, kept beside it: a recommendation's earliest due date, a case counted or changed

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The database keeps a recommendation's due date itself, as migration 0004 keeps its columns.
SQLITE_KEEPERS = (
    """CREATE TRIGGER action_added AFTER INSERT ON action
    BEGIN UPDATE recommendation SET due_on = (SELECT min(due_on) FROM action
    WHERE recommendation_id = NEW.recommendation_id AND state <> 'verified')
    WHERE id = NEW.recommendation_id; END""",
    """CREATE TRIGGER action_changed AFTER UPDATE OF state, due_on ON action
    BEGIN UPDATE recommendation SET due_on = (SELECT min(due_on) FROM action
    WHERE recommendation_id = NEW.recommendation_id AND state <> 'verified')
    WHERE id = NEW.recommendation_id; END""",
    """CREATE TRIGGER action_removed AFTER DELETE ON action
    BEGIN UPDATE recommendation SET due_on = (SELECT min(due_on) FROM action
    WHERE recommendation_id = OLD.recommendation_id AND state <> 'verified')
    WHERE id = OLD.recommendation_id; END""",
)
POSTGRESQL_KEEPERS = (
    """CREATE FUNCTION keep_due_on() RETURNS trigger AS $$
    DECLARE touched integer; earliest date;
    BEGIN
    IF TG_OP = 'DELETE' THEN touched := OLD.recommendation_id; ELSE touched := NEW.recommendation_id; END IF;
    PERFORM 1 FROM recommendation WHERE id = touched FOR NO KEY UPDATE;
    SELECT min(due_on) INTO earliest FROM action WHERE recommendation_id = touched AND state <> 'verified';
    UPDATE recommendation SET due_on = earliest WHERE id = touched AND due_on IS DISTINCT FROM earliest;
    RETURN NULL;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER action_changed AFTER INSERT OR DELETE OR UPDATE OF state, due_on ON action
    FOR EACH ROW EXECUTE FUNCTION keep_due_on()""",
)
FILL = (
    """UPDATE recommendation SET due_on = (SELECT min(due_on) FROM action
    WHERE recommendation_id = recommendation.id AND state <> 'verified')""",
    """UPDATE case_record SET counted_version = (SELECT case_version FROM case_divergence
    WHERE case_id = case_record.id)""",
)
AREA = "ix_recommendation_area_id_state"


def upgrade() -> None:
    op.add_column("recommendation", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("case_record", sa.Column("counted_version", sa.Integer(), nullable=True))
    for statement in FILL:
        op.execute(statement)
    op.drop_column("case_divergence", "case_version")
    op.create_index(
        "ix_case_record_audit_id_changed",
        "case_record",
        ["audit_id"],
        sqlite_where=sa.text("counted_version IS NOT version"),
        postgresql_where=sa.text("counted_version IS DISTINCT FROM version"),
    )
    op.drop_index(AREA, "recommendation")
    op.create_index(AREA, "recommendation", ["area_id", "state", "audit_id", "due_on"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_KEEPERS if sqlite else POSTGRESQL_KEEPERS:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("action_added", "action_changed", "action_removed"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER action_changed ON action")
        op.execute("DROP FUNCTION keep_due_on")
    op.drop_index(AREA, "recommendation")
    op.create_index(AREA, "recommendation", ["area_id", "state"])
    op.drop_index("ix_case_record_audit_id_changed", "case_record")
    # A case that was never counted has no row of its divergence; 0 is no case's version.
    op.add_column(
        "case_divergence", sa.Column("case_version", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(
        """UPDATE case_divergence SET case_version = coalesce(
        (SELECT counted_version FROM case_record WHERE id = case_divergence.case_id), 0)"""
    )
    op.drop_column("case_record", "counted_version")
    op.drop_column("recommendation", "due_on")
