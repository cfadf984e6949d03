-- Each commit that changes anything has a mark, drawn at random, see base.Mark: by it a
-- follower knows a database that was put back from a copy and has grown otherwise since.
CREATE TABLE boussole.commits (
	seq  bigint PRIMARY KEY CHECK (seq > 0), -- the last change of the commit
	mark text   NOT NULL CHECK (mark <> '')
);

INSERT INTO boussole.commits SELECT seq, replace(gen_random_uuid()::text, '-', '') FROM boussole.state WHERE seq > 0;
