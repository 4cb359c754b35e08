package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"
)

func TestNotPrinted(t *testing.T) {
	const text = "a-token-of-a-user"
	secret := New(text)
	type holder struct {
		Token Text
		inner Text
	}
	var out bytes.Buffer
	for _, v := range []any{secret, &secret, holder{secret, secret}, &holder{secret, secret}, []Text{secret}, map[string]Text{"a": secret}} {
		for _, verb := range "vsdqxXopTtbcUeEfFgG" {
			fmt.Fprintf(&out, "%"+string(verb)+" %+"+string(verb)+" %#"+string(verb)+"\n", v, v, v)
		}
		log.New(&out, "", 0).Print(v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", v)
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, form := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), fmt.Sprintf("%d", []byte(text))} {
		if strings.Contains(out.String(), strings.Trim(form, "[]")) {
			t.Errorf("the secret was printed as %q", form)
		}
	}
	if !strings.Contains(out.String(), redacted) {
		t.Errorf("the output does not contain %q", redacted)
	}
	if secret.Reveal() != text || secret.IsZero() {
		t.Errorf("Reveal %q, IsZero %v, GoString %q", secret.Reveal(), secret.IsZero(), fmt.Sprintf("%#v", secret))
	}
	if zero := New(""); !zero.IsZero() || zero.Reveal() != "" || fmt.Sprint(zero) != "" {
		t.Errorf("New(\"\") is not empty: %q", zero.Reveal())
	}
}
