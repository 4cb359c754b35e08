package platform

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/forgego/forgego/internal/fetchspec"
)

// Credentials are what the platform adds to an invocation so that the remote can trust it and call Atlassian.
type Credentials struct {
	// FIT is the Forge Invocation Token, sent as the bearer token.
	FIT string
	// SystemToken and UserToken are sent as x-forge-oauth-system and x-forge-oauth-user, unless they are empty.
	SystemToken, UserToken string
}

// add adds them and the trace ids to a request's header.
func (c Credentials) add(header http.Header) {
	header.Set("Authorization", "Bearer "+c.FIT)
	addTrace(header)
	if c.SystemToken != "" {
		header.Set("X-Forge-Oauth-System", c.SystemToken)
	}
	if c.UserToken != "" {
		header.Set("X-Forge-Oauth-User", c.UserToken)
	}
}

func addTrace(header http.Header) {
	header.Set("X-B3-TraceId", randomHex(16))
	header.Set("X-B3-SpanId", randomHex(8))
}

// requestHeader returns the caller's header without the fields of the platform and of the connection.
func requestHeader(own map[string]string, hasBody bool) (http.Header, error) {
	header := http.Header{}
	for name, value := range own {
		if !fetchspec.IsToken(name) {
			return nil, invalidRequest("The header name %q is not one that HTTP allows.", name)
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, invalidRequest("The value of the header %q holds a control character.", name)
		}
		if !isReserved(strings.ToLower(name)) {
			header.Set(name, strings.TrimSpace(value))
		}
	}
	if hasBody && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return header, nil
}

// isReserved reports whether the caller may not set a header, in lower case.
func isReserved(name string) bool {
	switch name {
	case "authorization", "host", "content-length",
		"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect":
		return true
	}
	return strings.HasPrefix(name, "x-forge-") || strings.HasPrefix(name, "x-b3-") || strings.HasPrefix(name, "proxy-")
}

func randomHex(size int) string {
	b := make([]byte, size)
	// Read never fails: the runtime ends the program if the system has no randomness.
	rand.Read(b)
	return hex.EncodeToString(b)
}
