// Package ndjson is Boussole's own interchange format: one offer a line, as
// JSON (NDJSON), described by a JSON Schema ([Schema]) that a test holds to the
// Go model. It carries every field of the model, both ways, without loss.
//
//	{"id":"mjwgcy3bojqwy","name":"Urgences","activities":["R211|157"],
//	 "hours":{"weekly":[{"days":["mon","tue"],"from":"08:30","to":"24:00"}]},
//	 "places":[{"id":"a1","point":{"lat":44.518,"lon":3.5014},"quality":"street"}]}
//
// (on one line). Names are those of the Go model in snake_case, because the
// answers of the API are: one vocabulary for whoever reads both. The words of
// small sets are those of the answers too. Codes are "R211|157", days
// "2021-01-08", instants RFC 3339, times of the day "08:30", to "24:00", days of
// the week their first three letters, ages a whole number of years, months,
// weeks, days or minutes: "18a", "18mo", "6wk", "12d", "90min".
//
// What is written is canonical, the same offer the same bytes: fields in the
// order of the model, none of those that are unknown but where a zero says
// something, such as midnight or a number of beds; instants in universal time.
// What is read may have its fields in any order and any space between them.
//
// In a file of what has changed, {"id":"a","deleted":true} says that the offer of
// that id is no more. Such a line yields no offer, and is not in the schema.
//
// It refuses to guess: a field that it does not know, one that is said twice, a
// null, a number out of its range, bytes that are no UTF-8 and a point without
// its quality are faults, each told with the line and the path in it
// ("places[0].point.lat"), and the line is rejected. It refuses to decide who
// may see what: a file has all of every offer.
package ndjson
