-- What every source said, change by change. A row is never changed: a record is what
-- the last row of its name says of it, and an import that says nothing new writes no
-- row. Names are ordered by their bytes, whatever the locale of the database. Days are
-- counted from the first one of year 1; 0 is none.

CREATE TABLE boussole.state (
	one_row  boolean PRIMARY KEY DEFAULT true CHECK (one_row),
	identity text    NOT NULL,
	seq      bigint  NOT NULL DEFAULT 0, -- the last change
	floor    bigint  NOT NULL DEFAULT 0  -- the highest one that was ever purged
);

CREATE TABLE boussole.sources (
	name     text COLLATE "C" PRIMARY KEY,
	live     bigint  NOT NULL CHECK (live >= 0),
	full_of  integer NOT NULL, -- the day that the last full export told
	delta_of integer NOT NULL, -- and the last delta since
	deltas   bigint  NOT NULL,
	imported integer NOT NULL,
	held     bigint  NOT NULL
);

CREATE TABLE boussole.log (
	seq      bigint   PRIMARY KEY CHECK (seq > 0),
	kind     smallint NOT NULL CHECK (kind BETWEEN 1 AND 5), -- new, updated, closed, reopened, aliased
	imported integer  NOT NULL,
	source   text     COLLATE "C" NOT NULL, -- empty for an alias
	id       text     COLLATE "C" NOT NULL,
	class    smallint NOT NULL,
	category text     NOT NULL,
	changed  integer  NOT NULL, -- by the word of the source
	hash     bytea,
	text     bytea,
	CHECK ((kind = 5) = (source = '')),
	CHECK ((kind = 3) = (text IS NULL)),
	CHECK ((kind IN (3, 5)) = (hash IS NULL))
);

-- What is known of a record is its first entry here. The hash is in it, so that an
-- export is compared without reading a text.
CREATE UNIQUE INDEX log_last ON boussole.log (source, id, seq DESC) INCLUDE (kind, hash);

CREATE VIEW boussole.aliases WITH (security_barrier) AS
	SELECT id, stands_for FROM (
		SELECT DISTINCT ON (id) id, convert_from(text, 'UTF8') COLLATE "C" AS stands_for
		FROM boussole.log WHERE source = '' ORDER BY id, seq DESC
	) AS last WHERE stands_for <> id;
