package main

import (
	"archive/zip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The archive of the Annuaire Santé is read as it comes: two of its three files
// tell of no practice, and are left out by their names.
func TestArchiveOfPractices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "PS_LibreAcces.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(f)
	for _, name := range []string{"PS_LibreAcces_Dipl_AutExerc_202601150834.txt", "PS_LibreAcces_Personne_activite_202601150834.txt", "PS_LibreAcces_SavoirFaire_202601150834.txt"} {
		w, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, "Type|Identifiant PP|\n8|99000000010|\n")
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = run(context.Background(), []string{"build", "-rpps", path, "-out", filepath.Join(t.TempDir(), "index")}, &out, io.Discard)
	// The file of practices is read, and has not its columns.
	if err == nil || !strings.Contains(err.Error(), "PS_LibreAcces_Personne_activite_202601150834.txt: the header has no column") {
		t.Errorf("%v", err)
	}
	if strings.Count(out.String(), "another file of the same archive, which tells of no practice: left out") != 2 {
		t.Errorf("%s", &out)
	}
}
