package bridgehttp

// Placeholder is a base URL for clients that require one when the remote's own is not known. It stands for the
// remote's base URL. The name ".invalid" is reserved and never resolves (RFC 2606), so a request sent by another
// transport by mistake reaches nobody.
const Placeholder = "https://remote.invalid"

// Option changes a [Transport].
type Option func(*Transport)

// WithBaseURL sets the remote's base URL, as in manifest.yml, so that requests may name it. Without it, requests must
// name no host, or [Placeholder]. WithBaseURL does not change where requests go; the host decides that.
//
// If the base URL has a path, all requests that name the base URL must be below that path. NewTransport removes the
// path, because requestRemote appends a path to the base URL. NewInvokeTransport keeps it, because invokeRemote
// resolves a path against the base URL, which drops the base URL's own path.
//
// A base URL must be http or https with a host, an optional path, and nothing else. With any other, every request
// returns [bridge.ErrInvalidRequest].
func WithBaseURL(base string) Option {
	return func(t *Transport) { t.base, t.baseProblem = parseBase(base) }
}
