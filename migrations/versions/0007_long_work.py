"""long work: what runs in the background, how far it is

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = ("waiting", "running", "done", "failed", "cancelled")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="job_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=250), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("claimed_at", moment, nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("cancel_asked_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_job_progress")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_job_area_id")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_job_audit_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_job_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_state", "job", ["state", "id"])
    op.create_index("ix_job_area_id", "job", ["area_id", "id"])
    op.create_index("ix_job_asked_by_id", "job", ["asked_by_id", "id"])
    op.create_index("ix_job_audit_id", "job", ["audit_id"])
    op.create_table(
        "job_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "given", "made", name="job_file_role", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_file_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_file")),
    )
    op.create_index("ix_job_file_job_id", "job_file", ["job_id"])


def downgrade() -> None:
    op.drop_table("job_file")
    op.drop_table("job")
