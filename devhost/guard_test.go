package devhost

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestGuards(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	product, app := h.product.Origin, h.app.Origin
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
		{"faults by GET", "GET", product + "/_host/faults", nil, 405},
		{"context for the app", "POST", product + "/_host/context", append(json, "Origin", app), 403},
		{"preflight by the app", "OPTIONS", product + "/_host/token", []string{"Origin", app}, 403},
		{"token as a form", "POST", product + "/_host/token", []string{"Origin", product, "Content-Type", "text/plain"}, 415},
		{"token by GET", "GET", product + "/_host/token", nil, 405},
		{"app", "GET", app + "/main/", nil, 200},
		{"app by a foreign name", "GET", app + "/main/", []string{"Host", "evil.example"}, 403},
		{"bridge by a foreign name", "GET", app + bridgePath, []string{"Host", "evil.example"}, 403},
		{"app by POST", "POST", app + "/main/", nil, 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := ""
			if c.method == "POST" {
				body = `{"moduleKey":"panel","remoteKey":"tasks-api"}`
			}
			resp, text := testapp.Ask(t, c.method, c.url, body, c.headers...)
			if resp.StatusCode != c.status {
				t.Fatalf("got %s: %s; want %d", resp.Status, text, c.status)
			}
			if c.status == 403 && !strings.Contains(text, "forgego's local host") {
				t.Errorf("the text does not name forgego's local host: %s", text)
			}
			if cors := resp.Header.Get("Access-Control-Allow-Origin"); cors != "" {
				t.Errorf("Access-Control-Allow-Origin is %q, want none", cors)
			}
		})
	}
}

// TestCrossSiteRequests checks which requests of other websites are refused. Any website can guess the port and include the
// app's scripts. The response's policy says which pages may use it.
func TestCrossSiteRequests(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "static/main/app.js", "1")
	h := startHost(t, m, settings{})
	product, app := h.product.Origin, h.app.Origin
	script, page := app+"/main/app.js", app+"/main/"
	site := func(site, mode, dest string, more ...string) []string {
		return append([]string{"Sec-Fetch-Site", site, "Sec-Fetch-Mode", mode, "Sec-Fetch-Dest", dest}, more...)
	}
	for _, c := range []struct {
		name, url string
		headers   []string
		status    int
		policy    string
	}{
		{"a website's script element", script, site("cross-site", "no-cors", "script"), 403, "same-origin"},
		{"the same with its referrer", script, site("cross-site", "no-cors", "script", "Referer", "https://evil.example/"), 403, "same-origin"},
		{"a website with our address as its path", script, site("cross-site", "no-cors", "script", "Referer", "https://evil.example/"+app), 403, "same-origin"},
		{"a website whose name begins with ours", script, site("cross-site", "no-cors", "script", "Referer", app+".evil.example/"), 403, "same-origin"},
		{"a website's module", script, site("cross-site", "cors", "script", "Origin", "https://evil.example"), 403, "same-origin"},
		{"a website's fetch", page, site("cross-site", "no-cors", "empty"), 403, "same-origin"},
		{"a website's image", page, site("cross-site", "no-cors", "image"), 403, "same-origin"},
		{"a sandboxed frame, in a website or in the app", script, site("cross-site", "no-cors", "script", "Origin", "null"), 403, "same-origin"},
		{"another port of this machine", script, site("same-site", "no-cors", "script", "Referer", "http://127.0.0.1:1/"), 403, "same-origin"},
		{"the bridge", app + bridgePath, site("cross-site", "no-cors", "script"), 403, "same-origin"},
		{"a stored object", app + objectPath + "x", site("cross-site", "no-cors", "image"), 403, "same-origin"},
		{"translations", app + "/main/__LOCALES__/i18n-info.json", site("cross-site", "no-cors", "script"), 403, "same-origin"},
		{"the product page's script", product + "/product/main.js", site("cross-site", "no-cors", "script"), 403, "same-origin"},
		{"the product page's script, from the app", product + "/product/main.js", site("same-site", "no-cors", "script", "Referer", app+"/"), 403, "same-origin"},
		{"the product page as a script", product + "/", site("cross-site", "no-cors", "script"), 403, "same-origin"},
		{"the key set as a script", product + jwksPath, site("cross-site", "no-cors", "script"), 403, "same-origin"},

		{"a typed address", page, site("none", "navigate", "document"), 200, "same-origin"},
		{"the app's own script", script, site("same-origin", "no-cors", "script"), 200, "same-origin"},
		{"the app in the product's page", page, site("same-site", "navigate", "iframe", "Referer", product+"/"), 200, "same-site"},
		{"the app's icon in the product's page", script, site("same-site", "no-cors", "image", "Referer", product+"/"), 200, "same-site"},
		{"a link on a website", product + "/", site("cross-site", "navigate", "document", "Referer", "https://example.com/"), 200, "same-origin"},
		{"a frame that comes back from a website", page, site("cross-site", "navigate", "iframe", "Referer", "https://example.com/"), 200, "same-origin"},
		{"a program that is not a browser", script, nil, 200, "same-origin"},
		{"a backend that fetches keys", product + jwksPath, []string{"Sec-Fetch-Mode", "cors"}, 200, "same-origin"},
		{"an old browser's icon in the product's page", script, []string{"Referer", product + "/"}, 200, "same-site"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, text := testapp.Ask(t, "GET", c.url, "", c.headers...)
			if resp.StatusCode != c.status || resp.Header.Get("Cross-Origin-Resource-Policy") != c.policy {
				t.Errorf("got %s with the policy %q: %s", resp.Status, resp.Header.Get("Cross-Origin-Resource-Policy"), text)
			}
			if c.status == 403 && (!strings.Contains(text, "forgego's local host") || resp.Header.Get("Cache-Control") != "no-store") {
				t.Errorf("the text does not name forgego's local host, or Cache-Control is not no-store: %s", text)
			}
		})
	}
	resp, _ := testapp.Ask(t, "POST", product+"/_host/faults", "{}", site("cross-site", "cors", "empty", "Origin", product, "Content-Type", "application/json")...)
	if resp.StatusCode != 200 {
		t.Errorf("a request with the product's origin: got %s, want 200", resp.Status)
	}
}
