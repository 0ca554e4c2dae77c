"""a concern's steps and its clock, and whether the report counts concerns

Revision: 0015, after 0014.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Of concerns that are there already: calendar time, as near as their clock needs to be.
TO_ACKNOWLEDGE, TO_ACT = timedelta(hours=1), timedelta(days=1)

concern = sa.table(
    "concern",
    sa.column("id", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("raised_at", sa.DateTime(timezone=True)),
    sa.column("acknowledged_at", sa.DateTime(timezone=True)),
    sa.column("acknowledged_by_id", sa.Integer()),
    sa.column("outcome", sa.Text()),
    sa.column("closed_at", sa.DateTime(timezone=True)),
    sa.column("closed_by_id", sa.Integer()),
    sa.column("due_at", sa.DateTime(timezone=True)),
)
step = sa.table(
    "concern_step",
    sa.column("id", sa.Integer()),
    sa.column("concern_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("happened_at", sa.DateTime(timezone=True)),
    sa.column("done_by", sa.String()),
    sa.column("text", sa.Text()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("recorded_by_id", sa.Integer()),
)


def upgrade() -> None:
    op.create_table(
        "concern_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "action",
                "closed",
                "reopened",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_step_concern_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_concern_step_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_step")),
    )
    op.create_index(op.f("ix_concern_step_concern_id"), "concern_step", ["concern_id"])
    op.add_column("concern", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("concern", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_concern_due_at"), "concern", ["due_at"])
    op.add_column(
        "report_draft",
        sa.Column("counts_concerns", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    _bring_along()


def _bring_along() -> None:
    """What was written about a concern becomes its first step: an action, or its closing."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(concern)).all():
        closed = row.state == "closed"
        when = row.closed_at if closed else row.acknowledged_at
        if row.outcome:
            connection.execute(
                step.insert().values(
                    concern_id=row.id,
                    kind="closed" if closed else "action",
                    happened_at=when or row.raised_at,
                    done_by="",
                    text=row.outcome,
                    recorded_at=when or row.raised_at,
                    recorded_by_id=row.closed_by_id if closed else row.acknowledged_by_id,
                )
            )
        if closed:
            continue
        wait = TO_ACKNOWLEDGE if row.state == "raised" else TO_ACT
        due_at = None if row.outcome else row.raised_at + wait
        connection.execute(concern.update().where(concern.c.id == row.id).values(due_at=due_at, outcome=""))


def downgrade() -> None:
    connection = op.get_bind()
    # The latest action of an open concern is what was done about it so far.
    latest = (
        sa.select(step.c.text)
        .where(step.c.concern_id == concern.c.id, step.c.kind == "action")
        .order_by(step.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(
        concern.update()
        .where(concern.c.state != "closed")
        .values(outcome=sa.func.coalesce(latest, concern.c.outcome))
    )
    op.drop_column("report_draft", "counts_concerns")
    op.drop_index(op.f("ix_concern_due_at"), "concern")
    op.drop_column("concern", "reminded_at")
    op.drop_column("concern", "due_at")
    op.drop_index(op.f("ix_concern_step_concern_id"), "concern_step")
    op.drop_table("concern_step")
