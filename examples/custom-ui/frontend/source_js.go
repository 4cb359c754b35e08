package main

import "github.com/forgego/forgego/bridge"

// pageTokens gives this page's tokens. The host has them, if it is "forgego dev"; on Atlassian's sites it refuses, and
// the backend gives one in exchange for the Forge Invocation Token of an invokeRemote.
func pageTokens() bridge.TokenSource {
	return fallback{bridge.HostTokens(), bridge.ExchangeTokens("/token")}
}
