//go:build !js

package devhost

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestOpen(t *testing.T) {
	opened := make(chan Place, 1)
	h, _ := startApp(t, settings{open: func(p Place) error {
		if p.File == "secret.go" {
			return errors.New("secret.go is not yours")
		}
		opened <- p
		return nil
	}})
	open := func(h *Host, body, origin string) (int, string) {
		resp, text := testapp.Ask(t, http.MethodPost, h.URL()+"_host/open", body, "Content-Type", "application/json", "Origin", origin)
		return resp.StatusCode, text
	}
	if status, text := open(h, `{"file":"main.go","line":3,"column":7}`, h.product.Origin); status != 200 || strings.Contains(text, "error") {
		t.Fatalf("got %d %s", status, text)
	}
	if p := <-opened; p != (Place{File: "main.go", Line: 3, Column: 7}) {
		t.Errorf("opened %+v", p)
	}
	if _, text := open(h, `{"file":"secret.go"}`, h.product.Origin); !strings.Contains(text, "NOT_OPENED") || !strings.Contains(text, "secret.go is not yours") {
		t.Errorf("got %s, want the error of Open", text)
	}
	if status, _ := open(h, `{"file":"main.go"}`, h.app.Origin); status != 403 {
		t.Errorf("the app's page: status %d, want 403", status)
	}
	if page := productPageText(t, h); !strings.Contains(page, " data-editor>") {
		t.Error("the page does not know that there is an editor")
	}

	without, _ := startApp(t, settings{})
	if status, _ := open(without, `{"file":"main.go"}`, without.product.Origin); status != 404 {
		t.Errorf("without Open: status %d, want 404", status)
	}
	if page := productPageText(t, without); strings.Contains(page, "data-editor") {
		t.Error("without Open: the page offers an editor")
	}
}
