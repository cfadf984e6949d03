package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	aService = `{"resourceType":"HealthcareService",  "id":"s1","name":"Urgences","identifier":[{"value":"94/1"}],"specialty":[{"coding":[{"code":"157"}]}]}`
	again    = `{"resourceType":"HealthcareService",  "id":"s1","name":"Again","identifier":[{"value":"94/1"}]}`
)

// What a build has kept is printed as it was read, is its owner's alone, and is
// beside the index, never in it.
func TestOriginal(t *testing.T) {
	folder := t.TempDir()
	read, kept, index := filepath.Join(folder, "a.ndjson"), filepath.Join(folder, "originals"), filepath.Join(folder, "index")
	if err := os.WriteFile(read, []byte(aService+"\n"+again+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, old := range []string{kept, kept + ".partial"} {
		if err := os.WriteFile(old, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := []string{"build", "-fhir", read, "-originals", kept, "-out", index}

	// Nothing is published: what was there stays, and nothing is beside it.
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := run(cancelled, build, io.Discard, io.Discard); err == nil {
		t.Error("no error when it is told to stop")
	}
	if content, err := os.ReadFile(kept); string(content) != "old" {
		t.Errorf("what was there is gone: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*.partial")); left != nil {
		t.Errorf("left behind: %q", left)
	}

	if err := run(context.Background(), build, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is for others to read: %v, %v", info.Mode(), err)
	}
	show := func(arguments ...string) (string, string, error) {
		var out, said strings.Builder
		err := run(context.Background(), append([]string{"original"}, arguments...), &out, &said)
		return out.String(), said.String(), err
	}
	if out, said, err := show("-from", kept, "fhir", "HealthcareService/s1"); out != aService || err != nil ||
		!strings.Contains(said, "HealthcareService/s1 was read 2 times: this is number 1, -number shows another") {
		t.Errorf("%q, %q, %v", out, said, err)
	}
	if out, _, err := show("-from", kept, "-number", "2", "fhir", "HealthcareService/s1"); out != again || err != nil {
		t.Errorf("%q, %v", out, err)
	}
	for _, c := range []struct {
		arguments []string
		says      string
	}{
		{[]string{"-from", kept, "fhir", "HealthcareService/s2"}, "holds no HealthcareService/s2"},
		{[]string{"-from", kept, "finess", "HealthcareService/s1"}, `holds nothing of the source "finess"`},
		{[]string{"-from", kept, "-number", "3", "fhir", "HealthcareService/s1"}, "was read 2 times: there is no -number 3"},
		{[]string{"-from", read, "fhir", "HealthcareService/s1"}, "is no file of originals"},
		{[]string{"-from", kept + "x", "fhir", "HealthcareService/s1"}, "no such file"},
		{[]string{"fhir", "HealthcareService/s1"}, "-from is missing"},
		{[]string{"-from", kept}, "a source and a name are due"},
		{nil, "a source and a name are due"},
	} {
		if out, _, err := show(c.arguments...); out != "" || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %q, %v", c.arguments, out, err)
		}
	}
	filepath.WalkDir(index, func(path string, d fs.DirEntry, err error) error {
		if content, _ := os.ReadFile(path); strings.Contains(string(content), `"resourceType":"HealthcareService",  "id"`) {
			t.Errorf("%s has an original in it", path)
		}
		return err
	})
}

func TestOriginalsFaults(t *testing.T) {
	folder := t.TempDir()
	for says, arguments := range map[string][]string{
		"-originals keeps what -fhir reads, and there is none": {"-scale", "1000", "-originals", filepath.Join(folder, "x")},
		"-originals: " + folder + " is a folder":               {"-fhir", folder, "-originals", folder},
		"-originals and -rejects are both ":                    {"-fhir", folder, "-originals", filepath.Join(folder, "x"), "-rejects", filepath.Join(folder, "x")},
	} {
		err := run(context.Background(), append([]string{"build", "-out", filepath.Join(folder, "index")}, arguments...), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", arguments, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was made: %v", err)
	}
}
