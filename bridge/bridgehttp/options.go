package bridgehttp

// Placeholder is a base URL for clients that require one when the remote's own is not known. It stands for the
// remote's base URL. The name ".invalid" is reserved and never resolves (RFC 2606), so a request sent by another
// transport by mistake reaches nobody.
const Placeholder = "https://remote.invalid"

// Option changes a [Transport]. [NewTransport] and [NewInvokeTransport] return an error for an invalid option; a nil
// Option changes nothing.
type Option func(*Transport) error

// WithBaseURL sets the remote's base URL, as in manifest.yml, so that requests may name it. Without it, requests must
// name no host, or [Placeholder]. WithBaseURL does not change where requests go; the host decides that.
//
// If the base URL has a path, all requests that name the base URL must be below that path. NewTransport removes the
// path, because requestRemote appends a path to the base URL. NewInvokeTransport keeps it, because invokeRemote
// resolves a path against the base URL, which drops the base URL's own path.
//
// A base URL must be http or https with a host, an optional path, and nothing else. Any other
// is invalid.
func WithBaseURL(base string) Option {
	return func(t *Transport) error {
		parsed, problem := parseBase(base)
		if problem != "" {
			return invalid("WithBaseURL", problem)
		}
		t.base = parsed
		return nil
	}
}
