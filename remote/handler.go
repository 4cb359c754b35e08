package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// Handler returns a handler that calls next only for requests with a valid FIT. next gets the claims from [FromContext].
// Do not wrap routes that need no token, such as a health check.
//
//   - Handler answers CORS preflights, which have no token: 204 for an allowed origin, or 431 if the preflight asks for more
//     than 100 headers or 4 KB of names.
//   - It refuses a request or preflight of another origin with 403, without CORS headers. Product pages have allowed origins,
//     and the platform's servers send no Origin, so a FIT from another origin has leaked.
//   - It refuses a missing or invalid FIT with 401. The platform treats every 401 as a FIT that the remote "could not
//     verify", so next should answer 403, not 401, if a user lacks a permission.
//   - It answers 503 if the key set cannot be fetched.
//   - It lets pages of allowed origins read the response headers of [WithExposedHeaders].
//
// Refusals are JSON, {"error": "…"}, as the platform expects. All invalid tokens get the same text; the log has the reason,
// at most once a second for each kind ([WithLogger]). next gets the ResponseWriter unwrapped, so that it can flush and stream.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/
func (v *Verifier) Handler(next http.Handler) http.Handler {
	return v.handler(next, v.Verify, fitRefusals)
}

var fitRefusals = refusals{
	badToken: "The Forge Invocation Token is not valid.",
	noToken:  "This request needs a Forge Invocation Token as its bearer token.",
}

// refusals holds the texts of a handler's responses to an invalid and to a missing token.
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

// bearer returns the token of the Authorization header, which must occur exactly once.
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

// refuse writes a refusal and logs the reason. The text is the same for all invalid tokens.
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
	attrs := []slog.Attr{slog.Int("status", status), slog.String("method", clip(r.Method)), slog.String("path", clip(r.URL.Path))}
	if trace := TraceOf(r).TraceID; trace != "" {
		attrs = append(attrs, slog.String("trace", trace))
	}
	v.logRefusal(r.Context(), level, "request refused", reason, attrs...)

	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	writeRefusal(w, status, text)
}

// writeRefusal writes an error in the form that the platform expects. text must be escaped for JSON.
func writeRefusal(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":"%s"}`+"\n", text)
}

// clip shortens untrusted text to 200 bytes, so that it does not fill the log.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// retryAfter is refetchAfter in seconds.
const retryAfter = "30"

type contextKey struct{}

// NewContext returns a context that carries claims. [Verifier.Handler] does this; call it yourself to test a handler
// without a token.
func NewContext(ctx context.Context, claims *Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, claims)
}

// FromContext returns the claims of the request's token. It returns false if the handler is not wrapped in
// [Verifier.Handler] or [Exchange.Handler].
func FromContext(ctx context.Context) (*Claims, bool) {
	claims, ok := ctx.Value(contextKey{}).(*Claims)
	return claims, ok && claims != nil
}
