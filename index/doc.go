// Package index finds offers: it builds an immutable generation of the
// directory, publishes it, and answers questions about it.
//
// A question goes through the [Guard] only: guard.As(viewer) gives a [View],
// which pins one generation and one viewer, and nothing that the viewer may
// not see takes part in what it answers. Access is enforced here and only
// here. [Follow] has the guard serve what is published meanwhile; a generation
// closes after its last view.
//
// It refuses to rank beyond (distance, id), to know minutes, and to speak HTTP.
package index
