package objectstore

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// presigned describes the request that a presigned address allows.
type presigned struct {
	Method string `json:"m"`
	Key    string `json:"k"`
	// Length and Checksum are those that the app has declared for an upload.
	Length   int    `json:"l,omitempty"`
	Checksum string `json:"c,omitempty"`
	// Expires is the time since the presigner's start.
	Expires time.Duration `json:"e"`
}

const (
	// presignedTime is how long a presigned address is valid.
	presignedTime = time.Hour
	// maxPresigned is the largest size of the last part of a presigned address, in bytes.
	maxPresigned = 1 << 10
)

// presigner makes addresses that contain what they allow, with a signature, as the addresses of the platform's store do.
// It stores nothing for an address, so the number of addresses is not limited. It measures time from its start, so that
// they are valid for an hour even if the clock is set.
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

// sign returns the last part of an address. The address is valid for presignedTime.
func (s *presigner) sign(p presigned) (string, error) {
	p.Expires = time.Since(s.start) + presignedTime
	text, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	return presignedEncoding.EncodeToString(text) + "." + presignedEncoding.EncodeToString(s.signature(text)), nil
}

// open returns what an address allows. part is the last part of the address. It returns false if the address is invalid,
// has expired, or is for another method.
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
