package cmd_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"boussole/geo/realdata"
)

// These tests run the programs as they are installed.

// programs builds them once, and returns their folder.
func programs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", dir, "./indexer", "./server", "./reach")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// run runs a program to its end.
func run(t *testing.T, program string, arguments ...string) (output string, status int) {
	t.Helper()
	c := exec.Command(program, arguments...)
	c.Env = append(os.Environ(), "BOUSSOLE_KEEP=2")
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), c.ProcessState.ExitCode()
}

// serve starts the server on a free port of the loopback, and returns its
// address and its greeting. It is told to stop at the end of the test, and must
// then end well.
func serve(t *testing.T, dir, index string, more ...string) (address, greeting string) {
	t.Helper()
	c := exec.Command(filepath.Join(dir, "server"), append([]string{"-index", index, "-addr", "127.0.0.1:0"}, more...)...)
	c.Stderr = os.Stderr
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the server did not end well: %v", err)
		}
	})
	lines := bufio.NewReader(stdout)
	for strings.Count(greeting, "curl") < 3 {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the greeting ends after %q: %v", greeting, err)
		}
		greeting += line
	}
	address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(greeting)
	return address, greeting
}

type answer struct {
	Results []struct {
		Offer struct {
			FINESS string
			Site   struct{ Category string }
		}
		Distance float64 `json:"distance_m"`
		Travel   struct {
			Minutes float64
			Source  string
		}
	}
	Complete bool
	Basis    string
}

func get(t *testing.T, address, query string) answer {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Get(address + "/v1/nearest?" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || response.StatusCode != 200 {
		t.Fatalf("%s: %d %v\n%s", query, response.StatusCode, err, body)
	}
	return a
}

func TestRealRegistersFromFileToAnswer(t *testing.T) {
	stock, services := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	dir, index := programs(t), filepath.Join(t.TempDir(), "index")
	out, status := run(t, filepath.Join(dir, "indexer"), "build", "-finess", stock, "-sae", services, "-out", index)
	if status != 0 {
		t.Fatal(out)
	}
	for _, want := range []string{"structureet   95333   95333        0         0", "service   13954   13954        0         0", "109287 offers"} {
		if !strings.Contains(out, want) {
			t.Errorf("the indexer does not print %q:\n%s", want, out)
		}
	}
	address, _ := serve(t, dir, index)

	cases := []struct {
		name, query, finess string
		meters, within      float64
	}{
		{"pharmacy of Notre-Dame", "lat=48.852968&lon=2.349902&category=620&limit=5", "750011173", 230, 1},
		{"stroke unit of Mende", "lat=44.518&lon=3.5014&code=R211|356", "430000117", 65_800, 100},
		{"pharmacy of Saint-Denis de La Réunion", "lat=-20.8789&lon=55.4481&category=620", "970464970", 207, 1},
		{"emergencies of Barcelonne-du-Gers", "lat=43.6931&lon=-0.2126&code=R211|157,R211|249", "400015103", 3_400, 100},
	}
	for _, c := range cases {
		a := get(t, address, strings.ReplaceAll(c.query, "|", "%7C"))
		first := a.Results[0]
		if first.Offer.FINESS != c.finess || math.Abs(first.Distance-c.meters) > c.within || !a.Complete {
			t.Errorf("%s: %s at %.0f m, want %s at about %.0f", c.name, first.Offer.FINESS, first.Distance, c.finess, c.meters)
		}
	}
	t.Run("nearest of any category", func(t *testing.T) { nearestOfAnyCategory(t, address) })
	t.Run("README", func(t *testing.T) { readmeAnswer(t, address) })
	t.Run("README, how far", func(t *testing.T) { readmeReach(t, filepath.Join(dir, "reach"), index) })
	t.Run("how far, by département", func(t *testing.T) { reachByDepartement(t, filepath.Join(dir, "reach"), index) })
	t.Run("how far, by need", func(t *testing.T) { reachByNeed(t, filepath.Join(dir, "reach"), index) })
}

// nearestOfAnyCategory compares with a loop over the published positions,
// which owes nothing to the project but the question.
func nearestOfAnyCategory(t *testing.T, address string) {
	type site struct{ lat, lon float64 }
	sites := make(map[string][]site)
	for _, row := range readCSV(t, realdata.Path(t, realdata.FinessCSV))[1:] {
		lat, errLat := strconv.ParseFloat(row[23], 64)
		lon, errLon := strconv.ParseFloat(row[24], 64)
		if errLat == nil && errLon == nil {
			sites[row[8]] = append(sites[row[8]], site{lat, lon})
		}
	}
	var categories []string
	for _, row := range readCSV(t, realdata.Path(t, "nomenclatures/finess_categories_2025-05-26.csv"))[1:] {
		categories = append(categories, row[0])
	}
	haversine := func(a, b site) float64 {
		const rad = math.Pi / 180
		u, v := math.Sin((b.lat-a.lat)*rad/2), math.Sin((b.lon-a.lon)*rad/2)
		return 2 * 6_371_008.8 * math.Asin(math.Sqrt(u*u+math.Cos(a.lat*rad)*math.Cos(b.lat*rad)*v*v))
	}
	corners := []site{{48.85, 2.35}, {42, 9}, {-20.9, 55.5}, {16.2, -61.5}, {4.9, -52.3}, {-12.8, 45.2}, {43.3, -1.8}, {46.2, 6.15}, {-13.3, 179.9}}
	r := rand.New(rand.NewPCG(5, 6))
	for range 400 {
		from := corners[r.IntN(len(corners))]
		from.lat, from.lon = from.lat+r.NormFloat64(), min(180, from.lon+r.NormFloat64())
		category := categories[r.IntN(len(categories))]
		nearest := math.Inf(1)
		for _, s := range sites[category] {
			nearest = min(nearest, haversine(from, s))
		}
		a := get(t, address, fmt.Sprintf("lat=%v&lon=%v&category=%s&limit=3", from.lat, from.lon, category))
		switch {
		case len(sites[category]) == 0:
			if len(a.Results) != 0 {
				t.Errorf("category %s has no site, and %s is found", category, a.Results[0].Offer.FINESS)
			}
		case len(a.Results) == 0 || math.Abs(a.Results[0].Distance-nearest) > 1 || a.Results[0].Offer.Site.Category != category:
			t.Errorf("category %s from %v: %+v, want one at %.1f m", category, from, a.Results, nearest)
		}
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// readmeAnswer asks the question of the README and compares with what the
// README prints below it.
func readmeAnswer(t *testing.T, address string) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)curl '[^']*/v1/nearest\\?([^']*)'\n```\n\n```json\n(.*?)```").FindSubmatch(readme)
	if found == nil {
		t.Fatal("the README has no question with its answer")
	}
	query := strings.ReplaceAll(string(found[1]), "|", url.QueryEscape("|"))
	response, err := http.Get(address + "/v1/nearest?" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var got, want any
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(found[2], &want); err != nil {
		t.Fatalf("the answer in the README: %v", err)
	}
	gotText, _ := json.MarshalIndent(got, "", "  ")
	wantText, _ := json.MarshalIndent(want, "", "  ")
	if string(gotText) != string(wantText) {
		t.Errorf("the README shows\n%s\nand the server answers\n%s", wantText, gotText)
	}
}

// readmeReach runs the survey of the README and compares with what the README
// prints below it, to the letter.
func readmeReach(t *testing.T, program, index string) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)make reach\n```\n\n```\n(.*?)```").FindSubmatch(readme)
	if found == nil {
		t.Fatal("the README has no survey with its answer")
	}
	out, status := run(t, program, "-index", index)
	if status != 0 || out != string(found[1]) {
		t.Errorf("the README shows\n%s\nand the program prints (status %d)\n%s", found[1], status, out)
	}
}

func reachByDepartement(t *testing.T, program, index string) {
	out, status := run(t, program, "-index", index, "-code", "R211|157,R211|249", "-code", "R244|20", "-departements")
	for _, want := range []string{"R211|157,R211|249 and R244|20", "metropolitan France", "2A  Corse-du-Sud", "978 Saint-Martin"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not print %q", want)
		}
	}
	// Four lines before them, a blank one after, and all that have a placed commune: 101 and two collectivities.
	if lines := strings.Count(out, "\n"); status != 0 || lines != 6+103 {
		t.Errorf("status %d, %d lines, want 109\n%s", status, lines, out)
	}
}

// What the registers say goes through a file of our own without loss: the
// generation has the same name.
func TestConvert(t *testing.T) {
	stock, services := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	indexer, folder := filepath.Join(programs(t), "indexer"), t.TempDir()
	file := filepath.Join(folder, "all.ndjson.gz")
	do := func(arguments ...string) string {
		out, status := run(t, indexer, arguments...)
		if status != 0 {
			t.Fatal(out)
		}
		return out
	}
	published := func(out string) string { return regexp.MustCompile(`generation (\w+)`).FindStringSubmatch(out)[1] }
	want := published(do("build", "-finess", stock, "-sae", services, "-out", filepath.Join(folder, "first")))
	if out := do("convert", "-finess", stock, "-sae", services, "-out", file); !strings.Contains(out, "wrote 109287 offers") {
		t.Errorf("it prints\n%s", out)
	}
	out := do("build", "-ndjson", file, "-out", filepath.Join(folder, "second"))
	if got := published(out); got != want || !strings.Contains(out, "offer  109287  109287        0         0") {
		t.Errorf("generation %s of the registers, of the file\n%s", want, out)
	}
}

// A folder of terminologies may hold other files; a pattern and standard input
// name offers.
func TestInputsOfManyKinds(t *testing.T) {
	indexer, folder := filepath.Join(programs(t), "indexer"), t.TempDir()
	for name, content := range map[string]string{
		"nos/r211.csv": "code,label,system\n157,Urgences,https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle\n",
		"nos/read.csv": "what,else\n1,2\n",
		"a.ndjson":     `{"id":"a","activities":["R211|157"]}` + "\n",
		"b.ndjson":     `{"id":"b","activities":["R211|999"]}` + "\n",
	} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(indexer, "build", "-ndjson", filepath.Join(folder, "*.ndjson"), "-ndjson", "-", "-nos", filepath.Join(folder, "nos"), "-out", filepath.Join(folder, "out"))
	c.Stdin = strings.NewReader(`{"id":"c"}` + "\n")
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), ": 3 offers, ") || !strings.Contains(string(out), "R211|999") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The schema is printed as JSON, and a bad line is told with its number.
func TestNDJSON(t *testing.T) {
	indexer, folder := filepath.Join(programs(t), "indexer"), t.TempDir()
	var schema struct {
		Schema string `json:"$schema"`
	}
	out, status := run(t, indexer, "schema")
	if err := json.Unmarshal([]byte(out), &schema); status != 0 || err != nil || schema.Schema != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("%d, %v: %.100s", status, err, out)
	}
	file, more := filepath.Join(folder, "some.ndjson"), filepath.Join(folder, "more.ndjson")
	lines := `{"id":"a","places":[{"point":{"lat":48.85,"lon":2.35},"quality":"street"}]}` + "\n" + `{"id":"b","nom":"x"}` + "\n"
	if err := errors.Join(os.WriteFile(file, []byte(lines), 0o600), os.WriteFile(more, []byte(`{"id":"a"}`+"\n"+`{"id":"c"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	out, status = run(t, indexer, "build", "-ndjson", file, "-ndjson", more, "-out", folder)
	rejects, err := os.ReadFile(filepath.Join(folder, "rejects.csv"))
	if status != 0 || err != nil || !strings.Contains(out, "2 offers, 1 of them with a position") ||
		!strings.Contains(string(rejects), "ndjson,2,b,nom,no such field\n") {
		t.Errorf("%d, %v\n%s\n%s", status, err, out, rejects)
	}
}

// Codes are held against the terminologies that are given, and kept whatever
// these say; a file that is none publishes nothing.
func TestTerminologies(t *testing.T) {
	indexer, folder := filepath.Join(programs(t), "indexer"), t.TempDir()
	offers, terms := filepath.Join(folder, "some.ndjson"), filepath.Join(folder, "terms.json")
	if err := errors.Join(
		os.WriteFile(offers, []byte(`{"id":"a","activities":["R211|1","R211|2","R211|3"]}`+"\n"), 0o600),
		os.WriteFile(terms, []byte(`{"resourceType":"CodeSystem","url":"https://mos.esante.gouv.fr/NOS/TRE_R211-X/FHIR/TRE-R211-X","content":"complete",
			"concept":[{"code":"1","display":"Un"},{"code":"2","display":"Deux","property":[{"code":"dateFin","valueDateTime":"2019-01-25"}]}]}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	out, status := run(t, indexer, "build", "-ndjson", offers, "-nos", terms, "-out", folder)
	if status != 0 || !strings.Contains(out, "1  R211|3 is not in its terminology: kept") || !strings.Contains(out, "1  R211|2 (Deux) is out of use: kept") ||
		strings.Contains(out, "R211|1") || !strings.Contains(out, "code carried     3     3        0         0") {
		t.Errorf("%d\n%s", status, out)
	}
	// In a folder other things may lie.
	out, status = run(t, indexer, "build", "-ndjson", offers, "-nos", folder, "-out", filepath.Join(folder, "other"))
	if status != 0 || !strings.Contains(out, "1  R211|2 (Deux) is out of use: kept") || !strings.Contains(out, "a file of the folder that is no terminology") {
		t.Errorf("%d\n%s", status, out)
	}
	address, _ := serve(t, filepath.Dir(indexer), filepath.Join(folder, "other"))
	response, err := http.Get(address + "/v1/offers/a")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(body), `"R211|2": "Deux"`) && !strings.Contains(string(body), `"R211|2":"Deux"`) {
		t.Errorf("%v\n%s", err, body)
	}
	out, status = run(t, indexer, "build", "-ndjson", offers, "-nos", offers, "-out", filepath.Join(folder, "none"))
	if status != 1 || !strings.Contains(out, "nothing was published") || !strings.Contains(out, "no terminology") {
		t.Errorf("%d\n%s", status, out)
	}
}

// A server that runs answers from a build that comes after its start, unless it
// is told never to look.
func TestServerFollowsTheIndexer(t *testing.T) {
	dir, index := programs(t), filepath.Join(t.TempDir(), "index")
	build := func(offers string) {
		if out, status := run(t, filepath.Join(dir, "indexer"), "build", "-scale", offers, "-out", index); status != 0 {
			t.Fatal(out)
		}
	}
	build("1000")
	following, _ := serve(t, dir, index, "-reload", "20ms")
	staying, _ := serve(t, dir, index, "-reload", "0")
	const question = "lat=48.85&lon=2.35"
	before := get(t, following, question).Basis
	build("2000")
	for start := time.Now(); get(t, following, question).Basis == before; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatal("the second build is not served")
		}
	}
	if got := get(t, staying, question).Basis; got != before {
		t.Errorf("-reload 0: serves %s, and %s at its start", got, before)
	}
}

// Servers that have the same key replay each other's answers to the byte; one of
// another key does not know them.
func TestReplaySurvivesARestart(t *testing.T) {
	dir, index := programs(t), filepath.Join(t.TempDir(), "index")
	if out, status := run(t, filepath.Join(dir, "indexer"), "build", "-scale", "1000", "-out", index); status != 0 {
		t.Fatal(out)
	}
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("0123456789abcdef", 4)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, _ := serve(t, dir, index, "-basis-key", key)
	status, told := post(t, first, "/v1/orientations", `{"lat":48.85,"lon":2.35,"need":"stroke","age":"70","limit":2}`)
	var said answer
	if err := json.Unmarshal([]byte(told), &said); err != nil || status != http.StatusOK || said.Basis == "" {
		t.Fatalf("%d %s: %v", status, told, err)
	}
	question := `{"basis":"` + said.Basis + `"}`
	second, _ := serve(t, dir, index, "-basis-key", key)
	if status, again := post(t, second, "/v1/replay", question); status != http.StatusOK || again != told {
		t.Errorf("after a restart: %d\n%s\nwant\n%s", status, again, told)
	}
	third, _ := serve(t, dir, index)
	if status, refused := post(t, third, "/v1/replay", question); status != http.StatusBadRequest {
		t.Errorf("by a server of another key: %d %s", status, refused)
	}
}

func post(t *testing.T, address, path, body string) (status int, answer string) {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	r, err := client.Post(address+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	told, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(told)
}

// Everything wrong with what a program is given is named at once, and nothing
// is written.
func TestFaultsOfFlags(t *testing.T) {
	dir := programs(t)
	empty := filepath.Join(t.TempDir(), "empty.csv")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	faulty := filepath.Join(t.TempDir(), "needs.txt")
	if err := os.WriteFile(faulty, []byte("# ours\nours, version 1\n  couleur: rouge\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	nowhere := filepath.Join(t.TempDir(), "out")
	cases := []struct {
		name      string
		program   string
		arguments []string
		status    int
		says      []string
	}{
		{"indexer without a command", "indexer", nil, 1, []string{"the commands are build, convert, original, schema, update, status, report, purge and migrate"}},
		{"indexer help", "indexer", []string{"-h"}, 0, []string{"usage: indexer build", "indexer convert", "indexer schema"}},
		{"build help", "indexer", []string{"build", "-h"}, 0, []string{"-finess PATH", "BOUSSOLE_SAE", "-rpps PATH", "-keep N"}},
		{"build without anything", "indexer", []string{"build"}, 1, []string{"-out is missing", "nothing to read"}},
		{"build with much that is wrong", "indexer", []string{"build", "-out", nowhere, "-finess", "none.csv", "-sae", dir, "-rpps", "no.txt", "-keep", "0", "-scale", "-1", "more"},
			1, []string{`unexpected argument "more"`, "none.csv", "-scale invents", "-rpps: stat no.txt", "-keep 0", "-scale -1 is not between 1000 and 5000000"}},
		{"build with an unknown flag", "indexer", []string{"build", "-fines", "x"}, 1, []string{"-fines"}},
		{"build of nothing usable", "indexer", []string{"build", "-finess", empty, "-out", nowhere}, 1, []string{"nothing was published", "no offer"}},
		{"build of a file that there is not", "indexer", []string{"build", "-ndjson", "none.ndjson", "-ndjson", "", "-out", nowhere}, 1, []string{"-ndjson: stat none.ndjson", "-ndjson: stat :"}},
		{"convert help", "indexer", []string{"convert", "-h"}, 0, []string{"-finess PATH", "BOUSSOLE_NDJSON", "whoever may see it"}},
		{"convert with much that is wrong", "indexer", []string{"convert", "-sae", dir, "-scale", "1"}, 1, []string{"-out is missing", "-scale invents", "-scale 1 is not"}},
		{"convert to a folder", "indexer", []string{"convert", "-scale", "1000", "-out", dir}, 1, []string{"-out: " + dir + " is a folder"}},
		{"convert of nothing usable", "indexer", []string{"convert", "-finess", empty, "-out", nowhere + ".ndjson"}, 1, []string{"nothing was written", "no offer"}},
		{"schema of something", "indexer", []string{"schema", "x"}, 1, []string{`"x"`}},
		{"server help", "server", []string{"-h"}, 0, []string{"-index DIR", "BOUSSOLE_KEYS", "-needs FILE", "-router KIND=ADDRESS", "default localhost:8080", "-basis-key FILE", "BOUSSOLE_BASIS_KEY", "-siren FACTOR", "default 0.8", "-reload TIME", "default 1s", "BOUSSOLE_RELOAD"}},
		{"server with much that is wrong", "server", []string{"-addr", "8080", "-grace", "-1s", "-reload", "-1s", "-siren", "1.2"}, 1, []string{"-index is missing", "-siren 1.2 is not above 0", "-addr", "-grace", "-reload -1s"}},
		{"reach help", "reach", []string{"-h"}, 0, []string{"-code SYSTEM|CODE", "default SAE|URG_GEN", "BOUSSOLE_INDEX", "-needs FILE"}},
		{"reach with much that is wrong", "reach", []string{"-code", "R999|1,157", "-code", "", "more"}, 1, []string{"-index is missing", "R999", `"157" has no system`, `"" has no system`, `"more"`}},
		{"reach with much that is wrong of needs", "reach", []string{"-index", nowhere, "-need", "luck", "-profile", "6", "-profile", "x", "-at", "noon", "-every", "0"}, 1, []string{`no need "luck"`, `"6" is none of 0 to 5`, `"x" is none of 0 to 5`, `"noon" is no time`, "one commune of 0"}},
		{"reach with needs that are none", "reach", []string{"-index", nowhere, "-need", "luck", "-needs", faulty}, 1, []string{"-needs", "3: couleur: is no field", `no need "luck"`}},
		{"reach without an index", "reach", []string{"-index", nowhere}, 1, []string{"no generation"}},
		{"server without an index", "server", []string{"-index", nowhere, "-keys", "none", "-needs", "none", "-router", "ors=http://h"}, 1, []string{"no generation", "-keys", "-needs: open none", `"ors" is neither osrm nor valhalla`}},
		{"server with a router that is none", "server", []string{"-index", nowhere, "-router", "osrm=localhost:5000"}, 1, []string{"-router", "is not KIND=ADDRESS"}},
		{"server with a short key", "server", []string{"-index", nowhere, "-basis-key", empty}, 1, []string{"-basis-key: " + empty + ": a key of 0 bytes, fewer than 32"}},
		{"server with a key that there is not", "server", []string{"-index", nowhere, "-basis-key", "none"}, 1, []string{"-basis-key: open none"}},
		{"server with needs that are none", "server", []string{"-index", nowhere, "-needs", faulty}, 1, []string{"-needs", "2: ours stands in no family", "3: couleur: is no field", "2: exige: ours: is missing"}},
	}
	for _, c := range cases {
		out, status := run(t, filepath.Join(dir, c.program), c.arguments...)
		if status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.name, status, c.status, out)
		}
		for _, want := range c.says {
			if !strings.Contains(out, want) {
				t.Errorf("%s: does not say %q:\n%s", c.name, want, out)
			}
		}
	}
}

// A client that never finishes its headers, or sends too many, is let go.
func TestServerLimits(t *testing.T) {
	dir, index := programs(t), filepath.Join(t.TempDir(), "index")
	if out, status := run(t, filepath.Join(dir, "indexer"), "build", "-scale", "1000", "-out", index); status != 0 {
		t.Fatal(out)
	}
	address, _ := serve(t, dir, index)
	host := strings.TrimPrefix(address, "http://")
	send := func(request string) string {
		connection, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		connection.SetDeadline(time.Now().Add(30 * time.Second)) // the server must end it well before
		if _, err := io.WriteString(connection, request); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(connection)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the server still waits after %q…", request[:min(40, len(request))])
		}
		return string(answer)
	}
	if got := send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200") {
		t.Errorf("a whole request: %q", got)
	}
	if got := send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("y", 40<<10) + "\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 431") {
		t.Errorf("headers of 40 kB: %.60q", got)
	}
	send("GET /healthz HTTP/1.1\r\nHost: x\r\n") // and nothing more
}
