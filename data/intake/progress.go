package intake

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows how far a long work has come: a bar on a terminal, a plain
// line at each fifth elsewhere. A nil Progress shows nothing.
type Progress struct {
	label       string
	done, total int64
	bar         *progressbar.ProgressBar
	lines       io.Writer
	fifths      int64
}

// NewProgress shows the progress of a work of total steps, bytes for a file.
func NewProgress(w io.Writer, label string, total int64) *Progress {
	p := &Progress{label: label, total: max(total, 1)}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions64(p.total,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetDescription(label),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionThrottle(65e6), // 65 ms
			progressbar.OptionClearOnFinish())
		return p
	}
	p.lines = w
	return p
}

// Add counts n more steps.
func (p *Progress) Add(n int) {
	if p == nil {
		return
	}
	p.done += int64(n)
	if p.bar != nil {
		p.bar.Set64(min(p.done, p.total)) // a bar that cannot be drawn stops no import
		return
	}
	for ; p.fifths < 5 && p.done*5 >= (p.fifths+1)*p.total; p.fifths++ {
		fmt.Fprintf(p.lines, "%s: %d %%\n", p.label, (p.fifths+1)*20)
	}
}

// Write counts the bytes; it makes a Progress the far end of a tee.
func (p *Progress) Write(b []byte) (int, error) {
	p.Add(len(b))
	return len(b), nil
}

// Done clears the bar.
func (p *Progress) Done() {
	if p != nil && p.bar != nil {
		p.bar.Finish()
	}
}
