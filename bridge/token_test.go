package bridge_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
)

func TestTokenIsRedacted(t *testing.T) {
	const text = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0.c2ln"
	token := bridge.Token{Value: secret.New(text), ExpiresAt: time.Unix(1_900_000_000, 0), BaseURL: "https://tasks.example.com"}
	holder := struct {
		T bridge.Token
		P *bridge.Token
		A any
	}{token, &token, token}

	var shown strings.Builder
	for _, verb := range "vTsqxXdboOeEfFgGtcUp" {
		for _, flag := range []string{"", "+", "#", " ", "0", "-20", "20.3"} {
			fmt.Fprintf(&shown, "%"+flag+string(verb)+"\n", token)
			fmt.Fprintf(&shown, "%"+flag+string(verb)+"\n", &token)
			fmt.Fprintf(&shown, "%"+flag+string(verb)+"\n", holder)
			fmt.Fprintf(&shown, "%"+flag+string(verb)+"\n", []bridge.Token{token})
		}
	}
	fmt.Fprintln(&shown, token, &token, holder, token.Value, &token.Value)
	fmt.Fprintln(&shown, fmt.Errorf("failed with %v: %w", token, errFor(token)))
	for _, handler := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
		slog.New(handler).Info("token", "t", token, "p", &token, "h", holder, slog.Group("g", "t", token))
	}
	for _, v := range []any{token, &token, holder, map[string]any{"t": token}, map[secret.Text]int{token.Value: 1}} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Errorf("json of %T: %v", v, err)
		}
		shown.Write(data)
	}
	for _, part := range []string{text, "eyJ", "c2VjcmV0", "c2ln", fmt.Sprintf("%x", text), fmt.Sprintf("%v", []byte(text))[1:20]} {
		if strings.Contains(shown.String(), part) {
			t.Errorf("the printed text contains %q", part)
		}
	}
	if got := fmt.Sprint(token.Value); got != "[secret]" {
		t.Errorf("printed as %q", got)
	}
	if got := token.Value.Reveal(); got != text {
		t.Errorf("Reveal returned %q", got)
	}
}

func errFor(token bridge.Token) error { return fmt.Errorf("%+v", token) }
