package supervise

import (
	"net"
	"testing"
)

// A server such as Node.js may listen on one of the two loopback addresses only, so a port that is used on either is not free.
func TestIsPortFree(t *testing.T) {
	if !IsPortFree(65536) {
		t.Error("65536 is not a port, but found in use")
	}
	for _, host := range []string{"127.0.0.1", "::1"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil && host == "::1" {
			t.Skipf("this machine has no IPv6: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if port := l.Addr().(*net.TCPAddr).Port; IsPortFree(port) {
			t.Errorf("%s: port %d is in use, but found free", host, port)
		}
	}
}
