package bridge

import "time"

// Option changes a [Client] that [New] returns.
type Option func(*Client)

// WithDirect makes RequestRemote send requests straight from the page to the remote, with tokens from source, instead of
// through the host. These are the differences:
//
//   - Response.Body streams, and [ServerSentEvents] reads server-sent events from it.
//   - If the context ends, the request stops, also while the body is read.
//   - Bodies arrive byte for byte: any [Bytes], any [FormData], and a [Reader]. A Reader is read into memory first,
//     because browsers stream uploads over HTTP/2 only, and do not say in advance which version they will use.
//   - Response has the URL and the repeated header fields that fetch returns.
//   - A redirect is an error ([ErrInvalidResponse]): a browser follows a redirect before the page can see its target,
//     and the token must not leave the remote's origin.
//
// The manifest must allow the page to reach the remote, or the browser blocks the request ([ErrBlocked]):
//
//	permissions:
//	  external:
//	    fetch:
//	      client:
//	        - remote: tasks-api
//
// The remote must allow the page's own origin by CORS. Tokens are kept in a [TokenCache]: source itself if it is one,
// and otherwise one for this client. If the remote answers 401, the client drops the refused token and sends the
// request once more with a new one, if its body can be sent again. If the remote refuses the new token, too, it gets
// another token after up to 250 ms, then 500 ms, and so on up to 30 s. Until then, calls return its 401.
//
// InvokeRemote and Invoke still use the host. If source is nil, it is [HostTokens].
func WithDirect(source TokenSource) Option {
	return func(c *Client) {
		tokens, ok := source.(*TokenCache)
		if !ok {
			tokens = NewTokenCache(source)
		}
		if c.state.Fetcher == nil {
			c.state.Fetcher = PageFetcher()
		}
		c.direct = &direct{client: c, tokens: tokens}
	}
}

// WithFetcher sets what sends the requests that the page itself makes. The default, also for nil, is [PageFetcher].
func WithFetcher(f Fetcher) Option {
	return func(c *Client) {
		if f != nil {
			c.state.Fetcher = f
		}
	}
}

// ServerSentOption changes what [ServerSentEvents] does. The loop starts with an error if an option is invalid; a nil
// option changes nothing.
type ServerSentOption func(*follower) error

// WithStates sets a function that gets each state, in order, so that the app can show whether events arrive. It is
// called by the goroutine of the loop, between events, and must not block. A connection that is known to be broken is
// reported at once: when it breaks, when the browser reports that it is offline, when another direct request to the
// remote fails with [ErrNetwork], and when nothing has arrived for too long ([WithMaxSilence]).
func WithStates(f func(ServerSentState)) ServerSentOption {
	return func(l *follower) error {
		l.states = f
		return nil
	}
}

// WithMaxSilence sets the longest time in which nothing may arrive, neither an event nor a comment, before the connection
// counts as broken: [ErrTimeout]. The remote must send something more often, such as the comment ":". It must be longer
// than 0. By default there is no limit, and a connection that the network dropped silently may look open for minutes.
func WithMaxSilence(limit time.Duration) ServerSentOption {
	return func(l *follower) error {
		if limit <= 0 {
			return &Error{Op: "serverSentEvents", Err: invalidRequest("WithMaxSilence", "the time must be longer than 0")}
		}
		l.maxSilence = limit
		return nil
	}
}

// WithMaxWait sets the longest wait before the request is sent again. The default is 30 s. It must be longer than 0. A real
// wait may be longer: up to 25 % jitter is added, and the remote may ask for more by its retry field and by Retry-After.
func WithMaxWait(d time.Duration) ServerSentOption {
	return func(l *follower) error {
		if d <= 0 {
			return &Error{Op: "serverSentEvents", Err: invalidRequest("WithMaxWait", "the time must be longer than 0")}
		}
		l.most = d
		return nil
	}
}

// WithReconnect sets a channel on which the app reports that the connection may be broken, for example because another
// call has failed. For each value, an open connection is closed and opened again at once, and a wait ends.
func WithReconnect(signs <-chan struct{}) ServerSentOption {
	return func(l *follower) error {
		l.again = signs
		return nil
	}
}
