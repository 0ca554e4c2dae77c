"""section weight

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without recreating the table, which SQLite refuses while other tables refer to its rows.
    op.add_column("section", sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("section", "weight")
