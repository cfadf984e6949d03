// Package ranking chooses: it takes offers from the index ring by ring, nearest
// first, asks what each costs in time, and stops when nothing that is still to
// come can be better.
//
// It refuses to look behind the guard, to know who may see what, and to speak
// HTTP.
package ranking
