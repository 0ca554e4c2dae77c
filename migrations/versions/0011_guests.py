"""people without accounts who complete one return

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("guest", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("sign_in") as table:
        table.add_column(sa.Column("guest_return_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_sign_in_guest_return_id", "case_return", ["guest_return_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_sign_in_guest_return_id", "sign_in", ["guest_return_id"])
    op.create_table(
        "return_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("code_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("codes_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("return_id", "case_return", ondelete="CASCADE"),
        _key("person_id", "person"),
        _key("sent_by_id", "person"),
        _key("revoked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_return_link_token_hash")),
    )
    op.create_index(op.f("ix_return_link_return_id"), "return_link", ["return_id"])
    op.create_index(op.f("ix_return_link_person_id"), "return_link", ["person_id"])


def _key(column: str, parent: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_return_link_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("return_link")
    # The earlier release would take a guest's session for one without roles: it ends.
    op.execute("DELETE FROM sign_in WHERE guest_return_id IS NOT NULL")
    op.drop_index("ix_sign_in_guest_return_id", "sign_in")
    with op.batch_alter_table("sign_in") as table:
        table.drop_constraint("fk_sign_in_guest_return_id", type_="foreignkey")
        table.drop_column("guest_return_id")
    # And a guest for somebody invited: deactivated, they can neither be invited again nor reset a password.
    op.execute(sa.text("UPDATE person SET active = :no WHERE guest = :yes").bindparams(no=False, yes=True))
    op.drop_column("person", "guest")
