package state

import "testing"

func TestKeep(t *testing.T) {
	type first struct{ n int }
	type second struct{ n int }
	one, other := NewContext(t.Context(), 1, &State{}), NewContext(t.Context(), 2, &State{})
	Keep[first](one).n = 1
	Keep[second](one).n = 2
	Keep[first](other).n = 3
	if a, b, c := Keep[first](one).n, Keep[second](one).n, Keep[first](other).n; a != 1 || b != 2 || c != 3 {
		t.Errorf("got %d, %d, %d", a, b, c)
	}
}

func TestFromContext(t *testing.T) {
	s := &State{}
	ctx := NewContext(t.Context(), "client", s)
	if got, client := FromContext(ctx), Client(ctx); got != s || client != "client" {
		t.Errorf("got %p and %v, want %p", got, client, s)
	}
	if got, client := FromContext(t.Context()), Client(t.Context()); got != Default || client != nil {
		t.Errorf("without a client: got %p and %v, want the default", got, client)
	}
}
