package devhost

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestLongRequestHeader(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	for _, url := range []string{h.URL(), h.AppURL() + "main/"} {
		if resp, _ := testapp.Ask(t, "GET", url, "", "X-Long", strings.Repeat("a", 2*maxHeader)); resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: got %s", url, resp.Status)
		}
		// Browsers send the cookies of all local servers.
		if resp, _ := testapp.Ask(t, "GET", url, "", "Cookie", strings.Repeat("a=b; ", 10_000)); resp.StatusCode != 200 {
			t.Errorf("%s with many cookies: got %s", url, resp.Status)
		}
	}
}

// TestLongResponseHeader checks that a remote, a service or a site cannot fill the memory with its header.
func TestLongResponseHeader(t *testing.T) {
	remote := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("a", 2*maxHeader))
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "{}")
	})
	h := startHost(t, testapp.Manifest(t), settings{remoteURLs: map[string]string{"tasks-api": remote}})
	_, text := testapp.Ask(t, "POST", h.URL()+"_host/invoke", `{"moduleKey":"panel","input":{"path":"/","method":"GET"}}`,
		"Origin", h.product.Origin, "Content-Type", "application/json")
	if !strings.Contains(text, `"success":false`) || len(text) > 2000 {
		t.Errorf("got %d bytes: %.300s", len(text), text)
	}
}

// TestErrorsAreShort checks that an error contains only a limited part of the request.
func TestErrorsAreShort(t *testing.T) {
	h := dataHost(t, "")
	long := strings.Repeat("ä", 1<<20)
	for name, input := range map[string]string{
		"token":    `{"moduleKey":"` + long + `"}`,
		"invoke":   `{"moduleKey":"` + long + `"}`,
		"product":  `{"product":"jira","method":"GET","path":"/` + long + `"}`,
		"function": `{"moduleKey":"panel","functionKey":"` + long + `"}`,
		"graph":    `{"query":"query ` + strings.Repeat("a", 1<<20) + ` { b }"}`,
		"locale":   `{"locale":"` + long + `"}`,
	} {
		resp, text := testapp.Ask(t, "POST", h.URL()+"_host/"+name, input, "Content-Type", "application/json", "Origin", h.product.Origin)
		if resp.StatusCode != 200 || !strings.Contains(text, `"error"`) || len(text) > 4*apierror.MaxText {
			t.Errorf("%s: got %s, %d bytes: %.100s", name, resp.Status, len(text), text)
		}
	}
}

func TestLargeFilesAreRefused(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "static/main/large.html", strings.Repeat("a", 16<<20+1))
	testapp.Write(t, m.Dir, "static/main/large.js", strings.Repeat("a", 16<<20+1))
	testapp.Write(t, m.Dir, "large.json", strings.Repeat("1", devfile.MaxFixture+1))
	testapp.Write(t, m.Dir, "forgego.yml", "userRecommendations: large.json\n")
	h := startHost(t, m, settings{})
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/large.html", ""); resp.StatusCode != 500 || !strings.Contains(text, "16 MB") {
		t.Errorf("a page: got %s: %.100s", resp.Status, text)
	}
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/large.js", ""); resp.StatusCode != 200 || len(text) != 16<<20+1 {
		t.Errorf("a script, which is not kept in memory: got %s, %d bytes", resp.Status, len(text))
	}
	if _, failed := askData(t, h, "recommendations", "{}"); failed.Code != "FIXTURE_MISSING" || !strings.Contains(failed.Detail, "too large") {
		t.Errorf("a fixture: got %+v", failed)
	}
}
