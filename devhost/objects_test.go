package devhost

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

const (
	helloSum  = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
	storeYAML = "functions:\n  up: {objectStore: upload}\n  down: {objectStore: download}\n  meta: {objectStore: metadata}\n  del: {objectStore: delete}\n"
)

// startUpload returns the presigned URL of an upload and the object's key.
func startUpload(t *testing.T, h *Host) (url, key string) {
	t.Helper()
	out, failed := askData(t, h, "function", call("up", `{"allObjectMetadata":[{"length":5,"checksum":"`+helloSum+`","checksumType":"SHA256"}]}`))
	for url, metadata := range out["result"].(map[string]any) {
		return url, metadata.(map[string]any)["key"].(string)
	}
	t.Fatalf("got %v, %+v", out, failed)
	return "", ""
}

func TestObjects(t *testing.T) {
	h := dataHost(t, storeYAML)
	url, key := startUpload(t, h)
	if !strings.HasPrefix(url, h.AppURL()) {
		t.Errorf("%s is not on the app's origin, the only one that the app's policy allows", url)
	}
	if resp, text := testapp.Ask(t, "PUT", url, "hellO", "Content-Type", "text/html"); resp.StatusCode != 400 {
		t.Errorf("another content: got %d %s", resp.StatusCode, text)
	}
	if resp, _ := testapp.Ask(t, "GET", url, ""); resp.StatusCode != 403 {
		t.Errorf("GET of an upload's URL: got %d", resp.StatusCode)
	}
	if out, _ := askData(t, h, "function", call("meta", `{"key":"`+key+`"}`)); out["result"].(map[string]any)["error"] == nil {
		t.Errorf("metadata before the upload: got %v", out)
	}
	for range 2 { // the second one replaces the first
		if resp, text := testapp.Ask(t, "PUT", url, "hello", "Content-Type", "text/html"); resp.StatusCode != 200 {
			t.Fatalf("got %d %s", resp.StatusCode, text)
		}
	}
	if h.objects.Size() != 5 {
		t.Errorf("the store's size is %d bytes", h.objects.Size())
	}
	out, _ := askData(t, h, "function", call("meta", `{"key":"`+key+`"}`))
	if result := out["result"].(map[string]any); result["size"] != 5.0 || result["checksum"] != helloSum || result["createdAt"] == "" {
		t.Errorf("metadata: got %v", result)
	}

	out, _ = askData(t, h, "function", call("down", `{"keys":["`+key+`","unknown"]}`))
	urls := out["result"].(map[string]any)
	if len(urls) != 1 {
		t.Errorf("downloads: got %v", urls)
	}
	for url, of := range urls {
		resp, text := testapp.Ask(t, "GET", url, "")
		if of != key || text != "hello" || resp.Header.Get("Content-Type") != "text/html" || resp.Header.Get("Content-Security-Policy") != "sandbox" ||
			resp.Header.Get("Content-Disposition") != "attachment" {
			t.Errorf("got %q with %v", text, resp.Header)
		}
		if resp, _ := testapp.Ask(t, "PUT", url, "hello"); resp.StatusCode != 403 {
			t.Errorf("PUT to a download's URL: got %d", resp.StatusCode)
		}
		if _, failed := askData(t, h, "function", call("del", `{"key":"`+key+`"}`)); failed.Message != "" || h.objects.Size() != 0 {
			t.Errorf("delete: got %+v, %d bytes are left", failed, h.objects.Size())
		}
		if resp, _ := testapp.Ask(t, "GET", url, ""); resp.StatusCode != 403 {
			t.Errorf("after delete: got %d", resp.StatusCode)
		}
	}
	if _, failed := askData(t, h, "function", call("up", `7`)); failed.Code != "INVALID_REQUEST" {
		t.Errorf("another payload: got %+v", failed)
	}
}
