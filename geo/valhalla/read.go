package valhalla

import (
	"encoding/json"
	"fmt"

	"boussole/geo"
	"boussole/geo/internal/ask"
)

// read reads a matrix of one row.
func (f Format) read(body []byte, places int) (ask.Row, error) {
	switch f {
	case Concise:
		return readConcise(body)
	case OSRM:
		return readOSRM(body)
	}
	return readVerbose(body, places)
}

// verbose is an answer in full. In each cell the indexes say which pair it is; where
// the server takes the places to be is said once for all.
type verbose struct {
	Matrix [][]struct {
		From int      `json:"from_index"`
		To   int      `json:"to_index"`
		Time *float64 `json:"time"`
	} `json:"sources_to_targets"`
	Sources, Targets []geo.Point
}

func readVerbose(body []byte, places int) (ask.Row, error) {
	var answer verbose
	if err := json.Unmarshal(body, &answer); err != nil {
		return ask.Row{}, fmt.Errorf("reading the matrix: %w", err)
	}
	if len(answer.Matrix) != 1 || len(answer.Matrix[0]) != places {
		return ask.Row{}, fmt.Errorf("a matrix of another shape than 1 by %d: %w", places, geo.ErrDisbelieved)
	}
	row := ask.Row{From: ask.First(answer.Sources), To: answer.Targets}
	for i, cell := range answer.Matrix[0] {
		if cell.From != 0 || cell.To != i {
			return ask.Row{}, fmt.Errorf("the pair of %d and %d where that of 0 and %d should be: %w", cell.From, cell.To, i, geo.ErrDisbelieved)
		}
		row.Seconds = append(row.Seconds, cell.Time)
	}
	return row, nil
}

func readConcise(body []byte) (ask.Row, error) {
	var answer struct {
		Matrix ask.Table `json:"sources_to_targets"` // of which it writes the durations only
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return ask.Row{}, fmt.Errorf("reading the matrix: %w", err)
	}
	return answer.Matrix.Row()
}

func readOSRM(body []byte) (ask.Row, error) {
	var answer ask.Table
	if err := json.Unmarshal(body, &answer); err != nil {
		return ask.Row{}, fmt.Errorf("reading the matrix: %w", err)
	}
	if answer.Code != "Ok" {
		return ask.Row{}, fmt.Errorf("code %q: %s", ask.Excerpt(answer.Code), ask.Excerpt(answer.Message))
	}
	return answer.Row()
}
