package remote

import (
	"testing"

	"github.com/forgego/forgego/internal/platform"
)

// TestPlatform checks that the verifier expects what the local host and forgego check know about Forge. Package remote does not
// import platform, which every backend would link.
func TestPlatform(t *testing.T) {
	if DefaultJWKSURL != platform.KeySetURL || issuer != platform.TokenIssuer {
		t.Errorf("got %s and %s, want %s and %s", DefaultJWKSURL, issuer, platform.KeySetURL, platform.TokenIssuer)
	}
}
