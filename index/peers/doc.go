// Peers measures the engine beside what people would otherwise use: PostgreSQL
// with PostGIS, bleve, Redis, and Tile38 where one is running. All hold the same
// invented offers and are asked the same questions; no time counts before the
// answers are equal.
//
// It is a module of its own, so that no driver of a peer enters the product. It
// starts the servers that it needs in a temporary folder, on sockets that nobody
// else can reach, and ends them. What is suggested is the one thing that is not equal:
// see things.go.
package main
