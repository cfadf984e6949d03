package nationaltest

import (
	"testing"

	"boussole/data/base"
)

func testDrift(t *testing.T, b base.Base, s size) {}
