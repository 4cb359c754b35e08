// Package stableport chooses ports that are the same at each start of a program. Nothing has to be stored: the ports follow
// from a text.
package stableport

import (
	"fmt"
	"hash/fnv"
	"net"
	"strconv"
)

// The ports that are chosen. They are below those that systems give to outgoing connections (Linux: from 32768), which may
// be in use at any time, and few programs have a fixed port among them.
const (
	first = 20000
	count = 5000
)

// tries is how many of its ports a text may find in use before the system chooses one.
const tries = 8

// Listen calls listen with TCP addresses on the host until it succeeds, and returns its last error. The ports depend on
// the text and the attempt only, so the same program gets the same port again while no other program uses it. The last
// address has the port 0, for which the system chooses a free port.
func Listen(host, text string, listen func(addr string) error) error {
	for attempt := range tries {
		if listen(net.JoinHostPort(host, strconv.Itoa(port(text, attempt)))) == nil {
			return nil
		}
	}
	return listen(net.JoinHostPort(host, "0"))
}

func port(text string, attempt int) int {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s %d", text, attempt)
	return first + int(h.Sum32()%count)
}
