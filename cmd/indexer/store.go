package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"boussole/cmd/internal/settings"
	"boussole/data/base"
	"boussole/data/base/embedded"
	"boussole/data/postgres"
)

// stored is a base by the flag that says where it is.
type stored struct{ where string }

func (s *stored) define(flags *flag.FlagSet) {
	flags.StringVar(&s.where, "store", "", "`DIR` of the base, for its owner alone to read, or postgres://… (with its password, better in the environment)")
}

func (s *stored) faults() []error {
	if s.where == "" {
		return []error{errors.New("-store is missing: where is the base?")}
	}
	return nil
}

// existing says that there is no base to look into: only update makes one.
func (s *stored) existing() []error {
	faults := s.faults()
	if faults == nil && !isPostgres(s.where) {
		if err := embedded.Exists(s.where); err != nil {
			faults = append(faults, fmt.Errorf("-store: there is no base: %w", err))
		}
	}
	return faults
}

func isPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// openStore opens the base of a place: a database that was migrated, or a folder, in
// which one is made where there is none.
func openStore(ctx context.Context, where string) (base.Base, error) {
	if isPostgres(where) {
		return postgres.Open(ctx, where)
	}
	return embedded.Open(where)
}

func runMigrate(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c stored
	flags := flag.NewFlagSet("indexer migrate: bring a database to what this program knows", flag.ContinueOnError)
	c.define(flags)
	err := settings.Parse(flags, arguments, stderr, func() []error {
		faults := c.faults()
		if faults == nil && !isPostgres(c.where) {
			faults = append(faults, errors.New("-store: only a database is migrated, as in postgres://…; a folder needs none"))
		}
		return faults
	})
	if err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, c.where); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "the database is what this program knows")
	return nil
}
