package outline

// inland says of squares of cells how far they are from the nearest that is not all
// land: most ways are far from any water, and are seen to be so in a few looks.
type inland struct {
	columns int
	squares []uint8 // 0 is not all land, 1 beside such a one, at most farthest
}

// square is the side of a square, in cells, and farthest how many squares are counted.
const (
	square   = 8
	farthest = 255
)

// newInland counts as a king walks over a chessboard: once from the south-west and
// once from the north-east is enough (Rosenfeld and Pfaltz, Distance functions on
// digital pictures, 1968). What is beyond the grid is water.
func newInland(g *grid) inland {
	n := inland{columns: (g.columns + square - 1) / square}
	rows := (g.rows + square - 1) / square
	n.squares = make([]uint8, n.columns*rows)
	at := func(column, row int) int {
		if column < 0 || row < 0 || column >= n.columns || row >= rows {
			return 0
		}
		return int(n.squares[row*n.columns+column])
	}
	for row := range rows {
		for column := range n.columns {
			if g.allLand(column*square, row*square) {
				near := min(at(column-1, row), at(column-1, row-1), at(column, row-1), at(column+1, row-1))
				n.squares[row*n.columns+column] = uint8(min(near+1, farthest))
			}
		}
	}
	for row := rows - 1; row >= 0; row-- {
		for column := n.columns - 1; column >= 0; column-- {
			near := min(at(column+1, row), at(column+1, row+1), at(column, row+1), at(column-1, row+1))
			n.squares[row*n.columns+column] = uint8(min(at(column, row), near+1))
		}
	}
	return n
}

func (g *grid) allLand(column, row int) bool {
	for r := row; r < row+square; r++ {
		for c := column; c < column+square; c++ {
			if !g.isLand(c, r) {
				return false
			}
		}
	}
	return true
}

// free returns for how many degrees on every side of a cell all is land; 0 where that
// is not known. It is a little less than the squares between, for what is lost by
// rounding.
func (n *inland) free(column, row int) float64 {
	at := row/square*n.columns + column/square
	if column/square >= n.columns || at >= len(n.squares) || n.squares[at] < 2 {
		return 0
	}
	return float64(n.squares[at]-1)*square*cell - cell/100
}
