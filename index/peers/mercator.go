package main

import (
	"io/fs"
	"iter"
	"math"

	"boussole/geo"
)

// e7 is an angle in the steps at which positions are kept.
func e7(degrees float64) int64 { return int64(math.Round(degrees * 1e7)) }

// cellOf is the tile of Web Mercator that a point is in.
func cellOf(p geo.Point, zoom int) (x, y int) {
	tiles := int64(1) << zoom
	column := min(tiles-1, (e7(p.Lon)+1_800_000_000)*tiles/3_600_000_000)
	lat := p.Lat * math.Pi / 180
	row := int64(math.Floor((1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * float64(tiles)))
	return int(column), int(min(tiles-1, max(0, row)))
}

// files yields the sizes of all files.
func files(of fs.FS) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		fs.WalkDir(of, ".", func(_ string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return nil // it went meanwhile, as files of servers do
			}
			if info, err := e.Info(); err == nil && !yield(info.Size()) {
				return fs.SkipAll
			}
			return nil
		})
	}
}
