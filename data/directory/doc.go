// Package directory keeps what is published in step with a base: all that the base
// holds, merged, and from then on only the offers that are new, changed or gone.
//
// What it remembers of the last time is in one folder. It may be old: then everything is
// merged anew, and said so. It may be lost or broken, too, but then nobody knows any more
// what the offers that are published were called and what they were made of: of those
// that have become others since, the former ids answer no more, see [Step].Lost.
//
// It keeps what offers were called: when the records of an offer are part of another one,
// the other answers to the id of before, as long as one of these records is there and
// nothing else has the id; where the record goes, the id goes with it. The base keeps that
// as its aliases, see [Source].
//
// It refuses to publish: who calls it does, and says what came of it. It refuses to
// trust: what it remembers is used for the very generation that is published, the
// same base and the same rules, and for nothing else.
package directory
