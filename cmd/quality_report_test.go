package cmd_test

import (
	"os"
	"path/filepath"
	"testing"

	"boussole/geo/realdata"
)

// The README shows what is found in the registers of 2021 and 2023.
func TestReadmeQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	dir := t.TempDir()
	for name, file := range map[string]string{"finess.csv.gz": realdata.FinessStock, "sae_2023.csv.gz": realdata.SAE} {
		path, err := filepath.Abs(realdata.Path(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	checkShown(t, "## How good the records are", dir)
}
