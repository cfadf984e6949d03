-- What is guarded, see base.Guarded, who writes live facts does not see: an id that
-- begins with digits and two dots names an offer that is not for everybody to know of.
CREATE OR REPLACE VIEW boussole.aliases WITH (security_barrier) AS
	SELECT id, stands_for FROM (
		SELECT DISTINCT ON (id) id, convert_from(text, 'UTF8') COLLATE "C" AS stands_for
		FROM boussole.log WHERE source = '' ORDER BY id, seq DESC
	) AS last WHERE stands_for <> id AND id !~ '^[0-9]+[.][.]' AND stands_for !~ '^[0-9]+[.][.]';
