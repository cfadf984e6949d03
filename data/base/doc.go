// Package base keeps what every source said, day after day: source records as
// they are after reading, each under the name that its source gives it, in
// imports that are whole or not there at all.
//
// A record is bytes to it, in one canonical form, the line of package ndjson, and
// is compared by its hash: an export that says what the last one said writes
// nothing. The very export that was taken last is known before it is read, by a digest
// of its files and of the program, see [Reading]. What is closed or said anew stays,
// until the operator has a rule that says otherwise: nothing is deleted by default.
//
// The embedded store of package embedded is one folder; every other one passes
// the same suite, package basetest.
//
// It refuses to know what a record means: which records describe one service is
// for package merge, which reads a [Snapshot] or follows the [Changes]. It
// refuses to decide who may see what: it holds everything, the hidden too, and
// what answers may not import it. It refuses to guess: an export that would
// close more than its share, or that is older than what is known, is not taken
// until somebody says that it is true, and one with a record that nobody can name
// closes nothing.
package base
