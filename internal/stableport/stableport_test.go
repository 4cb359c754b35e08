package stableport_test

import (
	"errors"
	"net"
	"slices"
	"strconv"
	"testing"

	"github.com/forgego/forgego/internal/stableport"
)

var errUsed = errors.New("in use")

// addresses returns the addresses that Listen tries while each of them is in use.
func addresses(t *testing.T, host, text string) (tried []string) {
	t.Helper()
	if err := stableport.Listen(host, text, func(addr string) error {
		tried = append(tried, addr)
		return errUsed
	}); err != errUsed {
		t.Errorf("got %v, want the last error", err)
	}
	return tried
}

func TestListen(t *testing.T) {
	a := addresses(t, "127.0.0.1", "app remote a")
	if !slices.Equal(a, addresses(t, "127.0.0.1", "app remote a")) {
		t.Error("the same text has other ports the second time")
	}
	if b := addresses(t, "127.0.0.1", "app remote b"); a[0] == b[0] {
		t.Errorf("another text has the same port: %s", b[0])
	}
	if last := a[len(a)-1]; last != "127.0.0.1:0" {
		t.Errorf("the last address is %s", last)
	}
	for _, addr := range a[:len(a)-1] {
		_, text, err := net.SplitHostPort(addr)
		if port, _ := strconv.Atoi(text); err != nil || port < 20000 || port >= 25000 {
			t.Errorf("the address %s has a port outside 20000–24999", addr)
		}
	}
	if c := addresses(t, "::1", "app remote a"); c[len(c)-1] != "[::1]:0" {
		t.Errorf("on ::1 the last address is %s", c[len(c)-1])
	}
}

func TestListenSkipsPortsInUse(t *testing.T) {
	want := addresses(t, "127.0.0.1", "app")
	var tried []string
	err := stableport.Listen("127.0.0.1", "app", func(addr string) error {
		tried = append(tried, addr)
		if len(tried) < 3 {
			return errUsed
		}
		return nil
	})
	if err != nil || !slices.Equal(tried, want[:3]) {
		t.Errorf("got %v and %v, want %v", tried, err, want[:3])
	}
}
