package bridge

// Option changes a [Client] that [New] returns.
type Option func(*Client)

// Direct makes RequestRemote send requests straight from the page to the remote, with tokens from source, instead of
// through the host. These are the differences:
//
//   - Response.Body streams, and [Events] reads server-sent events from it.
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
func Direct(source TokenSource) Option {
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
