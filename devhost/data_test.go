package devhost

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/testapp"
)

// askData sends a request as a page with the key does. It returns the answer or the error.
func askData(t *testing.T, h *Host, name, input string) (out map[string]any, failed apierror.Error) {
	t.Helper()
	resp, text := testapp.Ask(t, "POST", h.URL()+"_host/"+name, input, "Content-Type", "application/json", "Origin", strings.TrimSuffix(h.URL(), "/"),
		pageKeyHeader, h.pageKey)
	if resp.StatusCode != 200 {
		t.Fatalf("%s answered %d: %s", name, resp.StatusCode, text)
	}
	var answer struct {
		Error *apierror.Error `json:"error"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Error != nil {
		return nil, *answer.Error
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out, apierror.Error{}
}

// dataHost serves an app with this forgego.yml and these files, given as name, text, name, text.
func dataHost(t *testing.T, dev string, files ...string) *Host {
	t.Helper()
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "forgego.yml", dev)
	for i := 0; i < len(files); i += 2 {
		testapp.Write(t, m.Dir, files[i], files[i+1])
	}
	return startHost(t, m, settings{invokeTimeout: time.Minute})
}

func TestDataRefusesOtherOrigins(t *testing.T) {
	h := dataHost(t, "featureFlags:\n  a: true\n")
	for _, name := range []string{"product", "function", "graph", "recommendations", "flags", "locale"} {
		for _, origin := range []string{h.app.Origin, "https://evil.example"} {
			if resp, _ := testapp.Ask(t, "POST", h.URL()+"_host/"+name, "{}", "Content-Type", "application/json", "Origin", origin); resp.StatusCode != 403 {
				t.Errorf("%s from %s: got status %d, want 403", name, origin, resp.StatusCode)
			}
		}
	}
}

func TestForgegoYMLIsReadEachTime(t *testing.T) {
	h := dataHost(t, "featureFlags:\n  a: true\n")
	const hash = "177670" // of a
	if out, _ := askData(t, h, "flags", "{}"); out["feature_flags"].(map[string]any)[hash].(map[string]any)["value"] != true {
		t.Errorf("got %v, want the flag on", out)
	}
	testapp.Write(t, h.dir, "forgego.yml", "featureFlags:\n  a: false\n")
	if out, _ := askData(t, h, "flags", "{}"); out["feature_flags"].(map[string]any)[hash].(map[string]any)["value"] != false {
		t.Errorf("got %v, want the flag off", out)
	}
	testapp.Write(t, h.dir, "forgego.yml", "featureFlag:\n  a: false\n")
	for _, name := range []string{"flags", "graph", "recommendations", "function"} {
		if _, failed := askData(t, h, name, "{}"); failed.Code != "FORGEGO_YML" || !strings.Contains(failed.Message, `unknown key "featureFlag"`) {
			t.Errorf("%s: got %+v", name, failed)
		}
	}
	if _, failed := askData(t, h, "product", `{"path":"/"}`); failed.Code != "FORGEGO_YML" {
		t.Errorf("product: got %+v", failed)
	}
}

// call returns the input of a call of a function.
func call(function, payload string) string {
	return fmt.Sprintf(`{"moduleKey":"panel","functionKey":%q,"payload":%s}`, function, payload)
}

// PowerShell and some Windows editors write a byte order mark at the start of a file.
func TestByteOrderMarkBeforeJSON(t *testing.T) {
	s := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "\ufeff{\"a\":1}") })
	const dev = "\ufefffunctions:\n  file: {file: a.json}\n  url: {url: %q}\nuserRecommendations: a.json\nteamworkGraph: {'*': a.json}\n"
	h := dataHost(t, fmt.Sprintf(dev, s.URL+"/ok"), "a.json", "\ufeff{\"a\":1}\r\n")
	for _, name := range []string{"file", "url"} {
		if out, failed := askData(t, h, "function", call(name, "null")); asJSON(t, out["result"]) != `{"a":1}` {
			t.Errorf("function %s: got %v, %+v", name, out, failed)
		}
	}
	for _, name := range []string{"recommendations", "graph"} {
		if out, failed := askData(t, h, name, "{}"); asJSON(t, out["answer"]) != `{"a":1}` {
			t.Errorf("%s: got %v, %+v", name, out, failed)
		}
	}
}

func TestInvalidFixtures(t *testing.T) {
	h := dataHost(t, "functions:\n  wide: {file: wide.json}\nuserRecommendations: empty.json\nteamworkGraph: {'*': wide.json}\n",
		"wide.json", "\xff\xfe{\x00}\x00", "empty.json", "\ufeff \n")
	if _, failed := askData(t, h, "function", call("wide", "null")); !strings.Contains(failed.Message, "is UTF-16; save it as UTF-8") {
		t.Errorf("a function's file in UTF-16: got %+v", failed)
	}
	if _, failed := askData(t, h, "graph", "{}"); failed.Code != "FIXTURE_INVALID" || !strings.Contains(failed.Message, "is UTF-16; save it as UTF-8") {
		t.Errorf("a file in UTF-16: got %+v", failed)
	}
	if _, failed := askData(t, h, "recommendations", "{}"); failed.Code != "FIXTURE_INVALID" || !strings.Contains(failed.Message, "is not JSON") {
		t.Errorf("an empty file: got %+v", failed)
	}
}
