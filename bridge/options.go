package bridge

// Option changes a [Client] that [New] makes.
type Option func(*Client)

// Direct has RequestRemote send requests straight from the page to the remote, with tokens of source, instead of asking
// the host to do it. What is different:
//
//   - Response.Body streams, and [Events] reads server-sent events from it.
//   - A context that ends stops the request, also while the body is read.
//   - Bodies arrive byte for byte: any [Bytes], any [FormData], and a [Reader], which is read into memory first, because
//     browsers stream uploads over HTTP/2 only and do not say beforehand which it will be.
//   - Response has the URL and the repeated header fields that fetch gives.
//   - A redirect is an error ([ErrInvalidResponse]): a browser does not tell where a redirect leads before it has
//     followed it, and the token must not leave the remote's origin.
//
// The manifest must let the page reach the remote, or the browser refuses ([ErrBlocked]):
//
//	permissions:
//	  external:
//	    fetch:
//	      client:
//	        - remote: tasks-api
//
// The remote must allow the page's own origin by CORS. Tokens are kept in a [TokenCache], one for this client unless
// source is a TokenCache already. When the remote answers 401, the token that it refused is dropped and the request is
// sent once more with a new one, if its body can be sent again. A remote that refuses new tokens too gets another one
// after up to 250 ms, then 500 ms, and so on up to 30 s; in between its 401 is the answer.
//
// InvokeRemote and Invoke still go through the host.
func Direct(source TokenSource, options ...DirectOption) Option {
	return func(c *Client) {
		d := &direct{client: c, fetcher: newPageFetcher()}
		if cache, ok := source.(*TokenCache); ok {
			d.tokens = cache
		} else {
			d.tokens = NewTokenCache(source)
		}
		for _, option := range options {
			option(d)
		}
		c.direct = d
	}
}

// DirectOption changes what [Direct] does.
type DirectOption func(*direct)

// WithFetcher has requests made by f. The default is the page's own fetch; outside a page there is none, and calls give
// [ErrNoBridge].
func WithFetcher(f Fetcher) DirectOption { return func(d *direct) { d.fetcher = f } }

// WithPageFetcher has the requests of [Client.Fetch] made by f: those for translations and stored objects. The default is
// the page's own fetch; outside a page there is none, and calls give [ErrNoBridge].
func WithPageFetcher(f Fetcher) Option { return func(c *Client) { c.fetcher = f } }
