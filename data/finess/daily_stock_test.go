package finess_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/realdata"
)

// row is a structureet line with the coordinates of its geolocalisation line,
// by the publisher's names.
type row map[string]string

// stockRows reads the stock line by line, apart from the reader.
func stockRows(t testing.TB) []row {
	t.Helper()
	f, err := os.Open(realdata.Path(t, realdata.FinessStock))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	at := make(map[string]row)
	lines := bufio.NewScanner(charmap.Windows1252.NewDecoder().Reader(unzipped))
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ";")
		switch fields[0] {
		case "structureet":
			r := make(row)
			for i, name := range names {
				r[name] = fields[i+1]
			}
			rows = append(rows, r)
			at[r["nofinesset"]] = r
		case "geolocalisation":
			at[fields[1]]["x"], at[fields[1]]["y"] = fields[2], fields[3]
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// The JSON of 2026, as far as the stock of 2021 can fill it.
type (
	dailyFile struct {
		SchemaVersion string        `json:"schemaVersion"`
		GeneratedAt   string        `json:"generatedAt"`
		Gcc           []any         `json:"gcc"`
		Gco           []any         `json:"gco"`
		Pmej          []dailyEntity `json:"pmej"`
	}
	dailyEntity struct {
		General struct {
			Id     string `json:"pmSmsseId"`
			Number string `json:"numFinessPm"`
			Name   string `json:"denominationPm"`
			Long   string `json:"denominationLonguePmSmsse"`
		} `json:"informationsGeneralesPMEJ"`
		Evenement []dailyEvent `json:"evenement"`
		Ege       []any        `json:"ege"` // dailyEge, or what became of one
		State     string       `json:"etatObjet"`
	}
	dailyEvent struct {
		Id   string `json:"evenementId"`
		Date string `json:"dateEvenement"`
		Code string `json:"codeEvenement"`
	}
	dailyEge struct {
		General struct {
			Id         string   `json:"egeId"`
			Number     string   `json:"numFinessEge"`
			Short      string   `json:"nomEgeCourt"`
			Long       string   `json:"nomEgeLong"`
			Complement string   `json:"complementDenominationEg,omitempty"`
			SIRET      string   `json:"siret,omitempty"`
			ESPIC      []string `json:"espic"`
			Opened     string   `json:"dateOuverture,omitempty"`
			Closed     string   `json:"dateFermeture,omitempty"`
		} `json:"informationsGeneralesEGE"`
		Category  string         `json:"categorieentiteGeographiqueExercice,omitempty"`
		Tariff    string         `json:"modefixationtarifaire,omitempty"`
		Adresse   []dailyAddress `json:"adresse"`
		Contact   []dailyContact `json:"contact"`
		Evenement []dailyEvent   `json:"evenement"`
		State     string         `json:"etatObjet"`
		Updated   string         `json:"dateDerniereMaj"`
	}
	dailyAddress struct {
		Usage       string            `json:"usageAdresse"`
		CareOf      string            `json:"complementPointGeographique,omitempty"`
		Number      string            `json:"numeroVoie,omitempty"`
		Type        string            `json:"typeVoie,omitempty"`
		Street      string            `json:"libelleVoie,omitempty"`
		Complement  string            `json:"complementVoie,omitempty"`
		Locality    string            `json:"lieuDit,omitempty"`
		Commune     string            `json:"cogCommune"`
		City        string            `json:"ligneAcheminement,omitempty"`
		Line4       string            `json:"ligneQuatre,omitempty"`
		Postcode    string            `json:"codePostal,omitempty"`
		Coordinates *dailyCoordinates `json:"coordonneesGeographique,omitempty"`
	}
	dailyCoordinates struct {
		X     string `json:"coordonneeX"`
		Y     string `json:"coordonneeY"`
		Lat   string `json:"directionLatitude"`
		Lon   string `json:"directionLongitude"`
		Key   string `json:"cleInInteropBAN,omitempty"`
		Score string `json:"scoreBAN,omitempty"`
	}
	dailyContact struct {
		Type struct {
			Role string `json:"roleContact"`
		} `json:"typeContact"`
		Telecom struct {
			Phone string `json:"telephone,omitempty"`
			Fax   string `json:"telecopie,omitempty"`
		} `json:"telecom"`
	}
)

// toDaily writes the stock as the daily file has it, entity by entity: northing
// in X and easting in Y, or, for two establishments in three, the two pairs
// exchanged as in September 2026; texts padded to their old columns.
func toDaily(rows []row, byNumber map[string]*data.Offer) *dailyFile {
	f := &dailyFile{SchemaVersion: "v1.0.0", GeneratedAt: "2021-01-08T15:49:37.615611300Z", Gcc: []any{struct{}{}}, Gco: []any{struct{}{}, nil}}
	at := make(map[string]int)
	for i, r := range rows {
		number := r["nofinessej"]
		if _, ok := at[number]; !ok {
			at[number] = len(f.Pmej)
			var e dailyEntity
			e.General.Number, e.General.Id, e.State = number, strconv.Itoa(len(f.Pmej)), "A"
			e.General.Name, e.General.Long = padded("ENTITE", 38), "ENTITE JURIDIQUE "+number
			e.Evenement = []dailyEvent{{"6", "2019-03-03", "005"}}
			f.Pmej = append(f.Pmej, e)
		}
		of := &f.Pmej[at[number]]
		of.Ege = append(of.Ege, toEge(i, r, byNumber[r["nofinesset"]]))
	}
	return f
}

func padded(text string, width int) string { return fmt.Sprintf("%-*s", width, text) }

func toEge(i int, r row, offer *data.Offer) dailyEge {
	var e dailyEge
	g := &e.General
	g.Id, g.Number, g.Complement, g.SIRET, g.Opened = strconv.Itoa(i), r["nofinesset"], r["complrs"], r["siret"], r["dateouv"]
	g.Short, g.Long = padded(r["rs"], 38), padded(r["rslongue"], 60)
	if r["codesph"] != "" {
		g.ESPIC = []string{r["codesph"]}
	}
	e.Category, e.Tariff, e.State = r["categetab"], r["codemft"], "A"
	if e.Updated = r["maj"]; e.Updated != "" {
		e.Updated += " 00:00:00"
	}
	e.Evenement = []dailyEvent{{"140923", "1956-11-16", "003"}, {"154311", "1956-11-16", "007"}}
	e.Adresse = []dailyAddress{toAddress(i, r, offer)}
	if i%10 == 0 {
		e.Adresse = slices.Insert(e.Adresse, 0, dailyAddress{Usage: "06", Street: "DE L'ACCUEIL", Commune: "01451"})
	}
	if r["telephone"] != "" || r["telecopie"] != "" {
		var c dailyContact
		c.Type.Role, c.Telecom.Phone, c.Telecom.Fax = "01", r["telephone"], r["telecopie"]
		e.Contact = []dailyContact{c}
	}
	return e
}

func toAddress(i int, r row, offer *data.Offer) dailyAddress {
	a := offer.Places[0].Address
	address := dailyAddress{
		Usage: "03", CareOf: r["compldistrib"], Number: r["numvoie"], Type: padded(r["typvoie"], 4), Street: padded(r["voie"], 21),
		Complement: r["compvoie"], Locality: r["lieuditbp"], Commune: a.Commune, City: a.City, Postcode: a.Postcode,
		Line4: data.Words(r["numvoie"] + " " + r["typvoie"] + " " + r["voie"]),
	}
	if r["voie"] == "" {
		address.Line4 = ""
	}
	if r["x"] == "" {
		return address
	}
	p := offer.Places[0].Point
	c := &dailyCoordinates{
		X: r["y"], Y: r["x"], Lat: strconv.FormatFloat(p.Lat, 'f', 6, 64), Lon: strconv.FormatFloat(p.Lon, 'f', 6, 64), Score: "0.9723536363636361",
	}
	if i%3 > 0 {
		c.X, c.Y, c.Lat, c.Lon = c.Lon, c.Lat, c.X, c.Y
	}
	key := cmp.Or(a.Commune, "99999")
	c.Key = map[data.Quality]string{data.AtCommune: key, data.AtStreet: key + "_0515", data.AtBuilding: key + "_0515_00240"}[offer.Places[0].Quality]
	address.Coordinates = c
	return address
}

// write writes the file, gzipped.
func (f *dailyFile) write(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "finess-structures-journalier.json.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zipped, _ := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err := json.NewEncoder(zipped).Encode(f); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// inBoth leaves of an offer what both formats tell.
func inBoth(o *data.Offer) *data.Offer {
	both := *o
	both.Organizations = slices.Clone(o.Organizations)
	for i := range both.Organizations {
		g := &both.Organizations[i]
		g.CategoryLabel, g.Aggregate, g.APE = "", "", "" // the stock only
		if g.Kind == data.LegalEntity {
			g.Name = "" // the daily file only
		}
	}
	return &both
}

// The stock of 2021, written as the daily file, gives the same offers.
func TestDailyStock(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	stock, byNumber := readStock(t)
	file := toDaily(stockRows(t), byNumber)
	daily := readFile(t, t.Context(), file.write(t))
	if daily.err != nil || daily.rejects != "" || len(daily.offers) != len(stock.offers) {
		t.Fatalf("%d offers, %v, rejected: %.500s", len(daily.offers), daily.err, daily.rejects)
	}
	compare(t, daily.offers, byNumber)
	if daily.kept["ege"] != 95_333 || daily.kept["pmej"] != len(file.Pmej) || daily.skipped["other"] != 3 {
		t.Errorf("kept %v, skipped %v", daily.kept, daily.skipped)
	}
	// What the stock and the daily file have in common is decided as often.
	for _, note := range []string{
		"opened on 1900-01-01 or 1901-01-01, which stand for unknown: dropped", "no commune: kept", "opens after the edition of the file: kept",
		"a phone or fax number that nobody can call: dropped", noteElsewhere, "a date before 1600 or that is none: dropped",
		"a SIRET whose key is wrong: kept",
	} {
		if daily.notes[note] != stock.notes[note] {
			t.Errorf("%s: %d times, want %d", note, daily.notes[note], stock.notes[note])
		}
	}
	// Where the commune is not told nobody knows the legal system of overseas.
	for note, want := range map[string]int{noteAtCentre: 0, noteNoPosition: 9, noteOnePair: 49, noteExchanged: 63_549, noteOrder: 0, noteDisagree: 0, noteTwoPlaces: 0} {
		if daily.notes[note] != want {
			t.Errorf("%s: %d times, want %d", note, daily.notes[note], want)
		}
	}
}

// compare holds the offers of the daily file against those of the stock.
func compare(t *testing.T, offers []*data.Offer, byNumber map[string]*data.Offer) {
	t.Helper()
	unlike := 0
	for _, o := range offers {
		want := inBoth(byNumber[o.Sources[0].Record])
		if want.Places[0].Address.Commune == "" {
			want.Places = slices.Clone(want.Places)
			want.Places[0].Address.Departement = "" // the daily file has the commune only
		}
		if difference := unlikeness(inBoth(o), want); difference != "" {
			if unlike++; unlike < 10 {
				t.Errorf("%s: %s", o.Sources[0].Record, difference)
			}
		}
	}
	if unlike > 0 {
		t.Errorf("%d offers are unlike those of the stock", unlike)
	}
}

// unlikeness says in what two offers differ, "" for nothing. Positions may be
// within a metre.
func unlikeness(got, want *data.Offer) string {
	if len(got.Places) != 1 || len(want.Places) != 1 {
		return fmt.Sprintf("%d places, want %d", len(got.Places), len(want.Places))
	}
	a, b := got.Places[0], want.Places[0]
	if d := geo.Distance(a.Point, b.Point); d > 1 {
		return fmt.Sprintf("at %v, %.2f m from %v", a.Point, d, b.Point)
	}
	a.Point = b.Point
	if !reflect.DeepEqual(a, b) {
		return fmt.Sprintf("at %+v, want %+v", a, b)
	}
	aligned := *got
	aligned.Places = want.Places
	if !reflect.DeepEqual(&aligned, want) {
		return fmt.Sprintf("%+v\nwant %+v", &aligned, want)
	}
	return ""
}

// plant is a fault that stands in a daily file, and what must become of it.
type plant struct {
	name   string
	do     func(ege object)
	path   string // of the reject, after that of the establishment; "-" for none
	reason string
	rule   string // of the skip
	note   string
}

func plants() []plant {
	general := func(ege object) object { return ege["informationsGeneralesEGE"].(object) }
	address := func(ege object) object { return ege["adresse"].([]any)[0].(object) }
	const number = ".informationsGeneralesEGE.numFinessEge"
	return []plant{
		{name: "a number that is none", do: func(e object) { general(e)["numFinessEge"] = "01000002X" }, path: number, reason: `"01000002X" is not a FINESS number`},
		{name: "no number", do: func(e object) { delete(general(e), "numFinessEge") }, path: number, reason: `"" is not a FINESS number`},
		{name: "an object for a text", do: func(e object) { address(e)["codePostal"] = object{"code": "01440"} }, path: ".adresse[0].codePostal", reason: "an object or list where a text must be"},
		{name: "a text for an object", do: func(e object) { e["contact"] = []any{"0474454647"} }, path: ".contact[0]", reason: "a text or list where an object must be"},
		{name: "a text without end", do: func(e object) { general(e)["nomEgeLong"] = strings.Repeat("CH ", 2000) }, path: ".informationsGeneralesEGE.nomEgeLong", reason: "longer than 4096 bytes"},
		{name: "nesting without end", do: func(e object) { e["evenement"] = nested(100) }, path: ".evenement", reason: "nested deeper than 64"},
		{name: "inactive", do: func(e object) { e["etatObjet"] = "I" }, rule: ruleInactive},
		{name: "closed", do: func(e object) { general(e)["dateFermeture"] = "2020-05-05" }, rule: ruleClosed},
		{name: "closed that day", do: func(e object) { general(e)["dateFermeture"] = "2021-01-08" }, rule: ruleClosed},
		{name: "will close", do: func(e object) { general(e)["dateFermeture"] = "2021-01-09" }, note: noteClosing},
		{name: "an unknown state", do: func(e object) { e["etatObjet"] = "X" }, note: noteState},
		{name: "an unknown field", do: func(e object) { e["etage"] = []any{1, object{"a": nil}} }, note: noteUnknownMember},
		{name: "a number for a text", do: func(e object) { e["telephone"] = 12 }, note: noteUnknownMember},
	}
}

func nested(depth int) any {
	var v any = "bottom"
	for range depth {
		v = []any{v}
	}
	return v
}

// Faults planted in the daily file are found, all of them and no other.
func TestDailyStockWithFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	_, byNumber := readStock(t)
	file := toDaily(stockRows(t), byNumber)
	all := plants()
	var rejects strings.Builder
	wantNotes, skipped, rejected, read := make(map[string]int), 0, 0, 0
	for i := range file.Pmej {
		for j, ege := range file.Pmej[i].Ege {
			read++
			if read%20 != 0 || len(ege.(dailyEge).Adresse) == 0 {
				continue
			}
			p := all[read/20%len(all)]
			planted := asObject(t, ege)
			number := planted["informationsGeneralesEGE"].(object)["numFinessEge"].(string)
			p.do(planted)
			file.Pmej[i].Ege[j] = planted
			switch {
			case p.path != "":
				rejected++
				if strings.HasSuffix(p.path, "numFinessEge") {
					number = strings.Split(p.reason, `"`)[1]
				}
				writeReject(&rejects, read, number, fmt.Sprintf("pmej[%d].ege[%d]%s", i, j, p.path), p.reason)
			case p.rule != "":
				skipped++
				wantNotes[p.rule]++
			default:
				wantNotes[p.note]++
			}
		}
	}
	r := readFile(t, t.Context(), file.write(t))
	if r.err != nil || r.kept["ege"] != read-skipped-rejected || r.skipped["ege"] != skipped || r.rejected["ege"] != rejected || len(r.offers) != r.kept["ege"] {
		t.Errorf("%v: %d kept, %d skipped, %d rejected; want %d, %d, %d", r.err, r.kept["ege"], r.skipped["ege"], r.rejected["ege"], read-skipped-rejected, skipped, rejected)
	}
	if rejected < 2000 || skipped < 1000 {
		t.Errorf("only %d and %d were planted", rejected, skipped)
	}
	if r.rejects != rejects.String() {
		t.Errorf("rejected:\n%.2000s\nwant:\n%.2000s", r.rejects, rejects.String())
	}
	for note, want := range wantNotes {
		if r.notes[note] != want {
			t.Errorf("%s: %d times, want %d", note, r.notes[note], want)
		}
	}
	for _, o := range r.offers {
		o.Organizations[0].Closed = 0 // planted
	}
	compare(t, r.offers, byNumber)
}

func asObject(t *testing.T, v any) (o object) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func writeReject(w io.Writer, number int, record, path, reason string) {
	lines := csv.NewWriter(w)
	lines.Write([]string{"finess", strconv.Itoa(number), record, path, reason})
	lines.Flush()
}
