package remote

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNewExchange(t *testing.T) {
	v := newVerifier(t)
	good := map[string]string{"tasks-api": testBase}
	base := func(url string) map[string]string { return map[string]string{"tasks-api": url} }
	for _, tt := range []struct {
		name string
		v    *Verifier
		urls map[string]string
		opt  ExchangeOption
		want string
	}{
		{"defaults", v, good, nil, ""},
		{"loopback", v, base("http://127.0.0.1:8787"), nil, ""},
		{"the least lifetime", v, good, WithExchangeLifetime(time.Second), ""},
		{"no verifier", nil, good, nil, "verifier"},
		{"no remotes", v, nil, nil, "no base URL"},
		{"a remote without a key", v, map[string]string{"": testBase}, nil, "no key"},
		{"relative URL", v, base("/api"), nil, "does not begin with"},
		{"plain http", v, base("http://tasks.example.com"), nil, "https"},
		{"another scheme", v, base("ftp://tasks.example.com"), nil, "https"},
		{"user name", v, base("https://a@tasks.example.com"), nil, "user name or a password"},
		{"query", v, base("https://tasks.example.com/?a"), nil, "query"},
		{"empty query", v, base("https://tasks.example.com/?"), nil, "query"},
		{"path", v, base("https://tasks.example.com/api/v1/"), nil, ""},
		{"path with characters outside ASCII", v, base("https://tasks.example.com/aufträge"), nil, ""},
		{"path with ..", v, base("https://tasks.example.com/api/../x"), nil, ".."},
		{"path with an escaped ..", v, base("https://tasks.example.com/api/%2e%2E/x"), nil, ".."},
		{"path that a browser reads as a host", v, base("https://tasks.example.com//evil.example.com"), nil, "another host"},
		{"path with a backslash", v, base(`https://tasks.example.com/\evil.example.com`), nil, "backslash"},
		{"path with a space", v, base("https://tasks.example.com/a b"), nil, "space"},
		{"host in upper case", v, base("https://Tasks.example.com"), nil, "browsers write as"},
		{"host that is not in ASCII", v, base("https://bücher.example"), nil, "ASCII"},

		{"fragment", v, base("https://tasks.example.com/#"), nil, "absolute URL"},
		{"short key", v, good, WithExchangeKey(testExchangeKey[:31]), "31 bytes"},
		{"no key", v, good, WithExchangeKey(nil), "0 bytes"},
		{"no lifetime", v, good, WithExchangeLifetime(0), "lifetime"},
		{"a day", v, good, WithExchangeLifetime(24 * time.Hour), "lifetime"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var opts []ExchangeOption
			if tt.opt != nil {
				opts = append(opts, tt.opt)
			}
			x, err := NewExchange(tt.v, tt.urls, opts...)
			if tt.want == "" && (err != nil || x == nil) || tt.want != "" && (x != nil || err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("NewExchange = %v, %v; want an error that contains %q", x, err, tt.want)
			}
		})
	}
}

func TestExchangeKeys(t *testing.T) {
	v := newVerifier(t)
	exchangeWith := func(opts ...ExchangeOption) *Exchange {
		x, err := NewExchange(v, map[string]string{"tasks-api": testBase}, opts...)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	key := bytes.Clone(testExchangeKey)
	a, b := exchangeWith(WithExchangeKey(key)), exchangeWith(WithExchangeKey(key))
	slices.Reverse(key)
	if _, err := b.Verify(t.Context(), exchanged(t, a, fit(nil)).JWT); err != nil {
		t.Errorf("a second exchange with the same key: %v", err)
	}
	for name, other := range map[string]*Exchange{"the key reversed": exchangeWith(WithExchangeKey(key)), "a random key": exchangeWith()} {
		if _, err := other.Verify(t.Context(), exchanged(t, a, fit(nil)).JWT); err == nil {
			t.Errorf("an exchange with %s accepts a token that was signed with another key", name)
		}
	}
	if _, err := exchangeWith().Verify(t.Context(), exchanged(t, exchangeWith(), fit(nil)).JWT); err == nil {
		t.Error("two exchanges have the same random key")
	}
}

// Anybody who can guess the key can sign tokens for every customer. So weak keys are refused. Random keys are accepted as
// bytes, hexadecimal, base64 and base32.
func TestWeakExchangeKeys(t *testing.T) {
	v, urls := newVerifier(t), map[string]string{"tasks-api": testBase}
	counter := make([]byte, 64)
	for i := range counter {
		counter[i] = byte(3 * i)
	}
	for name, key := range map[string][]byte{
		"zeros":              make([]byte, 32),
		"one byte":           bytes.Repeat([]byte{0xA5}, 64),
		"spaces":             []byte(strings.Repeat(" ", 40)),
		"two bytes":          bytes.Repeat([]byte("ab"), 16),
		"a counter":          counter,
		"digits":             []byte("01234567890123456789012345678901"),
		"the alphabet":       []byte("abcdefghijklmnopqrstuvwxyzABCDEF"),
		"a word repeated":    []byte("correcthorsebatterycorrecthorsebattery"),
		"a cut repetition":   []byte("kR7pXq2Vw9kR7pXq2Vw9kR7pXq2Vw9kR"),
		"a word in between":  []byte("zchangemechangemechangemechangeme"),
		"a word and a rest":  []byte("password1password1password1password1x"),
		"padded with zeros":  append([]byte("secret"), make([]byte, 26)...),
		"a password":         []byte("password"),
		"31 random bytes":    randomBytes(31),
		"16 random, doubled": bytes.Repeat(randomBytes(16), 2),
	} {
		if _, err := NewExchange(v, urls, WithExchangeKey(key)); err == nil {
			t.Errorf("%s: the key was accepted", name)
		} else if len(key) > 6 && strings.Contains(err.Error(), string(key[:6])) {
			t.Errorf("%s: the error contains the key: %v", name, err)
		}
	}
	for range 200 {
		for name, key := range map[string][]byte{
			"random bytes":       randomBytes(32),
			"random hexadecimal": []byte(hex.EncodeToString(randomBytes(32))),
			"random base64":      []byte(b64(string(randomBytes(32)))),
			"random base32":      []byte(rand.Text() + rand.Text()),
		} {
			if _, err := NewExchange(v, urls, WithExchangeKey(key)); err != nil {
				t.Errorf("%s: the key was refused: %v", name, err)
			}
		}
	}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
