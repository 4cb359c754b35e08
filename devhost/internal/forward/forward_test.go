package forward

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestRedirects checks what another origin gets of a request that is redirected there.
func TestRedirects(t *testing.T) {
	var got http.Header
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	defer other.Close()
	site := httptest.NewServer(http.RedirectHandler(other.URL+"/file", http.StatusFound))
	defer site.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/attachment?jwt=secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Basic secret")
	r.Header.Set("Accept", "image/png")
	resp, err := Client(http.DefaultTransport, time.Minute).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got.Get("Accept") != "image/png" || got.Values("Referer") != nil || got.Values("Authorization") != nil {
		t.Errorf("the other origin got %v", got)
	}
}
