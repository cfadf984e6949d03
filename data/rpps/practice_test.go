package rpps_test

import (
	"fmt"
	"testing"
)

func TestDump(t *testing.T) {
	o, r := one(t)
	fmt.Printf("%+v\n%v\n", *o, r.notes)
	o, r = one(t, hospital)
	fmt.Printf("%+v\n%v\n", *o, r.notes)
}
