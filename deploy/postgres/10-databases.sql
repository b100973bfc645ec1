-- A role and a database per service; a role cannot connect to another service's database, so no query can span
-- services. Runs once, when the server's data folder is created.
\set ON_ERROR_STOP on
-- A line for each service with a password here: its name, a space, the password.
\set passwords `cd /run/secrets && for file in *_database_password; do echo "${file%_database_password} $(cat "$file")"; done`
CREATE TEMPORARY TABLE services AS
    SELECT split_part(line, ' ', 1) AS name, substring(line FROM position(' ' IN line) + 1) AS password
    FROM string_to_table(:'passwords', E'\n') AS line;

SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', name, password) FROM services \gexec
-- Text is ordered by bytes, as on the embedded server, so that a rank does not depend on where it is computed.
SELECT format($$CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'
              LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'$$, name, name) FROM services \gexec
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', name) FROM services \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;
REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;
