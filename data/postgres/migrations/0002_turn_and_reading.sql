-- Who writes holds a lock of this table, which has no rows: only a login that may
-- write the directory can, and the server lets go of it when its program dies.
CREATE TABLE boussole.turn ();

-- How the last full export is known again before it is read, see base.Reading.
ALTER TABLE boussole.sources ADD reading json NOT NULL DEFAULT '{}';
