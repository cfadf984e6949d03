-- Three roles without a login of their own: give a program's login the one that it
-- needs, as in GRANT boussole_reader TO server. Who made the tables may migrate.

SET search_path = pg_catalog, pg_temp; -- what others have put elsewhere is not called

DO $$
DECLARE
	wanted text;
BEGIN
	FOREACH wanted IN ARRAY ARRAY['boussole_indexer', 'boussole_live', 'boussole_reader'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
			BEGIN
				EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
			EXCEPTION WHEN duplicate_object OR unique_violation THEN
				NULL; -- the migration of another database of the server was faster
			END;
		END IF;
	END LOOP;
END $$;

REVOKE ALL ON SCHEMA boussole FROM PUBLIC, boussole_indexer, boussole_live, boussole_reader;
REVOKE ALL ON ALL TABLES IN SCHEMA boussole FROM PUBLIC, boussole_indexer, boussole_live, boussole_reader;
GRANT USAGE ON SCHEMA boussole TO boussole_indexer, boussole_live, boussole_reader;

-- The indexer writes the directory: it adds rows and purges them, and changes none.
GRANT SELECT ON ALL TABLES IN SCHEMA boussole TO boussole_indexer;
GRANT INSERT, DELETE ON boussole.log TO boussole_indexer;
GRANT INSERT ON boussole.commits TO boussole_indexer;
GRANT INSERT, UPDATE ON boussole.sources TO boussole_indexer;
GRANT UPDATE (seq, floor) ON boussole.state TO boussole_indexer;
GRANT UPDATE ON boussole.turn TO boussole_indexer; -- so that it can lock it

-- Who writes live facts needs to know what an id stands for, and no text.
GRANT SELECT ON boussole.migrations, boussole.state, boussole.aliases TO boussole_live;

-- The reader reads.
GRANT SELECT ON ALL TABLES IN SCHEMA boussole TO boussole_reader;
