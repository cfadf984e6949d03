package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"boussole/data/base"
)

// metric is one of the text format of Prometheus, with its rows.
type metric struct {
	name, help string
	rows       []row
}

// row is one value. Names of sources need no escape: they are path-safe.
type row struct {
	labels string // as they are written, braces included; may be empty
	value  float64
}

func (m *metric) add(value float64, labels string, args ...any) {
	m.rows = append(m.rows, row{fmt.Sprintf(labels, args...), value})
}

// writeMetrics writes the file of -metrics, whole, for the textfile collector. It is
// written when something was refused, too: then what it says of publishing is missing; and
// when nothing was begun, where nothing is known of the store, which is nil then.
func (c *update) writeMetrics(ctx context.Context, store base.Reader, o *outcome) error {
	if c.metrics == "" {
		return nil
	}
	all, err := metricsOf(ctx, store, o, c.now)
	if err != nil {
		return fmt.Errorf("writing %s: %w", c.metrics, err)
	}
	f, err := createWhole(c.metrics, 0o644)
	if err == nil {
		defer f.abandon()
		_, err = f.Write(all)
	}
	if err == nil {
		err = f.publish()
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", c.metrics, err)
	}
	return nil
}

func metricsOf(ctx context.Context, store base.Reader, o *outcome, now time.Time) ([]byte, error) {
	success := metric{name: "boussole_update_success", help: "Whether every export was taken, and what the base says is published."}
	success.add(truth(o.whole), "")
	all := append([]metric{success}, importMetrics(o, now)...)
	if store != nil {
		snapshot, err := store.Snapshot(context.WithoutCancel(ctx))
		if err != nil {
			return nil, err
		}
		defer snapshot.Close()
		all = append(all, baseMetrics(snapshot)...)
	}
	var text bytes.Buffer
	for _, m := range append(all, publishMetrics(o.publication, now)...) {
		writeMetric(&text, &m)
	}
	return text.Bytes(), nil
}

func importMetrics(o *outcome, now time.Time) []metric {
	read := metric{name: "boussole_import_records", help: "Records of the last export, by what became of them."}
	missing := metric{name: "boussole_import_missing_records", help: "Live records that the last full export did not name: closed."}
	kept := metric{name: "boussole_import_kept_records", help: "Live records that the last full export did not name, and that rejected lines may be: not closed."}
	repairs := metric{name: "boussole_import_repairs", help: "Changes of the last full export that mend what deltas had missed."}
	taken := metric{name: "boussole_import_success", help: "Whether the last export was taken."}
	at := metric{name: "boussole_import_timestamp_seconds", help: "When the last export was read."}
	took := metric{name: "boussole_import_duration_seconds", help: "How long that took."}
	for _, i := range o.imports {
		taken.add(truth(i.err == nil), `{source="%s"}`, i.source)
		at.add(float64(now.Unix()), `{source="%s"}`, i.source)
		took.add(i.took.Seconds(), `{source="%s"}`, i.source)
		if i.err != nil {
			continue
		}
		n := &i.counts
		for _, r := range []struct {
			result string
			count  int
		}{
			{"new", n.New}, {"updated", n.Updated}, {"unchanged", n.Unchanged}, {"reopened", n.Reopened}, {"deleted", n.Deleted}, {"rejected", n.Rejected},
		} {
			read.add(float64(r.count), `{source="%s",result="%s"}`, i.source, r.result)
		}
		missing.add(float64(n.Missing), `{source="%s"}`, i.source)
		kept.add(float64(n.Kept), `{source="%s"}`, i.source)
		repairs.add(float64(n.Repairs), `{source="%s"}`, i.source)
	}
	return []metric{read, missing, kept, repairs, taken, at, took}
}

func baseMetrics(snapshot base.Snapshot) []metric {
	live := metric{name: "boussole_base_live_records", help: "Live records in the base."}
	deltas := metric{name: "boussole_base_deltas", help: "Deltas since the last full export that closed what it did not name."}
	of := metric{name: "boussole_base_state_timestamp_seconds", help: "The day whose state the base knows."}
	for _, s := range sourcesOf(snapshot) {
		live.add(float64(s.Live), `{source="%s"}`, s.Name)
		deltas.add(float64(s.Deltas), `{source="%s"}`, s.Name)
		of.add(float64(max(s.Full, s.Delta).UTC().Unix()), `{source="%s"}`, s.Name)
	}
	seq := metric{name: "boussole_base_sequence", help: "The number of the last change in the base."}
	seq.add(float64(snapshot.Seq()), "")
	return []metric{live, deltas, of, seq}
}

func publishMetrics(p *publication, now time.Time) []metric {
	if p == nil {
		return nil
	}
	took := metric{name: "boussole_publish_duration_seconds", help: "How long publishing took, merging included."}
	took.add(p.took.Seconds(), "")
	at := metric{name: "boussole_publish_timestamp_seconds", help: "When what is published was last known to be what the base says."}
	at.add(float64(now.Unix()), "")
	offers := metric{name: "boussole_generation_offers", help: "Offers in the generation that is published."}
	offers.add(float64(p.Offers), "")
	moved := metric{name: "boussole_publish_aliases", help: "Aliases that were set: ids whose records are closed or in other offers now."}
	moved.add(float64(p.moved), "")
	return []metric{took, at, offers, moved}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// writeMetric writes a gauge: every value is that of the last run.
func writeMetric(w io.Writer, m *metric) {
	if len(m.rows) == 0 {
		return
	}
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n", m.name, m.help, m.name)
	for _, s := range m.rows {
		fmt.Fprintf(w, "%s%s %s\n", m.name, s.labels, strconv.FormatFloat(s.value, 'f', -1, 64))
	}
}
