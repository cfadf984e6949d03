// Package originals keeps records on the disk as they were read, each under its
// name, so that a reader may join a million of them in little memory, and an
// operator may see afterwards what a source said, to the byte.
//
// It refuses to know who may see what: a file of originals holds everything, the
// hidden too. It is its owner's alone to read, no index has a part of it, and
// api and index may not import this package.
package originals
