package token

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/forgego/forgego/devhost/internal/installation"
)

// Keys makes the signing key and signs with it. It is safe for concurrent use.
type Keys struct {
	mu      sync.Mutex
	current func() (signingKey, error)
}

type signingKey struct {
	signer jose.Signer
	// set is the key set's JSON.
	set []byte
}

// NewKeys returns new keys. It makes the key in the background, so that a program does not wait for it at its start.
//
// All Keys of a program begin with the same private key, because making one takes a tenth of a second, and a test may start
// many hosts. The key has another id in each of them, so a remote that knows one key set refuses the tokens of another.
func NewKeys() *Keys {
	k := &Keys{current: sync.OnceValues(func() (signingKey, error) { return newSigningKey(firstPrivate()) })}
	go k.key()
	return k
}

// key waits until the key is made, and returns it.
func (k *Keys) key() (signingKey, error) {
	k.mu.Lock()
	current := k.current
	k.mu.Unlock()
	return current()
}

// Set returns the key set as JSON. It holds the current public key only.
func (k *Keys) Set() ([]byte, error) {
	key, err := k.key()
	return key.set, err
}

// Change replaces the key. The key set does not contain the old key any more.
func (k *Keys) Change() error {
	key, err := newSigningKey(newPrivate())
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.current = func() (signingKey, error) { return key, nil }
	return nil
}

var firstPrivate = sync.OnceValues(newPrivate)

func newPrivate() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }

func newSigningKey(private *rsa.PrivateKey, err error) (signingKey, error) {
	if err != nil {
		return signingKey{}, fmt.Errorf("making the signing key: %w", err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "forge/invocation-token/" + installation.UUID(rand.Text()), Algorithm: string(jose.RS256), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		return signingKey{}, fmt.Errorf("preparing the signing key: %w", err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	if err != nil {
		return signingKey{}, fmt.Errorf("encoding the key set: %w", err)
	}
	return signingKey{signer: signer, set: set}, nil
}

// Sign returns the token with these claims.
func (k *Keys) Sign(c Claims) (string, error) {
	key, err := k.key()
	if err != nil {
		return "", err
	}
	token, err := jwt.Signed(key.signer).Claims(c).Serialize()
	if err != nil {
		return "", fmt.Errorf("signing the invocation token: %w", err)
	}
	return token, nil
}
