package nos

import (
	"io"
	"testing"

	"boussole/data"
	"boussole/data/intake"
)

// Whatever a file holds, its codes are kept, skipped or rejected, and what is
// kept can be carried by an offer.
func FuzzContent(f *testing.F) {
	const url = `"url":"https://mos.esante.gouv.fr/NOS/TRE_R211-X/FHIR/TRE-R211-X"`
	f.Add([]byte(`{"resourceType":"CodeSystem",` + url + `,"content":"complete","concept":[{"code":"1","display":"Un","concept":[{"code":"2","property":[{"code":"parent","valueCode":"1"},{"code":"dateFin","valueDateTime":"2019"}]}]}]}`))
	f.Add([]byte(`{"resourceType":"ValueSet",` + url + `,"compose":{"include":[{"system":"R211","concept":[{"code":"1"}]}]},"expansion":{"contains":[{"system":"R211","code":"3","inactive":true}]}}`))
	f.Add([]byte(`{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"CodeSystem",` + url + `,"concept":[{"code":1}]}}]}`))
	f.Add([]byte("\ufeffcode,libelle,system,liste\n1,Un,R211,x\n2,\"Deux,R211,x\n3,Trois,R211,y_ancien_libelle\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		ledger := intake.NewLedger(io.Discard)
		r := reader{books: ledger.Tally(Name, "concept"), files: ledger.Tally(Name, "file"), found: new(Terminologies)}
		err := r.content(content)
		r.settleParents()
		if err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
		kept := 0
		for code, c := range r.found.concepts {
			kept++
			if _, err := data.ParseCode(string(code)); err != nil || c.Code != code || c.Label != data.Words(c.Label) {
				t.Errorf("%+v: %v", c, err)
			}
			if _, there := r.found.concepts[c.Parent]; c.Parent != "" && (!there || c.Parent.System() != code.System()) {
				t.Errorf("%s is under %s", code, c.Parent)
			}
		}
		if kept > 2*r.books.Kept {
			t.Errorf("%d codes of %d kept", kept, r.books.Kept)
		}
		total := 0
		for _, s := range r.found.systems {
			total += s.codes
		}
		if total != kept {
			t.Errorf("%d codes by system, %d in all", total, kept)
		}
	})
}
