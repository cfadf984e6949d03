package nos_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"boussole/data/intake"
	"boussole/data/nos"
)

// A code system as large as all of the NOS together, as JSON, and as CSV.
func BenchmarkTerminologies(b *testing.B) {
	const n = 20_000
	var concepts, lines []string
	for i := range n {
		concepts = append(concepts, fmt.Sprintf(`{"code":"%d","display":"Activité d'exemple %d"}`, i, i))
		lines = append(lines, fmt.Sprintf("%d,Activité d'exemple %d,https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle", i, i))
	}
	for name, content := range map[string]string{
		"made.json": `{"resourceType":"CodeSystem","url":"https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle","concept":[` + strings.Join(concepts, ",") + `]}`,
		"made.csv":  "code,label,system\n" + strings.Join(lines, "\n") + "\n",
	} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), name)
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				b.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var terms *nos.Terminologies
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if terms, err = nos.Read(context.Background(), intake.NewLedger(io.Discard), path); err != nil {
					b.Fatal(err)
				}
			}
			if terms.Len("R211") != n {
				b.Fatalf("%d codes", terms.Len("R211"))
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "codes/s")
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))/1e6, "MB-held")
			runtime.KeepAlive(terms)
		})
	}
}
