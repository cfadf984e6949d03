package postgres

import (
	"testing"

	"boussole/data/base"
	"boussole/data/base/nationaltest"
)

// TestCountry imports a country for a week, and FINESS of years later.
func TestCountry(t *testing.T) {
	nationaltest.Run(t, func(t *testing.T) base.Base { return opened(t, migrated(t)) })
}
