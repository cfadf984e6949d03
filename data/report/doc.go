// Package report says how good the records of every source are: how many there
// are of what, how exactly their positions are known, how old they are, and what
// is wrong with them, rule by rule ([Rules]), each fault with its record.
//
// It takes records as their source says them, before they are merged, twice over:
// first to learn what the sources say of sites together, then to check each
// record. So what is counted and what is listed come of the same code, and the
// same records give the same report, to the byte.
//
// The report is JSON ([Report.WriteJSON]), and a table for people
// ([Report.WriteTable]):
//
//	{
//	  "format": 1,
//	  "day": "2026-11-26",              the day for which ages, closings and codes are told
//	  "basis": "5bc2…",                 names all of which it was made but its books, where its maker tells
//	  "records": 109287,
//	  "rules": [{                       every rule, in the order of Rules
//	    "rule": "position-far",
//	    "severity": "warning",          error, warning or info
//	    "unit": "place",                what is counted: place, offer, site or code
//	    "title": "…", "titre": "…", "meaning": "…",
//	    "found": 12,
//	    "unchecked": "…"                why it could not be asked; left out where it was
//	  }],
//	  "groups": [{                      by source and region
//	    "source": "finess", "region": "84", "region_name": "Auvergne-Rhône-Alpes",
//	    "records": 11543,
//	    "kinds": {"establishment": 11543},
//	    "types": {"R66|620": 2543},     by type of offer (R244), or category (R66) of an establishment; "none"
//	    "places": {"none": 1, "commune": 540, "street": 2012, "building": 8990, "doubted": 3, "without": 0},
//	    "ages": {"30d": 0, "90d": 0, "1y": 0, "2y": 12, "5y": 0, "older": 0, "untold": 0, "ahead": 0},
//	    "found": {"position-far": 2}    by rule; those without a finding are left out
//	  }],
//	  "rejects": [{"source": "fhir", "kind": "service", "field": "id", "times": 2}],
//	  "decisions": [{"source": "finess", "what": "no coordinates: kept, unplaced", "times": 9}]
//	}
//
// A place is counted once for each source and region, also where many offers share
// it, and an age once for each record, in the first of the spans that it is within.
// Rejects and decisions are those of the import that was read with the report; a
// base does not keep them, so a report over a base alone has none.
//
// The findings of one rule ([Checker.Findings], [WriteFindings]):
//
//	{"rule": "position-far", "findings": [{
//	  "source": "finess", "region": "84", "record": "010000024", "offer": "vgs3fdeqzvl6xeqo",
//	  "about": "place 3nqzx6yo5dtbsgw2", "found": "…", "expected": "…", "metres": 12031.2}]}
//
// It refuses to mend anything, and to decide who may see what: it names sensitive
// units and lines that most may not see. What it writes MUST be readable to its
// owner only, and MUST NOT reach a viewer.
//
// In memory are what is known of sites (some 400 bytes for each FINESS number), 16
// to 48 bytes for each place, and the findings of the one rule that is shown, some
// 300 bytes each.
package report
