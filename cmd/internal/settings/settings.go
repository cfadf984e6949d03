// Package settings lets a flag be given in the environment as well, and lets a
// program name everything that is wrong with what it was given at once.
package settings

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// prefix begins the names of the environment: -index is BOUSSOLE_INDEX.
const prefix = "BOUSSOLE_"

// Variable returns the name under which a flag is looked for in the
// environment.
func Variable(flagName string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// Parse reads the flags from the arguments, and those that are not there from
// the environment, then asks check what is wrong with them. It names everything
// that is, but for a flag that there is not, which ends it at once. It returns
// flag.ErrHelp when help was asked for and printed.
func Parse(flags *flag.FlagSet, arguments []string, output io.Writer, check func() []error) error {
	flags.SetOutput(output)
	flags.Usage = func() { usage(flags, output) }
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	faults := []error{}
	given := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	flags.VisitAll(func(f *flag.Flag) {
		value, set := os.LookupEnv(Variable(f.Name))
		if !set || given[f.Name] {
			return
		}
		if err := f.Value.Set(value); err != nil {
			faults = append(faults, fmt.Errorf("%s=%q: %w", Variable(f.Name), value, err))
		}
	})
	if flags.NArg() > 0 {
		faults = append(faults, fmt.Errorf("unexpected argument %q", flags.Arg(0)))
	}
	return errors.Join(append(faults, check()...)...)
}

func usage(flags *flag.FlagSet, w io.Writer) {
	fmt.Fprintf(w, "%s\n\nFlags, each also read from the environment when it is not given:\n", flags.Name())
	flags.VisitAll(func(f *flag.Flag) {
		name, text := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  -%s %s\n\t%s", f.Name, name, text)
		if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "false" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintf(w, " [%s]\n", Variable(f.Name))
	})
}
