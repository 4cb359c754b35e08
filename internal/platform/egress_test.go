package platform

import (
	"strings"
	"testing"
)

// The answers are those of @forge/manifest 13.7.0, which reads addresses as browsers do.
func TestEgressAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"*": true, "https://a.example": true, "a.example": true, "*.a.example": true, "wss://a.example:8443/x?y": true, "figma:": true,
		"http://a.example": false, "https://localhost": false, "javascript:x.y": false, "https://a.example/b c": false, "": false,
		"https://user@a.example": true, "https://münchen.example": true, "https://a.example/100%": true, "https://a.example/%zz": true,
		"https://a.example\n": true, "https://a.example:99999": false, "https://[::1.2.3.4]": false, "https://a.*.example": false,
		"https://a.example:0": true, "https://a.exam\x00ple": false, "https://localhost/v1.0": true, "https://a.b/" + strings.Repeat("c", 1000): false,
	} {
		if got := IsEgressAddress(address); got != want {
			t.Errorf("%.60q: got %v, want %v", address, got, want)
		}
	}
}
