package tasks

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// exchanged is the answer with the page's token.
type exchanged struct{ JWT, ExpiresAt, BaseURL string }

func TestExchangedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		mine := n.add("i", "mine")
		n.add("other", "theirs")
		if resp, body := n.do("POST", "/token", `{"remoteKey":"another"}`); resp.StatusCode != 404 || !strings.Contains(body, `{"error":`) {
			t.Errorf("another remote: %d %s; want 404", resp.StatusCode, body)
		}
		resp, body := n.do("POST", "/token", `{"remoteKey":"tasks-api"}`, "Content-Type", "application/json")
		var token exchanged
		if err := json.Unmarshal([]byte(body), &token); err != nil || resp.StatusCode != 200 || token.BaseURL != "http://127.0.0.1:1" {
			t.Fatalf("%d %s, %v; want a token for this remote", resp.StatusCode, body, err)
		}
		expires, err := strconv.ParseInt(token.ExpiresAt, 10, 64)
		if life := time.Until(time.UnixMilli(expires)); err != nil || life < time.Minute {
			t.Errorf("it lives %v, %v; want longer than what it was given for", life, err)
		}
		auth := "Bearer " + token.JWT

		time.Sleep(time.Minute)
		if _, body := n.do("GET", "/tasks", "", "Authorization", auth); !strings.Contains(body, mine.ID) || strings.Contains(body, "theirs") {
			t.Errorf("with it the tasks are %s; want those of its installation", body)
		}
		s := n.listen(t.Context(), "nobody", "Authorization", auth)
		added := n.add("i", "later")
		if got := s.next(); got.Task != added {
			t.Errorf("with it one hears %s", toJSON(got))
		}
		if resp, _ := n.do("POST", "/token", `{"remoteKey":"tasks-api"}`, "Authorization", auth); resp.StatusCode != 403 {
			t.Errorf("it can be renewed for itself: %d; want 403", resp.StatusCode)
		}
		time.Sleep(time.Hour)
		if resp, _ := n.do("GET", "/tasks", "", "Authorization", auth); resp.StatusCode != 401 {
			t.Errorf("an hour later: %d; want 401", resp.StatusCode)
		}
	})
}

// A page on the app's own origin needs these permissions.
func TestCORS(t *testing.T) {
	const origin = "http://127.0.0.1:9000"
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		path := "/tasks/" + n.add("i", "a").ID + "/file"
		for _, tt := range []struct{ method, path, headers string }{
			{"PUT", path, "authorization,content-type,x-file-name"},
			{"GET", "/tasks/events", "authorization,last-event-id"},
			{"GET", path, "authorization,if-none-match"},
			{"DELETE", path, "authorization"},
		} {
			r := n.request(t.Context(), "i", "OPTIONS", tt.path, nil, "Origin", origin,
				"Access-Control-Request-Method", tt.method, "Access-Control-Request-Headers", tt.headers)
			r.Header.Del("Authorization")
			resp, _ := n.send(r)
			allowed := strings.Split(resp.Header.Get("Access-Control-Allow-Headers"), ", ")
			for name := range strings.SplitSeq(tt.headers, ",") {
				if !strings.Contains(strings.Join(allowed, " ")+" ", name+" ") {
					t.Errorf("%s %s: %s is not allowed by %v", tt.method, tt.path, name, allowed)
				}
			}
			if methods := resp.Header.Get("Access-Control-Allow-Methods"); resp.StatusCode != 204 || !strings.Contains(methods, tt.method) {
				t.Errorf("%s %s: %d, methods %s", tt.method, tt.path, resp.StatusCode, methods)
			}
		}
		n.do("PUT", path, "data", "X-File-Name", "a", "Origin", origin)
		for _, path := range []string{path, "/tasks/events"} {
			resp, err := n.client.Do(n.request(t.Context(), "i", "GET", path, nil, "Origin", origin))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			h := resp.Header
			exposed := h.Get("Access-Control-Expose-Headers")
			if h.Get("Access-Control-Allow-Origin") != origin || !strings.Contains(exposed, "Content-Disposition") || !strings.Contains(exposed, "ETag") {
				t.Errorf("%s: allowed for %q, exposing %q", path, h.Get("Access-Control-Allow-Origin"), exposed)
			}
		}
	})
}
