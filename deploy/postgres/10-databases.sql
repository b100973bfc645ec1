-- A role and a database per service, and no role that may even connect to another one's: a query across services
-- cannot be written. Runs once, when the server's data folder is made.
\set ON_ERROR_STOP on
\set ingest_password `cat /run/secrets/ingest_database_password`
\set matcher_password `cat /run/secrets/matcher_database_password`
\set scorer_password `cat /run/secrets/scorer_database_password`
\set sequencer_password `cat /run/secrets/sequencer_database_password`
\set notifier_password `cat /run/secrets/notifier_database_password`

CREATE TEMPORARY TABLE services (name text, password text);
INSERT INTO services VALUES
    ('ingest', :'ingest_password'),
    ('matcher', :'matcher_password'),
    ('scorer', :'scorer_password'),
    ('sequencer', :'sequencer_password'),
    ('notifier', :'notifier_password');

SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', name, password) FROM services \gexec
-- Text is ordered byte by byte, as on the embedded server: a rank must not depend on where it was computed.
SELECT format($$CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'
              LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'$$, name, name) FROM services \gexec
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', name) FROM services \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;
REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;
