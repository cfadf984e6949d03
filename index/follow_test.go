package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"boussole/data"
)

// followed is a folder with a guard and one who looks at it step by step.
type followed struct {
	*follower
	t       *testing.T
	reports []Reload
}

// follow serves what is in a folder, as a server does at its start.
func follow(t *testing.T, dir string) *followed {
	t.Helper()
	g, _, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	f := &followed{t: t}
	f.follower = &follower{dir: dir, guard: NewGuard(g), report: func(r Reload) { f.reports = append(f.reports, r) }}
	return f
}

// looks looks a few times, and expects a generation to be served and so many
// reports of one that is served or refused.
func (f *followed) looks(why, serves string, served, refused int) {
	f.t.Helper()
	f.reports = nil
	for range 4 {
		f.look(context.Background())
	}
	for _, r := range f.reports {
		switch {
		case r.Err == nil && r.Stats.ID == serves && r.Stats.Offers > 0 && r.Took > 0:
			served--
		case errors.Is(r.Err, ErrGeneration) && r.Stats == Stats{}:
			refused--
		default:
			f.t.Errorf("%s: reported %+v", why, r)
		}
	}
	if served != 0 || refused != 0 || f.guard.serves() != serves {
		f.t.Errorf("%s: serves %s, want %s; reported %+v", why, f.guard.serves(), serves, f.reports)
	}
	if held := f.guard.Held(); held != (Held{}) {
		f.t.Errorf("%s: %+v", why, held)
	}
}

// names makes CURRENT name a generation, as a build does.
func (f *followed) names(id string) {
	f.t.Helper()
	if err := setCurrent(f.dir, id); err != nil {
		f.t.Fatal(err)
	}
}

func damage(t *testing.T, dir, id string) {
	t.Helper()
	if err := os.Truncate(filepath.Join(dir, id, offersFile), 3); err != nil {
		t.Fatal(err)
	}
}

func TestFollowServesWhatIsPublished(t *testing.T) {
	dir := t.TempDir()
	one := buildNumbered(t, dir, 1)
	f := follow(t, dir)
	f.looks("nothing new", one, 0, 0)
	two := buildNumbered(t, dir, 2)
	f.looks("a new one", two, 1, 0)
	buildNumbered(t, dir, 2)
	f.looks("the same one again", two, 0, 0)
	f.names(one)
	f.looks("back to the first", one, 1, 0)
	three := buildNumbered(t, dir, 3)
	four := buildNumbered(t, dir, 4)
	f.looks("two at once", four, 1, 0)
	f.names(three)
	f.looks("back to one that was never served", three, 1, 0)
}

// What cannot be served is said once, and tried again when there is a reason.
func TestFollowRefusesWhatIsDamaged(t *testing.T) {
	dir := t.TempDir()
	one, two := buildNumbered(t, dir, 1), buildNumbered(t, dir, 2)
	f := follow(t, dir)
	three := buildNumbered(t, dir, 3)
	damage(t, dir, three)
	f.looks("a damaged one", two, 0, 1)
	if text := f.reports[0].Err.Error(); !strings.Contains(text, three) || !strings.Contains(text, "damaged") {
		t.Errorf("it is refused with %q", text)
	}
	f.looks("still the damaged one", two, 0, 0)
	f.names(two)
	f.looks("back to what is served", two, 0, 0)
	f.names(three)
	f.looks("the damaged one once more", two, 0, 1)
	f.names(one)
	f.looks("an older one after the damaged one", one, 1, 0)
	f.names(three)
	f.looks("the damaged one for the third time", one, 0, 1)
	buildNumbered(t, dir, 3)
	f.looks("mended: CURRENT says the same, written anew", three, 1, 0)
	f.names("aaaaaaaaaaaaaaaa")
	f.looks("one that is not there", three, 0, 1)
}

// At the start an older generation may be served than CURRENT names.
func TestFollowKnowsWhatIsReallyServed(t *testing.T) {
	dir := t.TempDir()
	one, two := buildNumbered(t, dir, 1), buildNumbered(t, dir, 2)
	damage(t, dir, two)
	f := follow(t, dir)
	f.looks("CURRENT names a damaged one", one, 0, 1)
	f.names(one)
	f.looks("CURRENT names what is served", one, 0, 0)
	buildNumbered(t, dir, 2)
	f.looks("mended", two, 1, 0)
}

func TestFollowRefusesWhatFailsItsSelfCheck(t *testing.T) {
	for name, with := range map[string]func() error{
		"an error": broken,
		"a panic":  func() error { panic(errBroken) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			one := buildNumbered(t, dir, 1)
			f := follow(t, dir)
			two := buildNumbered(t, dir, 2)
			refuse(t, two, with)
			f.looks("broken", one, 0, 1)
			if err := f.reports[0].Err; !strings.Contains(err.Error(), errBroken.Error()) {
				t.Errorf("it is refused with %v", err)
			}
		})
	}
}

// A CURRENT that is away for a moment is no news; one that stays away is.
func TestFollowWithoutCurrent(t *testing.T) {
	dir := t.TempDir()
	one := buildNumbered(t, dir, 1)
	f := follow(t, dir)
	f.looks("at first", one, 0, 0)
	path := filepath.Join(dir, currentFile)
	for _, spoil := range []func() error{
		func() error { return os.Remove(path) },
		func() error { return os.WriteFile(path, nil, 0o644) },
		func() error { return os.WriteFile(path, []byte("../../etc/passwd"), 0o644) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		f.reports = nil
		if f.look(context.Background()); len(f.reports) != 0 {
			t.Errorf("reported at once: %+v", f.reports)
		}
		f.names(one)
		f.looks("away for one look", one, 0, 0)
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		f.looks("away for good", one, 0, 1)
		f.looks("still away", one, 0, 0)
		f.names(one)
		f.looks("back again", one, 0, 0)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	f.looks("away", one, 0, 1)
	f.looks("back with another", buildNumbered(t, dir, 2), 1, 0)
}

// While one is being read a later build may remove it: that is no fault.
func TestFollowOvertakenByABuild(t *testing.T) {
	dir := t.TempDir()
	one := buildNumbered(t, dir, 1)
	f := follow(t, dir)
	two := buildNumbered(t, dir, 2)
	var three string
	refuse(t, two, func() error {
		three = buildNumbered(t, dir, 3)
		return errBroken // as if its files had gone
	})
	f.look(context.Background())
	if len(f.reports) != 0 || f.guard.serves() != one {
		t.Errorf("serves %s, reported %+v", f.guard.serves(), f.reports)
	}
	f.looks("the later one", three, 1, 0)
}

// following starts Follow, and returns what it reports and what ends it: the
// end must come soon.
func following(t *testing.T, dir string, guard *Guard, every time.Duration) (reports chan Reload, end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	reports, ended := make(chan Reload, 10), make(chan struct{})
	go func() {
		Follow(ctx, dir, guard, every, func(r Reload) { reports <- r })
		close(ended)
	}()
	return reports, func() {
		t.Helper()
		cancel()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("it goes on")
		}
	}
}

func TestFollowGoesByItself(t *testing.T) {
	dir := t.TempDir()
	buildNumbered(t, dir, 1)
	guard := follow(t, dir).guard
	reports, end := following(t, dir, guard, time.Millisecond)
	for number := 2; number < 5; number++ {
		id := buildNumbered(t, dir, number)
		if r := <-reports; r.Err != nil || r.Stats.ID != id || guard.serves() != id {
			t.Errorf("serves %s, reported %+v", guard.serves(), r)
		}
	}
	end()
}

// Told to end while it opens a generation, it does not go on to serve it, and
// has nothing to say. Questions are answered meanwhile.
func TestFollowIsCutShort(t *testing.T) {
	dir := t.TempDir()
	one := buildNumbered(t, dir, 1)
	guard := follow(t, dir).guard
	buildNumbered(t, dir, 2)
	t.Cleanup(func() { selfCheck = (*Generation).selfCheck })
	opening := make(chan struct{})
	selfCheck = func(_ *Generation, ctx context.Context) error {
		close(opening)
		<-ctx.Done()
		return ctx.Err()
	}
	reports, end := following(t, dir, guard, time.Hour)
	<-opening
	view := guard.As(data.Viewer{})
	defer view.Close()
	if got := name(t, view); got != "1" {
		t.Errorf("a view reads %q", got)
	}
	end()
	if guard.serves() != one || len(reports) != 0 {
		t.Errorf("serves %s, want %s; reported %d times", guard.serves(), one, len(reports))
	}
}
