package loopback_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/loopback"
)

func TestListen(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		l, err := loopback.Listen(addr)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() || at.Port == 0 {
			t.Errorf("%s: listens on %v", addr, l.Addr())
		}
		if _, err := loopback.Listen(l.Addr().String()); err == nil || !strings.Contains(err.Error(), "another program may use the port") {
			t.Errorf("%s, once more: got %v", l.Addr(), err)
		}
	}
}

func TestListenRefusesOtherAddresses(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "example.com:80"} {
		if _, err := loopback.Listen(addr); !errors.Is(err, loopback.ErrNotLoopback) || !strings.Contains(err.Error(), "use 127.0.0.1") {
			t.Errorf("%s: got %v, want ErrNotLoopback", addr, err)
		}
	}
	if _, err := loopback.Listen("127.0.0.1"); err == nil || !strings.Contains(err.Error(), "127.0.0.1:PORT") {
		t.Errorf("without a port: got %v", err)
	}
}
