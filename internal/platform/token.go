package platform

import "time"

const (
	// TokenIssuer is the iss of every Forge Invocation Token.
	TokenIssuer = "forge/invocation-token"
	// TokenLifetime is how long a token of invokeRemote is valid.
	//
	// Source: https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/
	TokenLifetime = 25 * time.Second
)

// NewTokenID returns the jti of a new token: 40 random hex digits.
func NewTokenID() string { return randomHex(20) }
