package sae_test

import (
	"io"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/measured"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

// The services of 2023, gzipped.
func BenchmarkServices(b *testing.B) {
	path := realdata.Path(b, realdata.SAE)
	b.SetBytes(intake.Size(path))
	measured.Benchmark(b, func() data.Source { return sae.New(path, intake.NewLedger(io.Discard)) })
}
