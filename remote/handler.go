package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// Handler returns a handler that passes to next only requests with a good FIT, whose claims next finds with
// [FromContext]. Put what needs no token, such as a health check, beside it and not behind it.
//
//   - A CORS preflight is answered here, without a token: 204 for an allowed origin. One that asks for more than 100
//     headers, or for more than 4 KB of names, is refused with 431.
//   - A request or preflight of another origin is refused with 403 and gets no CORS headers. Product pages come from
//     allowed origins and the platform's servers send no Origin, so a FIT from elsewhere has gone astray.
//   - A missing or bad FIT is refused with 401, and nothing else is: the platform tells an app's page that the remote
//     "could not verify" the token when it sees a 401. So next should refuse what a user may not do with 403.
//   - If the key set cannot be fetched, the answer is 503.
//   - Pages of allowed origins can read the response headers of [WithExposedHeaders].
//
// Refusals are JSON, {"error": "…"}, as the platform wants it, and alike for every bad token; the log has the reason.
//
// Source: developer.atlassian.com/platform/forge/remote/essentials/
//
// The response is next's own, not wrapped, so that it can flush and stream.
func (v *Verifier) Handler(next http.Handler) http.Handler {
	return v.handler(next, v.Verify, fitRefusals)
}

var fitRefusals = refusals{
	badToken: "The Forge Invocation Token is not valid.",
	noToken:  "This request needs a Forge Invocation Token as its bearer token.",
}

// refusals are what a handler says of tokens.
type refusals struct{ badToken, noToken string }

func (v *Verifier) handler(next http.Handler, verify func(context.Context, string) (*Claims, error), say refusals) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		origins := r.Header.Values("Origin")
		switch {
		case len(origins) > 1:
			v.refuse(w, r, say, fmt.Errorf("%w: there are %d Origin headers", errForeignOrigin, len(origins)))
			return
		case len(origins) == 1 && !v.cors.allows(origins[0]):
			v.refuse(w, r, say, fmt.Errorf("%w: %q; see remote.WithAllowedOrigins", errForeignOrigin, clip(origins[0])))
			return
		}
		if isPreflight(r) {
			h.Add("Vary", "Access-Control-Request-Method")
			h.Add("Vary", "Access-Control-Request-Headers")
			if err := v.cors.preflight(w, r, origins[0]); err != nil {
				v.refuse(w, r, say, err)
			}
			return
		}
		if len(origins) == 1 {
			v.cors.answer(h, origins[0])
		}
		token, err := bearer(r.Header)
		if err != nil {
			v.refuse(w, r, say, err)
			return
		}
		claims, err := verify(r.Context(), token)
		if err != nil {
			v.refuse(w, r, say, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), claims)))
	})
}

// bearer returns the token of the one Authorization header.
func bearer(h http.Header) (string, error) {
	values := h.Values("Authorization")
	if len(values) == 0 {
		return "", errNoToken
	}
	if len(values) > 1 {
		return "", errManyTokens
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	token = strings.Trim(token, " ")
	if !ok || token == "" || !strings.EqualFold(scheme, "Bearer") {
		return "", errNoToken
	}
	return token, nil
}

// refuse answers for next. The text does not tell one bad token from another; that is for the log.
func (v *Verifier) refuse(w http.ResponseWriter, r *http.Request, say refusals, reason error) {
	status, text := http.StatusUnauthorized, say.badToken
	level := slog.LevelInfo
	switch {
	case errors.Is(reason, errForeignOrigin):
		status, text = http.StatusForbidden, "Pages of this origin may not call this remote."
	case errors.Is(reason, errLargePreflight):
		status, text = http.StatusRequestHeaderFieldsTooLarge, "This preflight asks for too many request headers."
	case errors.Is(reason, errNoToken):
		text = say.noToken
	case errors.Is(reason, ErrReplaysFull):
		status, text = http.StatusServiceUnavailable, "There are too many requests at the moment. Try again soon."
		level = slog.LevelError
	case errors.Is(reason, ErrUnavailable) || r.Context().Err() != nil:
		status, text = http.StatusServiceUnavailable, "The Forge Invocation Token cannot be verified at the moment. Try again soon."
		level = slog.LevelError
	}
	attrs := []slog.Attr{
		slog.Int("status", status), slog.String("method", clip(r.Method)), slog.String("path", clip(r.URL.Path)), slog.Any("reason", reason),
	}
	if trace := TraceOf(r).TraceID; trace != "" {
		attrs = append(attrs, slog.String("trace", trace))
	}
	v.log.LogAttrs(r.Context(), level, "request refused", attrs...)

	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	writeRefusal(w, status, text)
}

// writeRefusal answers with an error as the platform wants it. The text is one of the package's own, which are escaped
// already.
func writeRefusal(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":"%s"}`+"\n", text)
}

// clip returns the start of a stranger's text, so that it does not fill the log.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// retryAfter is in seconds, that of refetchAfter.
const retryAfter = "30"

type contextKey struct{}

// NewContext returns a context that carries claims. [Verifier.Handler] does this; call it yourself to test a handler
// without a token.
func NewContext(ctx context.Context, claims *Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, claims)
}

// FromContext returns the claims of the request's token, and whether there are any: false means that the handler does not
// stand behind [Verifier.Handler] or [Exchange.Handler].
func FromContext(ctx context.Context) (*Claims, bool) {
	claims, ok := ctx.Value(contextKey{}).(*Claims)
	return claims, ok && claims != nil
}
