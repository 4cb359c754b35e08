package check

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/platform"
)

// network answers all requests by a handler, as the host of the request.
type network struct{ http.Handler }

func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == "broken.your-company.com" {
		return nil, &tls.CertificateVerificationError{Err: io.ErrUnexpectedEOF}
	}
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestOnline(t *testing.T) {
	const remotes = panel + "remotes:\n  - key: api\n    baseUrl: https://api.your-company.com\n"
	keys := `{"keys": [{}]}`
	allow := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type")
		w.WriteHeader(http.StatusNoContent)
	}
	for _, c := range []struct {
		name, manifest, keys string
		preflight            http.HandlerFunc
		want                 string
	}{
		{"all well", remotes, keys, allow, ""},
		{"no remotes", panel, "", nil, ""},
		{"no key set", remotes, "<html>", allow, "answers, but not with a key set"},
		{"empty key set", remotes, `{"keys": []}`, allow, "answers, but not with a key set"},
		{"no CORS", remotes, keys, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, `remote "api": the remote does not allow https://my.atlassian.net`},
		{"no token", remotes, keys, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Headers", "*")
		}, "the header field authorization"},
		{"redirect", remotes, keys, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://elsewhere.your-company.com")
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.WriteHeader(http.StatusFound)
		}, "with status 302"},
		{"certificate", strings.Replace(remotes, "api.your-company.com", "broken.your-company.com", 1), keys, allow, `error: remote "api" does not answer: the certificate of https://broken.your-company.com is not valid here`},
		{"placeholder", strings.Replace(remotes, "your-company", "example", 1), keys, nil, `manifest.yml:15:5 error: the baseUrl of remote "api" has a placeholder, which is nobody's server: api.example.com`},
		{"placeholder without a subdomain", strings.Replace(remotes, "api.your-company.com", "EXAMPLE.org.:8080", 1), keys, nil, "placeholder"},
		{"only the end of a name is a placeholder's", strings.Replace(remotes, "api.your-company.com", "my-example.com", 1), keys, allow, ""},
		{"regions", panel + "remotes:\n  - key: api\n    baseUrl:\n      default: https://api.your-company.com\n      EU: https://broken.your-company.com\n", keys, allow, "manifest.yml:17:7 error: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := &http.Client{Transport: network{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.String() == platform.KeySetURL:
					_, _ = io.WriteString(w, c.keys)
				case r.Method == http.MethodOptions && r.Header.Get("Origin") == "https://my.atlassian.net":
					c.preflight(w, r)
				default:
					t.Errorf("unexpected request: %s %s", r.Method, r.URL)
				}
			})}}
			dir := app(t, c.manifest)
			got := report(t, dir, Run(t.Context(), Options{Dir: dir, Online: true, Site: "https://my.atlassian.net", Client: client}))
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got\n%swant %q", got, c.want)
			}
		})
	}
}
