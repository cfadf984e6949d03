-- Who writes holds a lock of this table, which has no rows: only a login that may
-- write the directory can, and the server lets go of it when its program dies.
CREATE TABLE boussole.turn ();

-- How the last full export is known again before it is read, see base.Reading. What is
-- written from now on has to say it: a program of before that has the base open, and
-- knows nothing of it, would leave to another state what one is known by.
ALTER TABLE boussole.sources ADD reading json NOT NULL DEFAULT '{}';
ALTER TABLE boussole.sources ALTER reading DROP DEFAULT;
