package remote

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// unsignedTokens returns tokens of the maximum size that anybody can write. Each has a real kid and an invalid signature.
// Most of its bytes are in the part that the name says, where they could cost the most memory.
func unsignedTokens() map[string]string {
	const room = maxTokenBytes*3/4 - 700
	header := func(members string) string { return b64(`{"alg":"RS256","kid":"` + testKID + `"` + members + `}`) }
	names := func(size int) string {
		var text strings.Builder
		for i := 0; text.Len() < size; i++ {
			fmt.Fprintf(&text, `,"%x":0`, i)
		}
		return text.String()
	}
	escapes := strings.Repeat(`\u00e9`, room/6)
	claims, signature := b64(`{"exp":1}`), b64(strings.Repeat("s", 256))
	return map[string]string{
		"a header of names":        header(names(room)) + "." + claims + "." + signature,
		"a header of escapes":      header(`,"x":"`+escapes+`"`) + "." + claims + "." + signature,
		"a header of nested names": header(`,"x":{"y":{"z":0`+names(room)+`}}`) + "." + claims + "." + signature,
		"claims of names":          header("") + "." + b64(`{"exp":1`+names(room)+`}`) + "." + signature,
		"claims of nested names":   header("") + "." + b64(`{"x":{"y":{"z":0`+names(room)+`}}}`) + "." + signature,
		"claims of objects":        header("") + "." + b64(`{"x":[`+strings.Repeat(`{},`, room/3)+`0]}`) + "." + signature,
		"claims of escapes":        header("") + "." + b64(`{"x":"`+escapes+`"}`) + "." + signature,
		"claims of audiences":      header("") + "." + b64(`{"aud":[`+strings.Repeat(`"",`, room/3)+`""]}`) + "." + signature,
		"a signature":              header("") + "." + claims + "." + b64(strings.Repeat("s", room)),
		"claims under another key": b64(`{"alg":"RS256","kid":"x"}`) + "." + b64(`{"exp":1`+names(room)+`}`) + "." + signature,
		"claims of an exchange":    exchangePrefix + b64(`{"exp":1`+names(room)+`}`) + "." + b64(strings.Repeat("s", 32)),
	}
}

// A token without a valid signature takes no more memory than a good one, because its parts are not decoded early. With
// isolated clouds the claims must be decoded to find the cloud, but they are not kept.
func TestUnsignedTokensUseLittleMemory(t *testing.T) {
	x := newExchange(t)
	clouds := newVerifier(t, WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"))
	good := sign(testKey(), toJSON(fitHeader(nil)), toJSON(documentedClaims()))
	takes := func(verify func() error) uint64 {
		const runs = 50
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range runs {
			verify()
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / runs
	}
	verify := func(token string) error { _, err := x.Verify(t.Context(), token); return err }
	if err := verify(good); err != nil {
		t.Fatal(err)
	}
	most := takes(func() error { return verify(good) })
	for name, token := range unsignedTokens() {
		t.Run(name, func(t *testing.T) {
			if len(token) > maxTokenBytes || len(token) < maxTokenBytes*9/10 {
				t.Fatalf("the token has %d bytes; want almost %d", len(token), maxTokenBytes)
			}
			if verify(token) == nil {
				t.Error("the token was accepted")
			}
			if got := takes(func() error { return verify(token) }); got > most {
				t.Errorf("Verify allocates %d bytes; a good token needs %d", got, most)
			}
			decoded := most + 2*maxTokenBytes
			if got := takes(func() error { _, err := clouds.Verify(t.Context(), token); return err }); got > decoded {
				t.Errorf("with isolated clouds, Verify allocates %d bytes; want at most %d", got, decoded)
			}
		})
	}
}

// BenchmarkUnsigned compares the cost of tokens that anybody can write with that of a good one.
func BenchmarkUnsigned(b *testing.B) {
	x := newExchange(b)
	clouds := newVerifier(b, WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"))
	run := func(name, token string, good bool) {
		measure := func(name string, verify func() error) {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := verify(); (err == nil) != good {
						b.Fatal(err)
					}
				}
			})
		}
		measure(name, func() error { _, err := x.Verify(b.Context(), token); return err })
		measure(name+", isolated clouds", func() error { _, err := clouds.Verify(b.Context(), token); return err })
	}
	run("a good token", sign(testKey(), toJSON(fitHeader(nil)), toJSON(documentedClaims())), true)
	tokens := unsignedTokens()
	for _, name := range slices.Sorted(maps.Keys(tokens)) {
		run(name, tokens[name], false)
	}
}
