package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// wordsPostgres finds words in one of two ways, whichever suits: it gathers all
// that carry them, by GIN, and sorts them by distance; or it walks from the nearest
// on and leaves out what does not carry them, which is faster where both words are
// common. Who asks knows how common words are, as from ts_stat. Where walk is 1 it
// always walks, where it is 0 the server chooses, planning each question for itself.
type wordsPostgres struct {
	*postgres
	walk int // from so many offers of the rarer word on
}

// gatherSQL measures as the engine does, so that nothing is fetched in excess.
const gatherSQL = `
WITH carrying AS MATERIALIZED (SELECT id, phi, lambda FROM offers WHERE geog IS NOT NULL AND %s)
SELECT id, round(12742017600 * atan2(sqrt(h), sqrt(1 - h)))::bigint AS mm FROM (
	SELECT id, sin((phi - radians($2)) / 2) ^ 2 + cos(phi) * cos(radians($2)) * sin((lambda - radians($1)) / 2) ^ 2 AS h
	FROM carrying) AS again
ORDER BY mm, id LIMIT %d`

func (p wordsPostgres) ways() []asker {
	ways := []asker{wordsPostgres{p.postgres, 0}}
	for _, share := range []float64{0, 0.0005, 0.002, 0.01, 0.05, 1} {
		ways = append(ways, wordsPostgres{p.postgres, 1 + int(share*float64(len(p.t.rows)))})
	}
	return ways
}

func (p wordsPostgres) walks(q *question) nearestPostgres {
	if p.walk == 0 {
		return nearestPostgres{p.postgres, p.once, pgx.QueryExecModeExec}
	}
	return nearestPostgres{p.postgres, p.conn, pgx.QueryExecModeCacheStatement}
}

func (p wordsPostgres) gathers(q *question) bool { return p.t.rarest(q) < p.walk }

func (p wordsPostgres) ask(ctx context.Context, q *question) (answer, error) {
	if !p.gathers(q) {
		return p.walks(q).ask(ctx, q)
	}
	near := nearestPostgres{p.postgres, p.once, pgx.QueryExecModeCacheStatement}
	sql, args := p.gather(q)
	ids, _, err := near.query(ctx, sql, args)
	return answer{ids: ids}, err
}

func (p wordsPostgres) gather(q *question) (sql string, args []any) {
	where, args := p.conditions(q, []any{q.near.Lon, q.near.Lat})
	return fmt.Sprintf(gatherSQL, where, wanted), args
}

// writtenWords are the words of a question, as the server is given them.
func (p *postgres) writtenWords(q *question) []string {
	var all []string
	for _, w := range q.words {
		all = append(all, p.t.words[w])
	}
	return all
}

// matching is the condition that all words of an argument are there, or words that
// are alike.
func matching(q *question) string {
	if q.typos {
		return "words @@ (SELECT alike(($%d::text[])[1]) && alike(($%[1]d::text[])[2]))"
	}
	return "words @@ array_to_string($%d::text[], ' & ')::tsquery"
}

// wordsTables hold every word, with its trigrams: what is alike has enough of them
// in common, and is one edit away from four letters, two from eight.
var wordsTables = []string{
	`CREATE TABLE dictionary AS SELECT DISTINCT unnest(tsvector_to_array(words)) AS word FROM offers`,
	`CREATE INDEX dictionary_trigrams ON dictionary USING gin (word gin_trgm_ops)`,
	`VACUUM (ANALYZE) dictionary`,
	`CREATE FUNCTION edits(word text) RETURNS int LANGUAGE sql IMMUTABLE AS
		$$ SELECT CASE WHEN length(word) < 4 THEN 0 WHEN length(word) < 8 THEN 1 ELSE 2 END $$`,
	`CREATE FUNCTION alike(asked text) RETURNS tsquery LANGUAGE sql STABLE AS
		$$ SELECT string_agg(word, ' | ')::tsquery FROM dictionary
		WHERE word % asked AND levenshtein_less_equal(word, asked, edits(asked)) <= edits(asked) $$`,
}

func (p wordsPostgres) explain(ctx context.Context, q *question) (string, error) {
	if !p.gathers(q) {
		return p.walks(q).explain(ctx, q)
	}
	sql, args := p.gather(q)
	return plan(ctx, p.once, sql, args)
}

// thingsPostgres suggests: by a tsvector of words, or else by trigrams, and where
// neither has all words, by trigrams that are alike.
type thingsPostgres struct {
	*postgres
	trigrams bool
}

func (p thingsPostgres) ways() []asker {
	return []asker{thingsPostgres{p.postgres, false}, thingsPostgres{p.postgres, true}}
}

const (
	rawThings   = `CREATE TABLE raw_things (number int, text text)`
	thingsTable = `CREATE TABLE things AS SELECT number, text, array_to_tsvector(string_to_array(trim(text), ' ')) AS words FROM raw_things`

	byWordsSQL    = `SELECT number FROM things WHERE words @@ $1::tsquery ORDER BY number LIMIT 10`
	byTrigramsSQL = `SELECT number FROM things WHERE text LIKE ALL ($1::text[]) ORDER BY number LIMIT 10`
	alikeSQL      = `SELECT number FROM things WHERE $1 <% text ORDER BY word_similarity($1, text) DESC, number LIMIT 10`
)

var thingsIndexes = []string{
	thingsTable, `DROP TABLE raw_things`, `ALTER TABLE things ADD PRIMARY KEY (number)`,
	`CREATE INDEX things_words ON things USING gin (words)`,
	`CREATE INDEX things_trigrams ON things USING gin (text gin_trgm_ops)`,
	`VACUUM (ANALYZE, FREEZE) things`,
}

func (p *postgres) fillThings(ctx context.Context) error {
	if _, err := p.conn.Exec(ctx, rawThings); err != nil {
		return err
	}
	rows := pgx.CopyFromSlice(len(p.t.things), func(i int) ([]any, error) {
		return []any{int32(i), " " + p.t.things[i].text() + " "}, nil
	})
	if _, err := p.conn.CopyFrom(ctx, pgx.Identifier{"raw_things"}, []string{"number", "text"}, rows); err != nil {
		return err
	}
	return p.run(ctx, thingsIndexes)
}

func (p thingsPostgres) sql(q *question) (string, any) {
	whole, begun := q.typedWords()
	if p.trigrams {
		like := []string{"% " + begun + "%"}
		for _, w := range whole {
			like = append(like, "% "+w+" %")
		}
		return byTrigramsSQL, like
	}
	asked := "'" + begun + "':*"
	for _, w := range whole {
		asked += " & '" + w + "'"
	}
	return byWordsSQL, asked
}

func (p thingsPostgres) ask(ctx context.Context, q *question) (answer, error) {
	sql, arg := p.sql(q)
	numbers, err := p.numbers(ctx, sql, arg)
	if err == nil && len(numbers) == 0 {
		numbers, err = p.numbers(ctx, alikeSQL, q.typed)
	}
	return answer{ids: p.t.keysOf(numbers)}, err
}

// numbers asks so that each is planned for itself: how common a beginning is
// decides how it is best looked for.
func (p thingsPostgres) numbers(ctx context.Context, sql string, arg any) ([]int32, error) {
	rows, err := p.once.Query(ctx, sql, pgx.QueryExecModeExec, arg)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int32])
}

func (p thingsPostgres) explain(ctx context.Context, q *question) (string, error) {
	sql, arg := p.sql(q)
	first, err := plan(ctx, p.once, sql, []any{arg})
	if err != nil {
		return "", err
	}
	alike, err := plan(ctx, p.once, alikeSQL, []any{q.typed})
	return first + "\nwhere there is none:\n" + alike, err
}
