// Command indexer reads the registers of the offer and publishes an index of
// them for the server, or writes them as one file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"boussole/cmd/internal/settings"
	"boussole/data/ndjson"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	settings.Lean()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		if ctx.Err() != nil {
			err = errors.New("interrupted: what was published stays")
		}
		fmt.Fprintf(os.Stderr, "indexer: %v\n", err)
		os.Exit(1)
	}
}

const help = `indexer: read registers, and publish an index of them or write them as one file

usage: indexer build -out DIR -fhir PATH -base NAME=PATH -finess PATH -sae PATH -rpps PATH -ndjson PATH -nos PATH
                     -precedence FILE -replaced FILE -findings FILE
       indexer build -out DIR -scale N
       indexer convert -out FILE.ndjson[.gz] and the same, without -findings
       indexer original -from FILE fhir TYPE/ID
       indexer schema
       indexer update -store DIR -out DIR and what build reads, [-delta] [-of DAY]
       indexer status -store DIR
       indexer report -store DIR [-show RULE] [-json FILE], or with what build reads
       indexer purge -store DIR -rules FILE [-digest D]
       indexer migrate -store postgres://…

Every PATH may be given again. It is a file, a folder, a pattern, an https
address, or - for standard input. -base gives one of several bases, such as the
export of a region, and its name.

indexer build -h and indexer convert -h list the flags. original prints a
resource as it was read, of what build -originals FILE has kept; schema prints
the JSON Schema of a line of NDJSON.

update keeps a base of what every source said, day after day, in a folder or in
PostgreSQL, and publishes what it says; status tells what is in it, report how
good that is, purge deletes what rules no longer keep, and migrate prepares a
database.`

// run does what the first argument says.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	command := ""
	if len(arguments) > 0 {
		command, arguments = arguments[0], arguments[1:]
	}
	switch command {
	case "build":
		return runBuild(ctx, arguments, stdout, stderr)
	case "convert":
		return runConvert(ctx, arguments, stdout, stderr)
	case "original":
		return runOriginal(arguments, stdout, stderr)
	case "schema":
		return runSchema(arguments, stdout)
	case "update":
		return runUpdate(ctx, arguments, stdout, stderr)
	case "status":
		return runStatus(ctx, arguments, stdout, stderr)
	case "report":
		return runReport(ctx, arguments, stdout, stderr)
	case "purge":
		return runPurge(ctx, arguments, stdout, stderr)
	case "migrate":
		return runMigrate(ctx, arguments, stdout, stderr)
	}
	fmt.Fprintln(stderr, help)
	if command == "-h" || command == "-help" || command == "--help" {
		return flag.ErrHelp
	}
	return errors.New("the commands are build, convert, original, schema, update, status, report, purge and migrate")
}

func runSchema(arguments []string, stdout io.Writer) error {
	if len(arguments) > 0 {
		return fmt.Errorf("schema takes no argument such as %q", arguments[0])
	}
	_, err := io.WriteString(stdout, ndjson.Schema)
	return err
}
