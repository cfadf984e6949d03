// Package records carries offers into a base: what a reader yields becomes the
// records of one export.
//
// A record is the canonical line of package ndjson, under the id of its offer, which
// comes from the strongest number that its source has for it. The day of an edition is
// left out where editions come by the day, or every record would be another one every
// day; the day on which the source changed the record stays.
//
// It refuses to know what describes the same service: that is for package merge, by way
// of package directory.
package records
