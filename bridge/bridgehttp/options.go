package bridgehttp

// Placeholder is a base URL for clients that insist on one where the remote's own is not known: it stands for the
// remote's. It leads nowhere, as ".invalid" is reserved for that (RFC 2606), so that a request that is sent by another
// transport by mistake takes nothing with it.
const Placeholder = "https://remote.invalid"

// Option changes a [Transport].
type Option func(*Transport)

// WithBaseURL tells the remote's base URL, as it stands in manifest.yml, so that requests may name it; the default is that
// they name none, or [Placeholder]. It does not change where requests go, which is the host's to decide.
//
// A base URL may have a path, and then all requests that name it must lie below that path. NewTransport takes it off, as
// requestRemote appends a path to the base URL. NewInvokeTransport leaves it on, as invokeRemote resolves a path against
// the base URL, whose own path is lost by that.
//
// A base URL that is none (https or http, a host, maybe a path, and nothing else) makes every request fail with
// [bridge.ErrInvalidRequest].
func WithBaseURL(base string) Option {
	return func(t *Transport) { t.base, t.baseProblem = parseBase(base) }
}
