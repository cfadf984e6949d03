// Package api says: HTTP in, JSON out. It reads the question, naming every
// fault of it at once, finds out who asks, and writes what the view of that
// viewer answers.
//
// It refuses to decide who may see what, and to search by itself.
package api
