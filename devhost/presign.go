package devhost

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// presigned is what a presigned address is for.
type presigned struct {
	Method string `json:"m"`
	Key    string `json:"k"`
	// Length and Checksum, of an upload, are those that were declared.
	Length   int    `json:"l,omitempty"`
	Checksum string `json:"c,omitempty"`
	// Expires counts from the signer's start.
	Expires time.Duration `json:"e"`
}

const (
	// presignedTime is how long a presigned address is valid.
	presignedTime = time.Hour
	// maxPresigned bounds what is behind the slash of a presigned address, in bytes.
	maxPresigned = 1 << 10
)

// presigner makes addresses that say themselves what they are for, with a signature, as those of the platform's store do.
// It keeps nothing for an address, so that there may be any number of them. It measures time from its start, so that they
// stay valid for an hour when the clock is set.
type presigner struct {
	key   [32]byte
	start time.Time
}

func newPresigner() presigner {
	p := presigner{start: time.Now()}
	rand.Read(p.key[:])
	return p
}

var presignedEncoding = base64.RawURLEncoding

// sign returns the last part of an address that is valid from now on.
func (s *presigner) sign(p presigned) (string, error) {
	p.Expires = time.Since(s.start) + presignedTime
	text, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	return presignedEncoding.EncodeToString(text) + "." + presignedEncoding.EncodeToString(s.signature(text)), nil
}

// open returns what an address is for, by its last part; false if it is not valid for this method, or not any more.
func (s *presigner) open(part, method string) (p presigned, ok bool) {
	if len(part) > maxPresigned {
		return p, false
	}
	payload, signature, _ := strings.Cut(part, ".")
	text, err := presignedEncoding.DecodeString(payload)
	if err != nil {
		return p, false
	}
	given, err := presignedEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, s.signature(text)) || json.Unmarshal(text, &p) != nil {
		return presigned{}, false
	}
	return p, p.Method == method && time.Since(s.start) < p.Expires
}

func (s *presigner) signature(text []byte) []byte {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write(text)
	return mac.Sum(nil)
}
