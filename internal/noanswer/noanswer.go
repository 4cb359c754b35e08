// Package noanswer says in words for people why a server gave no answer.
package noanswer

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"

	"github.com/forgego/forgego/internal/printable"
)

// Why returns why a request got no answer, without a full stop, and what to do as sentences, or "". The error is that of an
// http.Client, an http.RoundTripper or a net.Dialer. kind names the server, such as "remote", and where is its origin or its
// address. The texts do not contain the request's URL, whose query may have secrets.
func Why(kind, where string, err error) (why, advice string) {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	var op *net.OpError
	var lookup *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the proxy of this machine cannot be reached: " + printable.Text(op.Err.Error()), ""
	case isRefused(err):
		return fmt.Sprintf("the %s is down: nothing listens at %s", kind, where), ""
	case errors.As(err, &lookup):
		return fmt.Sprintf("the host name %s cannot be resolved", printable.Text(lookup.Name)), "Check the address, and the network of this machine."
	case errors.As(err, &certificate):
		return fmt.Sprintf("the certificate of %s is not valid here: %s", where, printable.Text(certificate.Err.Error())), ""
	case errors.As(err, &record):
		return where + " does not answer in TLS", "Does it need http instead of https?"
	case errors.As(err, &timeout) && timeout.Timeout():
		return where + " does not answer in time", ""
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return fmt.Sprintf("the %s closed the connection without an answer", kind), Panic(kind)
	}
	return fmt.Sprintf("connecting to %s failed: %s", where, printable.Text(err.Error())), ""
}

// Sentence returns both texts of Why as sentences.
func Sentence(kind, where string, err error) string {
	why, advice := Why(kind, where, err)
	if advice == "" {
		return why + "."
	}
	return why + ". " + advice
}

// Panic returns the sentence about the usual reason why a server of the developer breaks a connection.
func Panic(kind string) string {
	return fmt.Sprintf("A panic in a Go handler does that; see the %s's output.", kind)
}

// isRefused reports whether nothing listens at an address.
func isRefused(err error) bool {
	const windowsRefused = syscall.Errno(10061) // WSAECONNREFUSED, which package syscall does not name
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, windowsRefused)
}
