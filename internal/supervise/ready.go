package supervise

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Ready waits until the program accepts connections. It gives up after 2 minutes, or at once when the program ends or
// ctx ends.
func (p *Process) Ready(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, p.limits.ready)
	defer cancel()
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		if Accepts(limit, p.spec.Addr) || p.spec.Or != "" && Accepts(limit, p.spec.Or) {
			return nil
		}
		select {
		case <-p.done:
			if p.err == nil {
				return fmt.Errorf("%s was stopped", p.spec.title())
			}
			return p.err
		case <-limit.Done():
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return &NotReadyError{Name: p.spec.title(), Addr: p.spec.Addr, Variable: cmp.Or(p.spec.PortVariable, "PORT"), Limit: p.limits.ready, Last: p.out.last()}
		case <-time.After(pause):
		}
	}
}

// Accepts reports whether something accepts connections at a TCP address now.
func Accepts(ctx context.Context, addr string) bool {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// FreeAddr returns a free address on 127.0.0.1, for a program that starts to listen later. Its port is between 25000 and
// 29999: the system gives these ports to no other program meanwhile, and package stableport uses lower ones. The error is that
// of the last of a hundred ports, none of which was free.
func FreeAddr() (string, error) {
	for try := 0; ; try++ {
		// Each error leads to another port: Windows reserves some and reports them in another way than ports in use.
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 25000+rand.IntN(5000)))
		if err == nil {
			return l.Addr().String(), l.Close()
		}
		if try == 99 {
			return "", err
		}
	}
}

// ErrInUse means that another program uses the port.
var ErrInUse = errors.New("is used by another program")

// IsFree reports whether no program uses a TCP address.
func IsFree(addr string) bool { return !errors.Is(portFree(addr), ErrInUse) }

// IsPortFree reports whether no program uses a port of 127.0.0.1 or of ::1. It is true for a number that is not a port: listening
// says what is wrong with that.
func IsPortFree(port int) bool {
	text := strconv.Itoa(port)
	return IsFree(net.JoinHostPort("127.0.0.1", text)) && IsFree(net.JoinHostPort("::1", text))
}

// portFree returns an error if the port is in use, so that Ready does not mistake another program for ours.
func portFree(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l.Close()
	}
	if InUse(err) {
		return fmt.Errorf("%s %w; stop it, or change the url in forgego.yml", addr, ErrInUse)
	}
	return err
}

// InUse reports whether listening failed because another program uses the port.
func InUse(err error) bool {
	const windowsInUse = syscall.Errno(10048) // WSAEADDRINUSE, which package syscall does not name
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsInUse)
}

// ExitError means that a program ended that should have continued.
type ExitError struct {
	// Name says what it is, such as "remote tasks-api".
	Name string
	// Status is in the form of os.ProcessState, such as "exit status 3" or "signal: killed".
	Status string
	// Last are the last lines of its output.
	Last []string
}

func (e *ExitError) Error() string {
	return fmt.Sprintf("%s ended: %s%s", e.Name, e.Status, lastLines(e.Last))
}

// NotReadyError means that a program runs but does not accept connections.
type NotReadyError struct {
	// Name says what it is, such as "remote tasks-api". Variable is the name of the variable with the port.
	Name, Addr, Variable string
	Limit                time.Duration
	Last                 []string
}

func (e *NotReadyError) Error() string {
	return fmt.Sprintf("%s does not accept connections on %s after %s; it must listen on 127.0.0.1 and the port in the variable %s%s",
		e.Name, e.Addr, e.Limit, e.Variable, lastLines(e.Last))
}

func lastLines(lines []string) string {
	if len(lines) == 0 {
		return ". It printed nothing."
	}
	return ". Its last lines:\n  " + strings.Join(lines, "\n  ")
}
