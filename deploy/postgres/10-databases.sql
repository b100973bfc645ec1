-- A role and a database per service, and no role that may even connect to another one's: a query across services
-- cannot be written. Runs once, when the server's data folder is made.
\set ON_ERROR_STOP on
-- A line for each service that has a password here: its name, a blank, the password.
\set passwords `cd /run/secrets && for file in *_database_password; do echo "${file%_database_password} $(cat "$file")"; done`
CREATE TEMPORARY TABLE services AS
    SELECT split_part(line, ' ', 1) AS name, substring(line FROM position(' ' IN line) + 1) AS password
    FROM string_to_table(:'passwords', E'\n') AS line;

SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', name, password) FROM services \gexec
-- Text is ordered byte by byte, as on the embedded server: a rank must not depend on where it was computed.
SELECT format($$CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'
              LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'$$, name, name) FROM services \gexec
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', name) FROM services \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;
REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;
