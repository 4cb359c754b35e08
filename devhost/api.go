package devhost

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/token"
)

// maxInput bounds what the product page may send. It is above the platform's own limit for requests, so that this limit
// gets its own error.
const maxInput = 16 << 20

// tokenInput and tokenOutput follow the GraphQL mutation signInvocationTokenForUI.
type tokenInput struct {
	ModuleKey string `json:"moduleKey"`
	RemoteKey string `json:"remoteKey"`
}

type tokenOutput struct {
	JWT string `json:"jwt"`
	// ExpiresAt is in milliseconds since 1970, as a string.
	ExpiresAt string `json:"expiresAt"`
	BaseURL   string `json:"baseUrl"`
}

// serveToken gives a token for requestRemote, which the product's page performs, and for an app that asks for one.
func (h *Host) serveToken(w http.ResponseWriter, r *http.Request) {
	var in tokenInput
	if !readInput(w, r, &in) {
		return
	}
	if err := h.faults.strike(r.Context()); err != nil {
		writeError(w, err)
		return
	}
	module, err := h.installation.Module(in.ModuleKey)
	if err != nil {
		writeError(w, err)
		return
	}
	base, err := h.remotes.BaseURL(in.RemoteKey)
	if err != nil {
		writeError(w, err)
		return
	}
	claims := token.NewClaims(h.installation, module, time.Now(), h.options.FITTTL, "")
	jwt, err := h.keys.Sign(claims)
	if err != nil {
		writeError(w, err)
		return
	}
	h.faults.minted()
	h.log.Debug("token", "module", module.Key, "remote", in.RemoteKey)
	writeJSON(w, tokenOutput{JWT: jwt, ExpiresAt: strconv.FormatInt(claims.Expires*1000, 10), BaseURL: base})
}

func (h *Host) serveContext(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ModuleKey string `json:"moduleKey"`
	}
	if !readInput(w, r, &in) {
		return
	}
	module, err := h.installation.Module(in.ModuleKey)
	if err != nil {
		writeError(w, err)
		return
	}
	// Not in contextOf: a token has no permissions.
	writeJSON(w, struct {
		installation.Context
		Permissions map[string]any `json:"permissions"`
		// Locale is empty for the browser's own.
		Locale string `json:"locale,omitempty"`
	}{h.installation.Context(module), h.grants.RuntimePermissions(), h.locale.get()})
}

// readInput reads a JSON request, or answers what is wrong with it.
func readInput(w http.ResponseWriter, r *http.Request, v any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "The request's content-type must be application/json.", http.StatusUnsupportedMediaType)
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInput))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		http.Error(w, "The request is larger than the local host takes (16 MB).", http.StatusRequestEntityTooLarge)
		return false
	}
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		http.Error(w, "The request is not the JSON that the local host expects.", http.StatusBadRequest)
		return false
	}
	return true
}

// writeError answers 200 as every other answer to the page: any other status would be an error in the browser's console
// even if the app handles it.
func writeError(w http.ResponseWriter, err error) {
	out := apierror.Error{Message: err.Error(), Code: "INTERNAL"}
	switch {
	case errors.Is(err, errFault):
		out.Code = "TOKEN_FAULT"
	case errors.Is(err, ErrUnknownRemote):
		out.Code = "UNKNOWN_REMOTE"
	case errors.Is(err, ErrUnknownModule):
		out.Code = "UNKNOWN_MODULE"
	}
	writeJSON(w, map[string]apierror.Error{"error": out})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(v)
}
