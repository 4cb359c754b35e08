//go:build !js

package relay_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/coder/websocket"
)

func TestWebSockets(t *testing.T) {
	r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{OriginPatterns: []string{"page.example"}, Subprotocols: []string{"tasks"}})
		if err != nil {
			t.Error(err)
			return
		}
		c.SetReadLimit(-1)
		for {
			kind, message, err := c.Read(r.Context())
			if err != nil {
				return
			}
			if string(message) == "end" {
				c.Close(4321, "enough")
				return
			}
			_ = c.Write(r.Context(), kind, message)
		}
	}))
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	c, res, err := websocket.Dial(ctx, "ws://"+r.Addr()+"/socket", &websocket.DialOptions{
		HTTPHeader: http.Header{"Origin": {"http://page.example"}}, Subprotocols: []string{"tasks"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	c.SetReadLimit(-1)
	if c.Subprotocol() != "tasks" || res.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("subprotocol %q, status %d", c.Subprotocol(), res.StatusCode)
	}
	if e := reported.next(t); e.Phase != "began" || !e.Upgraded || e.Status != 101 || e.Problem != nil {
		t.Errorf("reported at the begin: %+v", e)
	}
	for _, size := range []int{0, 1, 1 << 20} {
		message := bytes.Repeat([]byte("x"), size)
		if err := c.Write(ctx, websocket.MessageBinary, message); err != nil {
			t.Fatal(err)
		}
		if _, got, err := c.Read(ctx); err != nil || !bytes.Equal(got, message) {
			t.Fatalf("read %d bytes, %v; want %d", len(got), err, size)
		}
	}
	_ = c.Write(ctx, websocket.MessageText, []byte("end"))
	if _, _, err := c.Read(ctx); websocket.CloseStatus(err) != 4321 {
		t.Errorf("the socket ended with %v", err)
	}
	if e := reported.next(t); e.Phase != "ended" || e.RequestBytes < 1<<20 || e.ResponseBytes < 1<<20 || e.Problem != nil {
		t.Errorf("reported at the end: %+v", e)
	}
}

// TestUpgradedConnections uses a protocol whose client sends before the upgrade is accepted, and where each direction ends
// by itself.
func TestUpgradedConnections(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		in := bufio.NewReader(c)
		_, header, _ := head(in)
		_, _ = io.WriteString(c, "HTTP/1.1 101 Go on\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-A: b\r\n\r\n")
		text, _ := io.ReadAll(in)
		fmt.Fprintf(c, "%s to %s", text, header["upgrade"])
	}()
	r, _ := forwarding(t, l.Addr().String())
	client := dial(t, r.Addr())
	_, _ = io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly")
	in := bufio.NewReader(client)
	if line, header, err := head(in); line != "HTTP/1.1 101 Go on" || header["upgrade"][0] != "echo" || header["x-a"][0] != "b" || err != nil {
		t.Fatal(line, header, err)
	}
	_, _ = io.WriteString(client, " and late")
	if err := client.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(in); string(text) != "early and late to [echo]" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
}

// TestTheBackendEndsItsDirectionFirst has the client still send after the backend's last byte.
func TestTheBackendEndsItsDirectionFirst(t *testing.T) {
	text := make(chan string, 1)
	r, _ := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		c, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nlast")
		_ = c.(*net.TCPConn).CloseWrite()
		rest, _ := io.ReadAll(buffered)
		text <- string(rest)
	}))
	client := dial(t, r.Addr())
	_, _ = io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	in := bufio.NewReader(client)
	_, _, _ = head(in)
	if last, err := io.ReadAll(in); string(last) != "last" || err != nil {
		t.Errorf("the client read %q, %v", last, err)
	}
	_, _ = io.WriteString(client, "later")
	_ = client.CloseWrite()
	if got := receive(t, text); got != "later" {
		t.Errorf("the backend read %q", got)
	}
}

func TestCloseEndsUpgradedConnections(t *testing.T) {
	ended := make(chan error, 1)
	addr := handle(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		_, _, err = c.Read(context.Background())
		ended <- err
	})
	r, reported := forwarding(t, addr)
	client, _, err := websocket.Dial(t.Context(), "ws://"+r.Addr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseNow()
	reported.next(t)
	r.Close()
	if err := receive(t, ended); err == nil {
		t.Error("the backend read a message")
	}
	if e := reported.next(t); e.Phase != "ended" {
		t.Errorf("reported: %+v", e)
	}
}

func TestARefusedUpgradeIsAnAnswer(t *testing.T) {
	r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) }))
	m := ask(t, r.Addr(), "GET / HTTP/1.1\r\nHost: a\r\nOrigin: http://page.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	if m.line != "HTTP/1.1 403 Forbidden" || m.body != "no\n" {
		t.Errorf("%+v", m)
	}
	if e := reported.next(t); e.Upgraded || e.Status != 403 || e.Problem != nil {
		t.Errorf("reported: %+v", e)
	}
}
