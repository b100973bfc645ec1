"""Contacts, tasks and notes in a CRM, and which suppressions stop each record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crm_links", sa.Column("about", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.alter_column("crm_links", "about", server_default=None)
    for column, default in (
        (sa.Column("version", sa.BigInteger(), nullable=False, server_default="-1"), True),
        (sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"), True),
        (sa.Column("facility_id", sa.Text()), False),
        (sa.Column("contact_id", sa.Text()), False),
        (sa.Column("task_id", sa.Text()), False),
        (sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01"), True),
    ):
        op.add_column("crm_records", column)
        if default:
            op.alter_column("crm_records", column.name, server_default=None)
    op.create_index("crm_records_marks", "crm_records", ["marks"], postgresql_using="gin")
    for name, column_name in (("company", "facility_id"), ("contact", "contact_id"), ("task", "task_id")):
        where = sa.text(f"{column_name} IS NOT NULL")
        op.create_index(f"crm_records_of_a_{name}", "crm_records", [column_name], postgresql_where=where)
    op.create_table(
        "crm_suppressions",
        sa.Column("suppression_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=False),
    )
    op.create_index("crm_suppressions_marks", "crm_suppressions", ["marks"], postgresql_using="gin")
    op.execute(
        """
        INSERT INTO crm_suppressions (suppression_id, version, marks)
        SELECT DISTINCT ON (1) (data->>'suppression_id')::uuid, (data->>'version')::bigint,
            CASE WHEN (data->>'lifted')::boolean THEN '{}'
                ELSE ARRAY(SELECT json_array_elements_text(data->'marks')) END
        FROM log WHERE type IN ('suppression.changed', 'address_suppression.changed')
        ORDER BY 1, (data->>'version')::bigint DESC
        """
    )
    op.execute(
        """
        UPDATE crm_records AS record SET version = 0, marks = ARRAY['facility:' || record.id] || ARRAY(
            SELECT 'chain:' || upper(value) FROM crm_fields AS chain
            WHERE (chain.kind, chain.id, chain.field) = ('companies', record.id, 'chain') AND value IS NOT NULL
        ) WHERE kind = 'companies'
        """
    )
    op.execute("DELETE FROM crm_fields WHERE kind = 'chains' OR field = 'suppressed'")
    op.drop_index("crm_fields_of_a_chain", "crm_fields")
    op.create_index(
        "crm_fields_of_an_email", "crm_fields", [sa.text("lower(value)")], postgresql_where=sa.text("field = 'email'")
    )
