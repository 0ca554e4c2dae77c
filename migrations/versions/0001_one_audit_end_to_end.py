"""one audit end to end

Revision: 0001, after .
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The database itself refuses to change the trail.
SQLITE_GUARDS = (
    """CREATE TRIGGER trail_entry_no_update BEFORE UPDATE ON trail_entry
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_entry_no_delete BEFORE DELETE ON trail_entry
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_entry_no_replace BEFORE INSERT ON trail_entry
    WHEN EXISTS (SELECT 1 FROM trail_entry WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE OR REPLACE FUNCTION trail_is_append_only() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER trail_entry_no_change BEFORE UPDATE OR DELETE ON trail_entry
    FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()""",
    """CREATE TRIGGER trail_entry_no_truncate BEFORE TRUNCATE ON trail_entry
    FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()""",
)


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column(
            "sector",
            sa.Enum(
                "local_authority",
                "police",
                "health",
                "education",
                "probation",
                "voluntary",
                "housing",
                "justice",
                "other",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("name", name=op.f("uq_area_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_area_slug")),
    )
    op.create_table(
        "failed_try",
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_failed_try")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_mail_sent_at", ["sent_at", "id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.String(length=1000), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index("ix_trail_entry_at", ["at", "number"], unique=False)
        batch_op.create_index("ix_trail_entry_event", ["event", "number"], unique=False)
        batch_op.create_index("ix_trail_entry_person_id", ["person_id", "number"], unique=False)
        batch_op.create_index("ix_trail_entry_record", ["record", "number"], unique=False)
        batch_op.create_index(
            "ix_trail_entry_record_record_id", ["record", "record_id", "number"], unique=False
        )

    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("head_seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_trail_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "agency_area",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_area_agency_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_agency_area_area_id")),
        sa.PrimaryKeyConstraint("agency_id", "area_id", name=op.f("pk_agency_area")),
    )
    with op.batch_alter_table("agency_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_area_area_id"), ["area_id"], unique=False)

    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_framework_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("key", name=op.f("uq_framework_key")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_link_purpose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index("ix_one_time_link_person_id", ["person_id"], unique=False)

    op.create_table(
        "person_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "qa_lead",
                "auditor",
                "agency_lead",
                "partnership_member",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_person_role_agency_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_person_role_area_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_role_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_role")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "area_id",
            "agency_id",
            name=op.f("uq_person_role_person_id_role_area_id_agency_id"),
        ),
    )
    with op.batch_alter_table("person_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_role_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_role_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_role_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_theme_area_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_theme_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("key", name=op.f("uq_theme_key")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("judgement_scale", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_edition_framework_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_edition_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_edition_framework_id_number")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "planning",
                "fieldwork",
                "panel",
                "reported",
                "closed",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("theme", sa.String(length=300), nullable=False),
        sa.Column("terms_of_reference", sa.Text(), nullable=False),
        sa.Column("key_lines_of_enquiry", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("fieldwork_opens_on", sa.Date(), nullable=True),
        sa.Column("returns_due_on", sa.Date(), nullable=False),
        sa.Column("panel_on", sa.Date(), nullable=True),
        sa.Column("report_due_on", sa.Date(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_audit_period")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_audit_area_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_audit_edition_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_audit_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("reference", name=op.f("uq_audit_reference")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_area_id_stage", ["area_id", "stage"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "edition_source",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_source_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "position", name=op.f("pk_edition_source")),
    )
    op.create_table(
        "profile_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("pathway", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_profile_field_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_field")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_profile_field_edition_id_key")),
    )
    op.create_table(
        "scale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_scale_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_scale_edition_id_key")),
    )
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_section_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_section_edition_id_key")),
    )
    op.create_table(
        "audit_agency",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_audit_agency_agency_id")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_agency_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "agency_id", name=op.f("pk_audit_agency")),
    )
    with op.batch_alter_table("audit_agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_agency_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "audit_divergence",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_divergence_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_divergence")),
    )
    op.create_table(
        "audit_person",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_person_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("pk_audit_person")),
    )
    with op.batch_alter_table("audit_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "case_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("panel_opened_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_record_agency_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_case_record_audit_id")),
        sa.ForeignKeyConstraint(
            ["panel_opened_by_id"], ["person.id"], name=op.f("fk_case_record_panel_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_case_record_audit_id_number")),
        sa.UniqueConstraint("audit_id", "reference", name=op.f("uq_case_record_audit_id_reference")),
    )
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_record_audit_id_panel_opened_at",
            ["audit_id", "panel_opened_at", "version"],
            unique=False,
        )

    op.create_table(
        "grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scale_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=False),
        sa.Column("meets_standard", sa.Boolean(), nullable=False),
        sa.Column("descriptor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scale_id"], ["scale.id"], name=op.f("fk_grade_scale_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
        sa.UniqueConstraint("scale_id", "key", name=op.f("uq_grade_scale_id_key")),
    )
    op.create_table(
        "issued_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_issued_report_area_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_issued_report_audit_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_issued_report_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("audit_id", "kind", "number", name=op.f("uq_issued_report_audit_id_kind_number")),
    )
    with op.batch_alter_table("issued_report", schema=None) as batch_op:
        batch_op.create_index("ix_issued_report_area_id_issued_at", ["area_id", "issued_at"], unique=False)

    op.create_table(
        "profile_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["profile_field.id"], name=op.f("fk_profile_option_field_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_option")),
        sa.UniqueConstraint("field_id", "key", name=op.f("uq_profile_option_field_id_key")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("scale_id", sa.Integer(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("minimum", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("maximum", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("max_words", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_question_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scale.id"], name=op.f("fk_question_scale_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_question_section_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_question_edition_id_key")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_section_id"), ["section_id"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "case",
                "operational",
                "strategic",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "high", "medium", "low", name="priority", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("measure_of_success", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                name="recommendation_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_recommendation_area_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_recommendation_audit_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_recommendation_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_recommendation_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_recommendation_audit_id_number")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_area_id_state", ["area_id", "state"], unique=False)

    op.create_table(
        "report_draft",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("executive_summary", sa.Text(), nullable=False),
        sa.Column("method_note", sa.Text(), nullable=False),
        sa.Column("protective_marking", sa.String(length=60), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_report_draft_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_report_draft")),
    )
    op.create_table(
        "section_sector",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_sector_section_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("section_id", "sector", name=op.f("pk_section_sector")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "awaiting_verification",
                "sent_back",
                "verified",
                name="action_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_action_accepted_by_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_action_agency_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_action_audit_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_action_lead_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_action_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            "ix_action_agency_id_state_due_on", ["agency_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(
            "ix_action_audit_id_agency_id_state_due_on",
            ["audit_id", "agency_id", "state", "due_on", "recommendation_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_action_audit_id_state_due_on",
            ["audit_id", "state", "due_on", "recommendation_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_action_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(
            "ix_action_recommendation_id_state_due_on_agency_id",
            ["recommendation_id", "state", "due_on", "agency_id"],
            unique=False,
        )

    op.create_table(
        "case_divergence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=True),
        sa.Column("apart", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_case_divergence_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_divergence_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_divergence")),
    )
    with op.batch_alter_table("case_divergence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_divergence_audit_id_place", ["audit_id", "place", "case_id"], unique=False
        )

    op.create_table(
        "case_profile_value",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_profile_value_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["profile_field.id"], name=op.f("fk_case_profile_value_field_id")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["profile_option.id"], name=op.f("fk_case_profile_value_option_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "field_id", name=op.f("pk_case_profile_value")),
    )
    with op.batch_alter_table("case_profile_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_profile_value_field_id"), ["field_id"], unique=False)

    op.create_table(
        "case_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("auditor_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "submitted",
                "not_involved",
                name="return_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("not_involved_reason", sa.Text(), nullable=False),
        sa.Column("sent_back_reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_return_agency_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_case_return_audit_id")),
        sa.ForeignKeyConstraint(["auditor_id"], ["person.id"], name=op.f("fk_case_return_auditor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_return_case_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_case_return_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_return")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_case_return_case_id_agency_id")),
    )
    with op.batch_alter_table("case_return", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_return_agency_id_state_due_on", ["agency_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(
            "ix_case_return_audit_id_agency_id_state",
            ["audit_id", "agency_id", "state", "due_on", "auditor_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_case_return_audit_id_state", ["audit_id", "state", "case_id", "submitted_at"], unique=False
        )
        batch_op.create_index(
            "ix_case_return_audit_id_submitted_at", ["audit_id", "submitted_at"], unique=False
        )
        batch_op.create_index(
            "ix_case_return_auditor_id_state_due_on", ["auditor_id", "state", "due_on"], unique=False
        )

    op.create_table(
        "closing_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('closed', 'reopened')", name=op.f("ck_closing_decision_outcome")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_closing_decision_person_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_closing_decision_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_decision")),
    )
    with op.batch_alter_table("closing_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closing_decision_recommendation_id"), ["recommendation_id"], unique=False
        )

    op.create_table(
        "condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("every", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(section_id IS NULL) <> (question_id IS NULL)", name=op.f("ck_condition_of_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_condition_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_condition_section_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("question_id", name=op.f("uq_condition_question_id")),
        sa.UniqueConstraint("section_id", name=op.f("uq_condition_section_id")),
    )
    op.create_table(
        "evidence_trigger",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("answer_key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_evidence_trigger_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "answer_key", name=op.f("pk_evidence_trigger")),
    )
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("grade_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_judgement_audit_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_judgement_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_judgement_decided_by_id")),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"], name=op.f("fk_judgement_grade_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_judgement_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_judgement_audit_id_section_id", ["audit_id", "section_id", "case_id"], unique=False
        )
        batch_op.create_index(
            "uq_judgement_case_id_overall",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("section_id IS NULL"),
            postgresql_where=sa.text("section_id IS NULL"),
        )
        batch_op.create_index("uq_judgement_case_id_section_id", ["case_id", "section_id"], unique=True)

    op.create_table(
        "question_descriptor",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("grade_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grade_id"], ["grade.id"], name=op.f("fk_question_descriptor_grade_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_descriptor_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "grade_id", name=op.f("pk_question_descriptor")),
    )
    op.create_table(
        "question_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_option_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_option")),
        sa.UniqueConstraint("question_id", "key", name=op.f("uq_question_option_question_id_key")),
    )
    op.create_table(
        "question_sector",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_sector_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "sector", name=op.f("pk_question_sector")),
    )
    op.create_table(
        "question_theme",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("theme_key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_theme_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "theme_key", name=op.f("pk_question_theme")),
    )
    op.create_table(
        "recommendation_theme",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_theme_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_recommendation_theme_theme_id")),
        sa.PrimaryKeyConstraint("recommendation_id", "theme_id", name=op.f("pk_recommendation_theme")),
    )
    with op.batch_alter_table("recommendation_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendation_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("grade_id", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("written_from", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"], name=op.f("fk_answer_grade_id")),
        sa.ForeignKeyConstraint(["option_id"], ["question_option.id"], name=op.f("fk_answer_option_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id")),
        sa.ForeignKeyConstraint(["return_id"], ["case_return.id"], name=op.f("fk_answer_return_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["person.id"], name=op.f("fk_answer_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("return_id", "question_id", name=op.f("uq_answer_return_id_question_id")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("ix_answer_question_id_grade_id", ["question_id", "grade_id"], unique=False)

    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("already_done", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "closed",
                name="concern_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name=op.f("fk_concern_acknowledged_by_id")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_concern_agency_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_concern_area_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_concern_audit_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_concern_case_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_concern_closed_by_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_concern_raised_by_id")),
        sa.ForeignKeyConstraint(["return_id"], ["case_return.id"], name=op.f("fk_concern_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index("ix_concern_area_id_state", ["area_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_audit_id"), ["audit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_case_id"), ["case_id"], unique=False)

    op.create_table(
        "condition_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("on_question_id", sa.Integer(), nullable=True),
        sa.Column("on_field_id", sa.Integer(), nullable=True),
        sa.Column("negated", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(on_question_id IS NULL) <> (on_field_id IS NULL)", name=op.f("ck_condition_clause_on_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_condition_clause_condition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_field_id"],
            ["profile_field.id"],
            name=op.f("fk_condition_clause_on_field_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_question_id"],
            ["question.id"],
            name=op.f("fk_condition_clause_on_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_clause")),
    )
    with op.batch_alter_table("condition_clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_clause_condition_id"), ["condition_id"], unique=False)
        batch_op.create_index("ix_condition_clause_on_question_id", ["on_question_id"], unique=False)

    op.create_table(
        "due_date_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_due_date_change_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_due_date_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_date_change")),
    )
    with op.batch_alter_table("due_date_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_date_change_action_id"), ["action_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "strength",
                "area_for_improvement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("written_from", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_finding_agency_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_finding_audit_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_finding_case_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_finding_created_by_id")),
        sa.ForeignKeyConstraint(["return_id"], ["case_return.id"], name=op.f("fk_finding_return_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_finding_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_audit_id_released_id", ["audit_id", "released", "id"], unique=False)
        batch_op.create_index(
            "ix_finding_audit_id_section_id_kind", ["audit_id", "section_id", "kind"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_finding_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_return_id"), ["return_id"], unique=False)

    op.create_table(
        "progress_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "awaiting_verification",
                "sent_back",
                "verified",
                name="update_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_progress_update_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_progress_update_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_update")),
    )
    with op.batch_alter_table("progress_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_update_action_id"), ["action_id"], unique=False)

    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('verified', 'sent_back')", name=op.f("ck_verification_outcome")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_verification_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_verification_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verification_action_id"), ["action_id"], unique=False)

    op.create_table(
        "answer_choice",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_choice_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["question_option.id"], name=op.f("fk_answer_choice_option_id")
        ),
        sa.PrimaryKeyConstraint("answer_id", "option_id", name=op.f("pk_answer_choice")),
    )
    op.create_table(
        "condition_value",
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("answer_key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_id"],
            ["condition_clause.id"],
            name=op.f("fk_condition_value_clause_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clause_id", "answer_key", name=op.f("pk_condition_value")),
    )
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_evidence_file_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_file_person_id")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["progress_update.id"], name=op.f("fk_evidence_file_update_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_action_id"), ["action_id"], unique=False)

    op.create_table(
        "finding_theme",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["coded_by_id"], ["person.id"], name=op.f("fk_finding_theme_coded_by_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_theme_finding_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_finding_theme_theme_id")),
        sa.PrimaryKeyConstraint("finding_id", "theme_id", name=op.f("pk_finding_theme")),
    )
    with op.batch_alter_table("finding_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "recommendation_finding",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_recommendation_finding_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_finding_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "finding_id", name=op.f("pk_recommendation_finding")),
    )
    with op.batch_alter_table("recommendation_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_finding_finding_id"), ["finding_id"], unique=False
        )

    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("recommendation_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_finding_finding_id"))

    op.drop_table("recommendation_finding")
    with op.batch_alter_table("finding_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_theme_theme_id"))

    op.drop_table("finding_theme")
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_action_id"))

    op.drop_table("evidence_file")
    op.drop_table("condition_value")
    op.drop_table("answer_choice")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_action_id"))

    op.drop_table("verification")
    with op.batch_alter_table("progress_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_update_action_id"))

    op.drop_table("progress_update")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_return_id"))
        batch_op.drop_index(batch_op.f("ix_finding_case_id"))
        batch_op.drop_index("ix_finding_audit_id_section_id_kind")
        batch_op.drop_index("ix_finding_audit_id_released_id")

    op.drop_table("finding")
    with op.batch_alter_table("due_date_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_date_change_action_id"))

    op.drop_table("due_date_change")
    with op.batch_alter_table("condition_clause", schema=None) as batch_op:
        batch_op.drop_index("ix_condition_clause_on_question_id")
        batch_op.drop_index(batch_op.f("ix_condition_clause_condition_id"))

    op.drop_table("condition_clause")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_case_id"))
        batch_op.drop_index(batch_op.f("ix_concern_audit_id"))
        batch_op.drop_index("ix_concern_area_id_state")

    op.drop_table("concern")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_question_id_grade_id")

    op.drop_table("answer")
    with op.batch_alter_table("recommendation_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_theme_theme_id"))

    op.drop_table("recommendation_theme")
    op.drop_table("question_theme")
    op.drop_table("question_sector")
    op.drop_table("question_option")
    op.drop_table("question_descriptor")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index("uq_judgement_case_id_section_id")
        batch_op.drop_index(
            "uq_judgement_case_id_overall",
            sqlite_where=sa.text("section_id IS NULL"),
            postgresql_where=sa.text("section_id IS NULL"),
        )
        batch_op.drop_index("ix_judgement_audit_id_section_id")

    op.drop_table("judgement")
    op.drop_table("evidence_trigger")
    op.drop_table("condition")
    with op.batch_alter_table("closing_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_decision_recommendation_id"))

    op.drop_table("closing_decision")
    with op.batch_alter_table("case_return", schema=None) as batch_op:
        batch_op.drop_index("ix_case_return_auditor_id_state_due_on")
        batch_op.drop_index("ix_case_return_audit_id_submitted_at")
        batch_op.drop_index("ix_case_return_audit_id_state")
        batch_op.drop_index("ix_case_return_audit_id_agency_id_state")
        batch_op.drop_index("ix_case_return_agency_id_state_due_on")

    op.drop_table("case_return")
    with op.batch_alter_table("case_profile_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_profile_value_field_id"))

    op.drop_table("case_profile_value")
    with op.batch_alter_table("case_divergence", schema=None) as batch_op:
        batch_op.drop_index("ix_case_divergence_audit_id_place")

    op.drop_table("case_divergence")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index("ix_action_recommendation_id_state_due_on_agency_id")
        batch_op.drop_index(batch_op.f("ix_action_lead_id"))
        batch_op.drop_index("ix_action_audit_id_state_due_on")
        batch_op.drop_index("ix_action_audit_id_agency_id_state_due_on")
        batch_op.drop_index("ix_action_agency_id_state_due_on")

    op.drop_table("action")
    op.drop_table("section_sector")
    op.drop_table("report_draft")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index("ix_recommendation_area_id_state")

    op.drop_table("recommendation")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_section_id"))

    op.drop_table("question")
    op.drop_table("profile_option")
    with op.batch_alter_table("issued_report", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_report_area_id_issued_at")

    op.drop_table("issued_report")
    op.drop_table("grade")
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.drop_index("ix_case_record_audit_id_panel_opened_at")

    op.drop_table("case_record")
    with op.batch_alter_table("audit_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_person_person_id"))

    op.drop_table("audit_person")
    op.drop_table("audit_divergence")
    with op.batch_alter_table("audit_agency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_agency_agency_id"))

    op.drop_table("audit_agency")
    op.drop_table("section")
    op.drop_table("scale")
    op.drop_table("profile_field")
    op.drop_table("edition_source")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_edition_id"))
        batch_op.drop_index("ix_audit_area_id_stage")

    op.drop_table("audit")
    op.drop_table("edition")
    op.drop_table("theme")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("person_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_role_person_id"))
        batch_op.drop_index(batch_op.f("ix_person_role_area_id"))
        batch_op.drop_index(batch_op.f("ix_person_role_agency_id"))

    op.drop_table("person_role")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index("ix_one_time_link_person_id")

    op.drop_table("one_time_link")
    op.drop_table("framework")
    with op.batch_alter_table("agency_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_area_area_id"))

    op.drop_table("agency_area")
    op.drop_table("trail_head")
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_entry_record_record_id")
        batch_op.drop_index("ix_trail_entry_record")
        batch_op.drop_index("ix_trail_entry_person_id")
        batch_op.drop_index("ix_trail_entry_event")
        batch_op.drop_index("ix_trail_entry_at")

    op.drop_table("trail_entry")
    op.drop_table("person")
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mail_sent_at")

    op.drop_table("outgoing_mail")
    op.drop_table("installation")
    op.drop_table("failed_try")
    op.drop_table("area")
    op.drop_table("agency")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS trail_is_append_only")
