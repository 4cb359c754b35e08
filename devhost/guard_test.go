package devhost

import (
	"strings"
	"testing"
)

func TestGuards(t *testing.T) {
	h := startHost(t, testManifest(t), Options{})
	product, app := h.product.origin, h.app.origin
	productPort := product[strings.LastIndex(product, ":"):]
	json := []string{"Content-Type", "application/json"}
	for _, c := range []struct {
		name, method, url string
		headers           []string
		status            int
	}{
		{"page", "GET", product + "/", nil, 200},
		{"page by a foreign name", "GET", product + "/", []string{"Host", "evil.example" + productPort}, 403},
		{"page by a foreign name without a port", "GET", product + "/", []string{"Host", "127.0.0.1"}, 403},
		{"page by the other port", "GET", product + "/", []string{"Host", strings.TrimPrefix(app, "http://")}, 403},
		{"page by localhost", "GET", product + "/?module=macro", []string{"Host", "localhost" + productPort}, 307},
		{"page for a foreign origin", "GET", product + "/", []string{"Origin", "https://evil.example"}, 403},
		{"keys by localhost", "GET", product + jwksPath, []string{"Host", "localhost" + productPort}, 200},
		{"keys for any origin", "GET", product + jwksPath, []string{"Origin", "https://x.example.com"}, 200},
		{"keys by a foreign name", "GET", product + jwksPath, []string{"Host", "evil.example"}, 403},
		{"token", "POST", product + "/_host/token", append(json, "Origin", product), 200},
		{"token for the app", "POST", product + "/_host/token", append(json, "Origin", app), 403},
		{"token for the product by another name", "POST", product + "/_host/token", append(json, "Origin", "http://localhost"+productPort), 403},
		{"token for a foreign origin", "POST", product + "/_host/token", append(json, "Origin", "https://evil.example"), 403},
		{"token for a sandboxed page", "POST", product + "/_host/token", append(json, "Origin", "null"), 403},
		{"token without an origin", "POST", product + "/_host/token", json, 403},
		{"token by a foreign name", "POST", product + "/_host/token", append(json, "Origin", product, "Host", "evil.example"), 403},
		{"invoke for the app", "POST", product + "/_host/invoke", append(json, "Origin", app), 403},
		{"faults", "POST", product + "/_host/faults", append(json, "Origin", product), 200},
		{"faults for the app", "POST", product + "/_host/faults", append(json, "Origin", app), 403},
		{"faults for a foreign origin", "POST", product + "/_host/faults", append(json, "Origin", "https://evil.example"), 403},
		{"faults without an origin", "POST", product + "/_host/faults", json, 403},
		{"faults read", "GET", product + "/_host/faults", nil, 405},
		{"context for the app", "POST", product + "/_host/context", append(json, "Origin", app), 403},
		{"preflight by the app", "OPTIONS", product + "/_host/token", []string{"Origin", app}, 403},
		{"token as a form", "POST", product + "/_host/token", []string{"Origin", product, "Content-Type", "text/plain"}, 415},
		{"token read", "GET", product + "/_host/token", nil, 405},
		{"app", "GET", app + "/main/", nil, 200},
		{"app by a foreign name", "GET", app + "/main/", []string{"Host", "evil.example"}, 403},
		{"bridge by a foreign name", "GET", app + bridgePath, []string{"Host", "evil.example"}, 403},
		{"app by a write", "POST", app + "/main/", nil, 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := ""
			if c.method == "POST" {
				body = `{"moduleKey":"panel","remoteKey":"tasks-api"}`
			}
			resp, text := ask(t, c.method, c.url, body, c.headers...)
			if resp.StatusCode != c.status {
				t.Fatalf("got %s: %s; want %d", resp.Status, text, c.status)
			}
			if c.status == 403 && !strings.Contains(text, "forgego's local host") {
				t.Errorf("it does not say who refuses and why: %s", text)
			}
			if cors := resp.Header.Get("Access-Control-Allow-Origin"); cors != "" {
				t.Errorf("it lets %s read", cors)
			}
		})
	}
}
