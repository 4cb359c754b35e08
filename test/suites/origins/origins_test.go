// Package origins compares the origins that package remote accepts with the results of a browser's URL parser. Node has the
// same parser.
package origins

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/remote"
)

// pieces are parts of origins, and texts that look like parts of origins.
var pieces = []string{
	"a", "b", "com", "example", "localhost", "127.0.0.1", "1.2.3.4", "0", "1", "01", "255", "256", "0x", "0x1f", "-", "_", ".", ".", ".", "..",
	":", ":", "443", "80", "8443", "0443", "65535", "65536", "[", "]", "[::1]", "[2001:db8::1]", "[2001:DB8::1]", "[::ffff:1.2.3.4]", "[::ffff:102:304]",
	"A", "%41", "%2e", "\u00fc", "\u3002", "\u00ad", "@", "/", "\\", "?", "#", " ", "\t", "*", "!", "+",
}

// origins returns n texts. They are the same in each run.
func origins(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, n)
	for i := range texts {
		text := []string{"https://", "http://"}[r.IntN(2)]
		for range 1 + r.IntN(6) {
			text += pieces[r.IntN(len(pieces))]
		}
		texts[i] = text
	}
	return texts
}

func TestAcceptedOriginsAreThoseOfBrowsers(t *testing.T) {
	texts := origins(50_000)
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	// The Origin that a page at this address would send, or null if the address is invalid.
	node := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", `
		import { readFileSync } from 'node:fs';
		const sent = JSON.parse(readFileSync(0, 'utf8')).map((text) => URL.parse?.(text)?.origin ?? (URL.canParse(text) ? new URL(text).origin : null));
		process.stdout.write(JSON.stringify(sent));`)
	node.Stdin, node.Stderr = bytes.NewReader(input), os.Stderr
	output, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	var sent []*string
	if err := json.Unmarshal(output, &sent); err != nil || len(sent) != len(texts) {
		t.Fatalf("%d answers: %v", len(sent), err)
	}
	// Of the origins that browsers send, package remote accepts valid DNS names with any valid port.
	plain := regexp.MustCompile(`^https://([a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}(:[1-9]\d*)?$`)
	accepted := 0
	for i, text := range texts {
		_, err := remote.New("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10", remote.WithAllowedOrigins(text))
		isSent := sent[i] != nil && *sent[i] == text
		switch {
		case err == nil && !isSent:
			t.Errorf("%q was accepted, and no browser sends it", text)
		case err != nil && isSent && plain.MatchString(text):
			t.Errorf("%q was refused, and browsers send it: %v", text, err)
		}
		if err == nil {
			accepted++
		} else if !strings.Contains(err.Error(), "origin") {
			t.Errorf("%q: the error does not mention the origin: %v", text, err)
		}
	}
	if accepted < 500 {
		t.Errorf("only %d of %d were accepted; the test must try valid origins too", accepted, len(texts))
	}
}
